"""The phone of tables."""
