"""Which photos are the best ones, and what matters in them."""
