"""Names written one after another, and a year that tells which of several people of one name is meant."""

from __future__ import annotations

import re

LONGEST = 60
_SEVERAL = re.compile(r"[、，,；;\n]+")
_WITH_YEAR = re.compile(r"(.+?)\s*[（(]([12][0-9]{3})[）)]")


def people(text: str) -> list[tuple[str, str]]:
    """Each name with its year, or without: 张伟（1983）、李医生."""
    found = []
    for part in _SEVERAL.split(text):
        matched = _WITH_YEAR.fullmatch(part.strip())
        name, year = matched.groups() if matched else (part.strip(), "")
        if name:
            found.append((name[:LONGEST], year))
    return found


def with_year(name: str, year: str) -> str:
    """A name with its year, as `people` reads it."""
    return f"{name}（{year}）" if year else name
