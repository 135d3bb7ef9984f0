"""What an app tells the house about itself: pack sections, navigation, home cards."""

from __future__ import annotations

from collections.abc import Callable
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
    """One entry of a face's navigation; shown to an actor who may do `needs` (empty: everyone).

    `also` are the beginnings of other addresses that belong to it.
    """

    face: Face
    label: Words
    url_name: str
    icon: str
    needs: str = ""
    order: int = 50
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hangs:
    """Rows that hang on areas by a column, so that a rezoning takes them along.

    `derived` are columns kept beside it that name the area of a level around it; `mirror` is SQL that repairs copies
    once the rows have moved. `late` rows move in the last step, with the hats of the people who see the others. Rows
    that do not `collapse` stay with an area that is dissolved into another (a figure of a year, say). `apart` is SQL of one
    parameter, the rezoning, that tells rows apart before they move which would otherwise bear one key in one area.
    """

    table: str
    column: str = "area_id"
    title: Words = ""
    derived: tuple[tuple[str, str], ...] = ()
    mirror: str = ""
    late: bool = False
    collapses: bool = True
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer to the box on top of the desk: which row, what it is called, what tells it from others."""

    key: int | str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """What a room lets be found from the box on top of the desk, by whoever may do `needs`.

    `find` is the dotted name of a reader (act, text, most) → hits, each narrowed to the actor's sight and quick at any
    size; `opens` names the page of one hit. `whole` names the page with all answers, asked with `?q=`.
    """

    title: Words
    icon: str
    needs: str
    find: str
    opens: str
    whole: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class Todo:
    """A kind of task that a room adds to the one list: what it is called, in which group, which page does it.

    `opens` is the page, given the subject's key as `key`; `needs` its permission, without which a task that falls to
    everybody of an area is no task of theirs. `says` is the dotted name of a reader (act, keys) → words for
    each subject, where the task's title does not tell how things stand now.
    """

    kind: str
    title: Words
    group: Words
    icon: str
    opens: str = ""
    key: str = "pk"
    says: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """A number that a room adds to the first page of a working day, and the address of the rows that it counts."""

    label: Words
    value: int
    href: str
    icon: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at a point of the map (WGS-84): its title, what is said of it, how it stands, the page it opens."""

    lon: float
    lat: float
    title: str
    href: str
    text: str = ""
    state: str = ""
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that a room adds to the desk's map, for one actor.

    `spots` reads so many of what it shows, the latest first; `count` how many there are, up to so many; `lost` how many
    say no place, also up to so many. `legend` are pairs of words and tone; `whole` is the address of the list of all.
    """

    code: str
    title: Words
    label: Words
    legend: tuple[tuple[Words, str], ...]
    spots: Callable[[int], list[Spot]]
    count: Callable[[int], int]
    lost: Callable[[int], int] | None = None
    whole: str = ""


class Room(AppConfig):
    """The manifest of a kernel part or a room.

    `hangs` names the tables whose rows follow their area; `stays` the columns that name areas and do not, with why;
    `codes` where the words stand for the codes that facts keep under a name; `names` where it is said what facts of a
    verb (empty: of any) call what they keep, if not as everywhere; `offers` the dotted names of the record
    sets that others may read through the kernel's dictionary; `todos` the kinds of tasks that it adds to the one list;
    `measures` the dotted names of what it counts for the sheet of indicators; `today` those of its readers
    (act) → numbers for the first page of a working day; `doors` those of its readers (area keys from, below, address) →
    the area in which the door stands, where the room knows it; `stands` those of its readers (act, address) → the point
    at which what an address names stands; `layers` those of its readers (act) → layers of the desk's map.
    """

    default_auto_field = "django.db.models.BigAutoField"
    policy_sections: ClassVar[dict[str, type[BaseModel]]] = {}
    nav: ClassVar[tuple[NavItem, ...]] = ()
    finders: ClassVar[tuple[Finder, ...]] = ()
    hangs: ClassVar[tuple[Hangs, ...]] = ()
    stays: ClassVar[dict[str, str]] = {}
    codes: ClassVar[dict[str, str]] = {}
    names: ClassVar[dict[str, str]] = {}
    offers: ClassVar[tuple[str, ...]] = ()
    todos: ClassVar[tuple[Todo, ...]] = ()
    measures: ClassVar[tuple[str, ...]] = ()
    today: ClassVar[tuple[str, ...]] = ()
    doors: ClassVar[tuple[str, ...]] = ()
    stands: ClassVar[tuple[str, ...]] = ()
    layers: ClassVar[tuple[str, ...]] = ()
    default = False

    def __init_subclass__(cls) -> None:
        """Let Django choose the manifest and not this base, which every `apps.py` imports beside it."""
        cls.default = True

    def ready(self) -> None:
        """Load what declares verbs, notices and listeners, so that each process knows all of them."""
        for part in ("verbs", "services", "notices", "listeners"):
            if module_has_submodule(self.module, part):
                import_module(f"{self.name}.{part}")
