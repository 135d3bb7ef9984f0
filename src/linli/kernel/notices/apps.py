"""Manifest of notices."""

from linli.ui.manifest import Room


class NoticesConfig(Room):
    """Messages to people over their channels."""

    name = "linli.kernel.notices"
    label = "notices"
