"""What surrounds the endpoints: middleware, problems, bodies, answers, limits."""
