"""/v1/social."""
