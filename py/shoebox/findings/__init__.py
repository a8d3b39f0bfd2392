"""What faces and text have in common: photos that can be searched already are looked at again, and what is found is kept."""
