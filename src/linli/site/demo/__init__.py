"""The demonstration city, clearly marked as synthetic."""
