"""Packs: those we ship, and every mistake a city can make in its own."""
