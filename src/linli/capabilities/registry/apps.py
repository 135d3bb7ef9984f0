"""Manifest of the registry."""

from typing import ClassVar

from linli.ui.manifest import NavItem, Room


class RegistryConfig(Room):
    """People and households, organisations, places, statistics: collected once."""

    name = "linli.capabilities.registry"
    label = "registry"
    nav: ClassVar[tuple[NavItem, ...]] = ()
