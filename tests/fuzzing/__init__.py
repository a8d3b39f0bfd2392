"""Files that nobody should write, made by the thousand."""
