"""One form for each person: a card filled for one, or a bundle with a copy for everybody of an area."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors import doors
from linli.capabilities.tables.mapping import Mapped, Words
from linli.capabilities.tables.mapping.narrowing import rows_of
from linli.capabilities.tables.mapping.whom import UNTOLD
from linli.capabilities.tables.reading import Shape, open_book
from linli.capabilities.tables.rules import Plan as Confirmed
from linli.capabilities.tables.selectors.held import Held, groups_of
from linli.capabilities.tables.services.filling import WRITERS, confirmed, old_format
from linli.capabilities.tables.writing.cards import Cards
from linli.capabilities.tables.writing.told import Report
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary.offers.conditions import Group
from linli.kernel.dictionary.offers.conditions import groups_of as conditions_of
from linli.kernel.places.models import Area

NAME = "person.name"
RELATION, HEAD = "residence.relation", "02"
_NO_NAME = re.compile(r"[^\w\u4e00-\u9fff·]")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with what the card asks, and the others of the household."""

    key: int
    values: Mapping[str, object]
    family: Sequence[Mapping[str, object]]


@action("tables.cards", title=_("填写登记卡"), keep=("reason",))
def fill_cards(
    act: Act,
    area: Area,
    *,
    file: Path,
    out: Path | BinaryIO,
    mapped: list[Mapped],
    words: Words,
    reason: str,
    person: int | None = None,
    name: str = "",
    settled: Confirmed | None = None,
) -> Report:
    """Fill a card for one person (a registry key), or one copy for everybody whom its title names into a bundle (.zip).

    Photos, shapes and whatever is not known stay as they are. A Refusal where the form is no card or nobody is there.
    `settled`: what a unit confirmed. `name`: what the file is called, where it lies under another.
    """
    book = open_book(file, name)
    if settled is not None:
        mapped = confirmed(mapped, settled)
    if not any(each.region.shape is Shape.CARD for each in mapped):
        raise Refusal(_("这张表不是一人一表，请按名册填写。"), field="file", code="no-card")
    if book.kind not in WRITERS:
        raise old_format()
    source = Held(act, area, clear=True)
    cards = Cards(book, mapped, words, lambda element: source.holds("person", element))
    groups = _about(mapped, words, settled, chosen=person is not None)
    homely = person is None and any(
        each.kind == "household" for each in mapped if each.region.shape is Shape.CARD
    )
    people = [one for one in _people(source, cards, groups, homely) if person in (None, one.key)]
    if not people:
        raise Refusal(_("这个范围里没有要填的人。"), field="person", code="nobody")
    _written(file, out, book.kind, cards, people[0] if person is not None else people)
    elements = sorted({each.partition("#")[0] for each in cards.elements})
    note(elements=elements, cells=cards.report.filled, taken=[one.key for one in people])
    return cards.report


def _written(
    file: Path, out: Path | BinaryIO, kind: str, cards: Cards, who: Somebody | list[Somebody]
) -> None:
    """One person's card, or one for each of several in a bundle."""
    write = WRITERS[kind]
    if isinstance(who, Somebody):
        write(file, out, cards.fills(who.values, who.family))
        return
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, one in enumerate(who, start=1):
            made = io.BytesIO()
            write(file, made, cards.fills(one.values, one.family))
            bundle.writestr(_name(number, one, kind), made.getvalue())


def _about(
    mapped: list[Mapped], words: Words, settled: Confirmed | None, *, chosen: bool
) -> Sequence[Group]:
    """Whom the cards are for: as their unit confirmed it, else as the title says; a Refusal where nothing tells them."""
    if settled is not None:
        parts = (each for each in settled.parts if each.shape == Shape.CARD.value)
        return conditions_of(next((each.conditions for each in parts), ()))
    region = next(each.region for each in mapped if each.region.shape is Shape.CARD)
    said = rows_of("person", region.title, region.section, words.tables, words.tags)
    if said == UNTOLD and not chosen:
        raise Refusal(
            _("标题说的是一部分人，登记里分不出是哪些。请选定一个人来填。"),
            field="person",
            code="whom",
        )
    return groups_of(said)


def _people(
    source: Held, cards: Cards, groups: Sequence[Group], homely: bool
) -> Iterator[Somebody]:
    """Everybody whom the title names, with their families; of a household only its head where the card is about it."""
    elements = list(dict.fromkeys([*cards.elements, NAME, RELATION]))
    found = {
        key: dict(zip(elements, row, strict=True))
        for key, row in source.records("person", elements)
    }
    about = [key for key, _row in source.records("person", [NAME], groups)]
    homes = doors.households_of(found)
    together: dict[int, list[int]] = {}
    for key in found:
        household = homes.get(key, (None, 0))[0]
        if household is not None:
            together.setdefault(household, []).append(key)
    if homely:
        about = _heads(about, homes, found)
    for key in about:
        others = together.get(homes.get(key, (None, 0))[0] or 0, [])
        yield Somebody(key, found[key], [found[each] for each in others if each != key])


def _heads(
    about: Sequence[int],
    homes: Mapping[int, tuple[int | None, int]],
    found: Mapping[int, Mapping[str, object]],
) -> list[int]:
    """One of each household: its head where they are known, else whoever comes first."""
    chosen: dict[int, int] = {}
    for key in about:
        household = homes.get(key, (None, 0))[0] or -key
        known = chosen.setdefault(household, key)
        if found[key][RELATION] == HEAD and found[known][RELATION] != HEAD:
            chosen[household] = key
    return list(chosen.values())


def _name(number: int, one: Somebody, kind: str) -> str:
    """What a copy is called in the bundle: a number, so that namesakes do not meet, and the name."""
    plain = _NO_NAME.sub("", str(one.values.get(NAME) or ""))[:20]
    return f"{number:04d} {plain}.{kind}"
