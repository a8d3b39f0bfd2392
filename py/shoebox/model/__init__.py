"""A model pack: its manifest, what goes into its networks, its tokens."""
