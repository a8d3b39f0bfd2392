"""What is done with a photo: small tasks that declare what they depend on."""
