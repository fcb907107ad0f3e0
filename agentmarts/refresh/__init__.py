"""A refresh: what is touched, built and tested by dbt, and published by difference."""
