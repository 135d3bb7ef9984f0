"""The room at the desk."""
