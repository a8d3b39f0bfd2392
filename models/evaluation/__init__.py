"""What a pack is worth: recall on galleries never trained on, tag accuracy, bytes and time."""
