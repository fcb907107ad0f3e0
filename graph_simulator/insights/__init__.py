"""What is served of the log: recipes of metrics, their figures as far as they are known by now, and the shapes of answers."""
