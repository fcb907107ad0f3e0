"""Puts planning, HTTP, parsing and the store together: one run over each account."""
