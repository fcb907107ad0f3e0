"""How fast: ratios of two things measured in one run on the same bytes (`make bench`)."""
