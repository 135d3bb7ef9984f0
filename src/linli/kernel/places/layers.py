"""What rooms add to the desk's map, for one actor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from django.apps import apps
from django.utils.module_loading import import_string

from linli.kernel.acts import Act
from linli.ui.manifest import Layer, Room


@cache
def _readers() -> tuple[Callable[[Act], Iterable[Layer]], ...]:
    rooms = (each for each in apps.get_app_configs() if isinstance(each, Room))
    return tuple(import_string(name) for room in rooms for name in room.layers)


def offered(act: Act) -> list[Layer]:
    """The layers that the actor may see, room by room."""
    return [layer for reader in _readers() for layer in reader(act)]
