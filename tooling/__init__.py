"""How Shoebox is built, served, tested and measured; run through ``build.py``."""
