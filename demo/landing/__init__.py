"""Landing files as a pipeline delivers them: late, repeated, some of them bad."""
