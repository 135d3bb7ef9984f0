"""The catalogues: where they stand, how they are read, brought up to date, written and compiled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[2]
ROOT = SOURCE.parents[1]
LOCALE = SOURCE / "locale"
ENGLISH, CHINESE = "en", "zh_Hans"
WIDTH = 100
Key = str | tuple[str, str]  # a sentence, or its singular and plural


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence as it stands in the source."""

    key: Key
    file: str
    line: int
    context: str | None = None
    comment: str = ""


def path_of(language: str) -> Path:
    """Where the catalogue of a language is."""
    return LOCALE / language / "LC_MESSAGES/django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language; empty where none is yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", project="Linli", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(old: Catalog, found: Iterable[Found]) -> Catalog:
    """The old translations of the sentences that are in use now; what is used no more is left out."""
    fresh = Catalog(locale=old.locale, charset="utf-8", project="Linli", fuzzy=False)
    for each in sorted(found, key=lambda f: (f.file, f.line)):
        before = old.get(each.key[0] if isinstance(each.key, tuple) else each.key, each.context)
        fresh.add(
            each.key,
            before.string if before and _same_kind(before, each.key) else None,
            locations=[(each.file, each.line)],
            auto_comments=[each.comment] if each.comment else [],
            context=each.context,
        )
    return fresh


def _same_kind(before: Message, key: Key) -> bool:
    return isinstance(before.id, tuple | list) == isinstance(key, tuple)


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue; no dates and no line numbers, so that two people's changes seldom meet."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = f"# {'English' if language == ENGLISH else '中文'} of Linli 邻里."
    with path.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, include_lineno=False)
    _without_stamps(path)


def _without_stamps(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    made = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "Generated-By",
    )
    path.write_text(
        "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in made))),
        "utf-8",
    )


def compile_all() -> list[tuple[str, int]]:
    """Compile every catalogue beside its source; returns each language with its number of sentences."""
    done = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        language = source.parts[-3]
        with source.open("rb") as file:
            catalogue = read_po(file, locale=language)
        made = source.with_suffix(".mo.new")
        with made.open("wb") as file:
            write_mo(file, catalogue)
        made.replace(source.with_suffix(".mo"))
        done.append((language, len(catalogue)))
    return done
