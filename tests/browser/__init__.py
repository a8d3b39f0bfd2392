"""The built page in real Chromium."""
