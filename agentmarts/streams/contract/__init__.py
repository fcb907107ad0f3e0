"""What an event must be, and what is wrong with one that is not. No database."""
