"""The photos that are known: what comes in, what is kept, what is believed about it."""
