"""Databases that earlier versions of Shoebox have left, and the script that has them made."""
