"""Linli."""
