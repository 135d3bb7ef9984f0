"""Reads of admission, narrowed to what the actor may see."""
