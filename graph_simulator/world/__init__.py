"""What exists and what happens in the simulated world: accounts, objects, people, tokens, and the log of every event."""
