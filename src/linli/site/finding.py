"""The box on top of the desk: every room answers under its own permission, grouped, a few of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string

from linli.kernel.access.doors import SIGNED_IN, act_in, needs
from linli.kernel.acts import Act
from linli.ui.manifest import Finder, Hit, Room

MOST, LONGEST = 6, 60
Find = Callable[[Act, str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Group:
    """What one room found, with the address of each hit; `whole` leads to all of it."""

    finder: Finder
    hits: list[tuple[str, Hit]]
    whole: str


@lru_cache(maxsize=1)
def finders() -> tuple[tuple[Finder, Find], ...]:
    """What the rooms offer, in order."""
    rooms = (config for config in apps.get_app_configs() if isinstance(config, Room))
    found = sorted((f for room in rooms for f in room.finders), key=lambda f: f.order)
    return tuple((finder, import_string(finder.find)) for finder in found)


def found(act: Act, text: str) -> list[Group]:
    """The answers of every room that the actor may ask, rooms without any left out."""
    groups = []
    for finder, find in finders():
        hits = list(find(act, text, MOST)) if text and act.may(finder.needs) else []
        if hits:
            links = [(reverse(finder.opens, args=[hit.key]), hit) for hit in hits]
            # A number of a document or a phone belongs into no address.
            more = finder.whole and len(hits) == MOST and not _number(text)
            whole = f"{reverse(finder.whole)}?{urlencode({'q': text})}" if more else ""
            groups.append(Group(finder, links, whole))
    return groups


def _number(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 7


@needs(SIGNED_IN)
def find(request: HttpRequest) -> HttpResponse:
    """What was typed is sent in the body, never in an address; drawn below the box, or as a page without a script."""
    text = request.POST.get("q", "").replace("\x00", "").strip()[:LONGEST]
    context = {"q": text, "groups": found(act_in(request), text)}
    page = "_found" if getattr(request, "htmx", False) else "found"
    return render(request, f"site/{page}.html", context)
