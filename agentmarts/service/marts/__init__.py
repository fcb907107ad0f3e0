"""/v1/marts: every published table through one door."""
