"""Collecting insights from the Meta Graph API."""
