"""Albums that make themselves, and what a person says about them."""
