"""Reads of the registry, each narrowed to what the actor may see."""
