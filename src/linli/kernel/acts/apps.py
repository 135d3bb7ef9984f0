"""Manifest of acts."""

from linli.ui.manifest import Room


class ActsConfig(Room):
    """Facts, verbs, scope."""

    name = "linli.kernel.acts"
    label = "acts"
