"""Decisions of the registry without any table or clock: addresses, codes of organisations, who covers what."""
