"""The dictionary in force, ready to recognise forms with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from linli.capabilities.tables.mapping import Mapped, Words, propose
from linli.capabilities.tables.reading import Book as File
from linli.capabilities.tables.reading import Form, form_in, open_book
from linli.kernel.dictionary.selectors import Book, book


def words(today: date, kept: Mapping[str, str] | None = None, known: Book | None = None) -> Words:
    """What proposals are made from; `kept` are a department's earlier decisions."""
    held = known or book()
    return Words(held.index, held.tables, today, kept or {})


def recognised(file: Path, told: Words) -> tuple[Form, list[Mapped]]:
    """A form with what each of its fields is taken to mean; a Refusal where the file is none."""
    return understood(open_book(file), told)


def understood(opened: File, told: Words) -> tuple[Form, list[Mapped]]:
    """The same of a file that was opened before."""

    def score(text: str) -> float:
        found = told.index.look_up(text)
        return found[0].score if found else 0.0

    form = form_in(opened, score)
    return form, [propose(region, told) for region in form.regions]
