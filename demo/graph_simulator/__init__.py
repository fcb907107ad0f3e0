"""A local Meta Graph API that tells the truth it serves: a seeded world whose every number can be checked."""
