"""The main job in Firefox and WebKit, driven over their own remote control; run by `python build.py test --engines all`."""
