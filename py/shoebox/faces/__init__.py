"""Faces in photos: boxes, points, aligned crops, quality, and the packs that describe their networks."""
