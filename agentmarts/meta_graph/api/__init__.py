"""HTTP with the Meta Graph API, and nothing else: requests, answers, faults, usage, secrets."""
