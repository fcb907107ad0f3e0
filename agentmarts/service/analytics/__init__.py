"""/v1/analytics: conversations with the keys of the original system."""
