"""Refreshes and the marts they publish, told in step and compared."""
