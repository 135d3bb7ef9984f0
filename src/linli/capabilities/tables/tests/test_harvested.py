"""The headings of forms that departments really use, judged against truths written by hand before anything was run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from linli.capabilities.tables.mapping import Mapped, Words, propose
from linli.capabilities.tables.reading.shapes import Box, Field, Region, Shape
from linli.capabilities.tables.selectors.words import words
from linli.kernel.dictionary.selectors import book
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections

HARVESTED = Path(__file__).parent / "forms" / "harvested.tsv"
Truth = list[tuple[tuple[str, ...], str]]


@pytest.fixture(scope="module")
def told() -> Words:
    raw = load("national")
    known = book(Pack(0, "national", raw.hash, raw.body, sections()))
    return words(date(2026, 11, 22), known=known)


def harvested() -> Iterator[tuple[str, Truth]]:
    """Title and headings of each form, each heading with what it means."""
    for line in HARVESTED.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _rows, title, headings = line.split("\t")
            pairs = (each.rpartition("=") for each in headings.split(";"))
            yield title, [(tuple(heading.split(">")), code) for heading, _sign, code in pairs]


def mapped(told: Words, title: str, truth: Truth) -> Mapped:
    """A list with such a title and such headings as it is understood."""
    fields = tuple(
        Field(path, Box(3, at, 3, at)) for at, (path, _code) in enumerate(truth, start=1)
    )
    box = Box(2, 1, 12, len(fields))
    return propose(Region(Shape.LIST, "表", box, fields, (2, 2), (3, 12), title=title), told)


@pytest.mark.row("R011")
def test_headings_of_real_forms(told: Words) -> None:
    known = right = sure = 0
    wrong: list[str] = []
    for title, truth in harvested():
        for (path, code), found in zip(truth, mapped(told, title, truth).meanings, strict=True):
            said = [each for each in code.replace("?", "").split("|") if each]
            is_right = found.element in said
            if said and "?" not in code:
                known, right, sure = known + 1, right + is_right, sure + (is_right and found.sure)
            if found.sure and found.element != "#" and not is_right and (said or "?" not in code):
                wrong.append(f"{title}: {'/'.join(path)} is no {found.element}")
    print(f"\n{known} columns: {right / known:.1%} right, {sure / known:.1%} sure, {wrong} wrong")
    assert wrong == []
    assert right >= 0.98 * known and sure >= 0.95 * known
