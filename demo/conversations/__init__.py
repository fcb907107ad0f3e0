"""Customers and agents who talk: shops, texts, turns and endings."""
