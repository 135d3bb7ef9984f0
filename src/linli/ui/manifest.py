"""What an app tells the house about itself: pack sections, navigation, home cards."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import ClassVar, Literal

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from pydantic import BaseModel

Face = Literal["portal", "desk", "field"]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a face's navigation; shown to an actor who may do `needs` (empty: everyone)."""

    face: Face
    label: Words
    url_name: str
    icon: str
    needs: str = ""
    order: int = 50


class Room(AppConfig):
    """The manifest of a kernel part or a room."""

    default_auto_field = "django.db.models.BigAutoField"
    policy_sections: ClassVar[dict[str, type[BaseModel]]] = {}
    nav: ClassVar[tuple[NavItem, ...]] = ()
    default = False

    def __init_subclass__(cls) -> None:
        """Let Django choose the manifest and not this base, which every `apps.py` imports beside it."""
        cls.default = True

    def ready(self) -> None:
        """Load what declares verbs, notices and listeners, so that each process knows all of them."""
        for part in ("verbs", "services", "notices", "listeners"):
            if module_has_submodule(self.module, part):
                import_module(f"{self.name}.{part}")
