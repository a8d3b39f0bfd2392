"""Where photos were taken: names of places without a network, what the map shows, and days that come back."""
