"""Tenants, and who may see them: parameters, API keys of the service, SQL logins."""
