"""Manifest of the room."""

from linli.ui.manifest import Room


class TablesConfig(Room):
    """Forms filled from the registry; cloud ledgers."""

    name = "linli.capabilities.tables"
    label = "tables"
