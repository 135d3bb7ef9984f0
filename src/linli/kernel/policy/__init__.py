"""Packs: what the law and each city say, merged, checked, hashed and kept as immutable versions."""
