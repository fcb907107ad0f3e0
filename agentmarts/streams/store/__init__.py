"""The only SQL of raw streams, their ledger and the quarantine."""
