"""Files of the repository that are written by its own code: comments, columns of marts, the catalogue that migrations lead to."""
