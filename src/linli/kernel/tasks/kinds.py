"""The kinds of tasks that rooms declare in their manifests: their words, their group, the page that does them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from django.apps import apps
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act
from linli.ui.manifest import Todo

OTHER = _("其他待办")


@lru_cache(maxsize=1)
def declared() -> Mapping[str, Todo]:
    """Every declared kind, by code, in the order of the rooms."""
    rooms = apps.get_app_configs()
    return {each.kind: each for room in rooms for each in getattr(room, "todos", ())}


def kind_of(code: str) -> Todo:
    """A declared kind; one that nobody declares is a plain task without a page."""
    return declared().get(code) or Todo(code, OTHER, OTHER, "list-check")


def closed(act: Act) -> list[str]:
    """The kinds whose pages the actor may not open."""
    return [each.kind for each in declared().values() if each.needs and not act.may(each.needs)]


def titles() -> dict[str, str]:
    """What each kind is called, by code."""
    return {code: str(each.title) for code, each in declared().items()}


def href(kind: Todo, subject: int) -> str:
    """The page that does a task about a subject; empty where there is none."""
    return reverse(kind.opens, kwargs={kind.key: subject}) if kind.opens else ""


def groups() -> Mapping[str, tuple[str, ...]]:
    """The kinds of each group, by its title, in the order of the rooms."""
    found: dict[str, list[str]] = {}
    for each in declared().values():
        found.setdefault(str(each.group), []).append(each.kind)
    return {title: tuple(kinds) for title, kinds in found.items()}


def said(act: Act, kind: Todo, subjects: Collection[int]) -> Mapping[int, str]:
    """How things stand now with some subjects, in the words of the room; none where it says nothing."""
    if not (kind.says and subjects):
        return {}
    found: Mapping[int, str] = import_string(kind.says)(act, subjects)
    return found
