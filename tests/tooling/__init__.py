"""What `build.py` does."""
