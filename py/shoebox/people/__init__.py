"""People: faces grouped by who they are, and what a person said about that."""
