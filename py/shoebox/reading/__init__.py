"""Reading what is written in photos: where text stands, what it says, and what of it is kept and found."""
