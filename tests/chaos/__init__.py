"""Faults while the system works: processes and PostgreSQL killed with SIGKILL at seeded moments."""
