"""What a kind of organisation asks for, and what may be counted with what. Pure: no Django, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal
from unicodedata import normalize

from linli.capabilities.registry.policy import Family, OrganisationKind
from linli.kernel.vault import uscc as codes

CommitteeType = Literal["urban", "rural"]
TYPES: tuple[CommitteeType, ...] = ("urban", "rural")


class Unfit(ValueError):
    """A value does not fit its kind; `field` names it, `code` says why."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


def checked_uscc(kind: OrganisationKind, typed: str) -> str:
    """The code in its one spelling, beginning as the pack says for its kind; 54 is the committees' alone.

    Empty stays empty (a branch or a filed organisation has none). Raises UsccError or Unfit.
    """
    if not typed.strip():
        return ""
    found = codes.read(typed)
    if kind.credit and not found.code.startswith(kind.credit):
        raise Unfit("uscc", "uscc_kind")
    if kind.family is not Family.SELF_GOVERNING and found.is_self_governing:
        raise Unfit("uscc", "uscc_committee")
    return found.code


_NUMBER = re.compile(r"(\+?[\d()\- ]+)(?:转\d{1,6})?")  # words: how extensions are written
_BETWEEN = re.compile(r"[、，,；;/]")  # words: what stands between numbers


def public_phones(typed: str) -> str:
    """Numbers that an office answers, several with 、 between them; raises Unfit for what is no number."""
    found = [" ".join(each.split()) for each in _BETWEEN.split(normalize("NFKC", typed))]
    found = [each for each in found if each]
    for each in found:
        number = _NUMBER.fullmatch(each)
        digits = sum(sign.isdigit() for sign in number[1]) if number else 0
        if not 3 <= digits <= 13:
            raise Unfit("public_phone", "phone")
    return "、".join(found)  # words: as it is kept


def judged(households: int, low: int, high: int) -> str:
    """Whether a community of so many households is `small`, `large` or within the norm (empty; R006)."""
    if households < low:
        return "small"
    return "large" if households > high else ""


@dataclass(frozen=True, slots=True)
class Average:
    """An average with its own denominator beside it: never one without the other (R008)."""

    total: int
    count: int

    @property
    def value(self) -> float | None:
        """The average, one digit; none where nothing is counted."""
        return round(float(Fraction(self.total, self.count)), 1) if self.count else None


def one_type(types: Iterable[str]) -> CommitteeType:
    """The one committee type that an average is asked for; urban and rural are never mixed (R008)."""
    asked = set(types)
    for each in TYPES:
        if asked == {each}:
            return each
    raise Unfit("type", "mixed")


@dataclass(frozen=True, slots=True)
class Term:
    """From which day to which (the last day is not counted) somebody holds a post."""

    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the post is held on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )

    def overlaps(self, other: Term) -> bool:
        """Whether two terms share a day."""
        starts = self.since is None or other.until is None or self.since < other.until
        return starts and (other.since is None or self.until is None or other.since < self.until)


def chain(start: int, after: Mapping[int, Collection[int]]) -> list[int]:
    """Everything that followed from one organisation, step by step, each once (renames may go in a ring)."""
    found: list[int] = []
    wave = [start]
    while wave:
        wave = [
            each
            for one in wave
            for each in sorted(after.get(one, ()))
            if each not in found and each != start
        ]
        wave = list(dict.fromkeys(wave))
        found.extend(wave)
    return found
