"""What agents did, what came of it, and what people thought of it."""
