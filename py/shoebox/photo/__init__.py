"""One file of a photo: its format, its facts, its pixels."""
