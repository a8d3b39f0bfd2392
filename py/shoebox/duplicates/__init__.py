"""Photos that are there more than once: the same bytes, the same picture, or one moment taken many times."""
