"""What the library is kept in: vectors in memory, and the bytes of blocks and journal entries on disk."""
