"""The departments' profiles of the pack: which sources there are, how strong each is, what their files are headed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linli.capabilities.registry.policy import RegistryPolicy, SourceEntry
from linli.capabilities.registry.reading.columns import Style
from linli.capabilities.registry.reading.elements import SAYS
from linli.capabilities.registry.reading.fitting import Profile, likeness
from linli.kernel.dictionary import rules
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.headings import normal
from linli.kernel.policy import current

FITS = 0.5  # the share of a profile's headings from which a file is of its kind


def _section() -> RegistryPolicy:
    return current().section(RegistryPolicy)


def _entries() -> list[SourceEntry]:
    """What the pack declares as sources of files; ways of entering by hand are none."""
    return [each for each in _section().sources if not each.by_hand]


def declared(name: str) -> dict[str, Any] | None:
    """A source of the pack by code or title, as values for a row."""
    for each in _entries():
        title = str.__str__(each.title)
        if name in (each.code, title):
            return {
                "code": each.code,
                "title": title,
                "owner": each.owner,
                "rank": each.rank,
                "profile": each.code,
            }
    return None


def codes() -> Sequence[str]:
    """Codes of the sources that the pack declares."""
    return [each.code for each in _entries()]


def style(source: str, names: Sequence[str]) -> Style:
    """What a file of a source is like: the profile that its headings fit best, and which headings are tags."""
    section = _section()
    fit = [
        (likeness(names, [column.heading for column in each.columns], each.by_heading), each)
        for each in section.profiles
        if each.from_source == source and each.record_set in SAYS
    ]
    best, found = max(fit, key=lambda pair: pair[0], default=(0.0, None))
    table = rules.readings(dictionary.table("tag"))
    tags = {normal(word): code for word, code in table.items()}
    if found is None or best < FITS:
        return Style(tags=tags)
    return Style(
        str(found.title),
        {normal(heading): element for heading, element in found.by_heading.items()},
        found.always,
        found.record_set,
        tags,
    )


def known() -> Mapping[str, Profile]:
    """What every source's files of persons look like, by the code of the source."""
    section = _section()
    found: dict[str, Profile] = {}
    for each in section.profiles:
        if each.record_set == "person":
            first = found.get(each.from_source)
            found[each.from_source] = Profile(
                str(section.source_by_code[each.from_source].title),
                first.headings if first else [column.heading for column in each.columns],
                (first.elements if first else frozenset()) | set(each.by_heading.values()),
            )
    return found
