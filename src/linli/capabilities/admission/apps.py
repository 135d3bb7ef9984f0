"""Manifest of the room."""

from linli.ui.manifest import Room


class AdmissionConfig(Room):
    """What may be asked of communities, and who decided so."""

    name = "linli.capabilities.admission"
    label = "admission"
