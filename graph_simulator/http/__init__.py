"""The interface: requests, versions, tokens, budgets, lists, fields, errors, and the control API."""
