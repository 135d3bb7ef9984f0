"""How well the headings of a file fit a department's profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from linli.capabilities.registry.reading.columns import Plan
from linli.kernel.dictionary.headings import normal
from linli.ui.spoken import Spoken

OTHER = Spoken("这份表的列更像“%(title)s”的数据，请确认没有选错来源。")


def likeness(
    names: Iterable[str], profile: Iterable[str], also: Iterable[str] | None = None
) -> float:
    """How well headings fit a profile's (0..1): the share of the profile's headings that are there.

    `also`: every spelling that the profile knows; how much of the file it knows counts a little too.
    """
    there = {normal(name) for name in names if name}
    wanted = {normal(name) for name in profile if name}
    if not wanted:
        return 0.0
    known = there & {normal(name) for name in (also or profile) if name}
    return min(1.0, len(known) / len(wanted)) * 0.7 + len(known) / max(1, len(there)) * 0.3


def other_source(found: Plan, own: str, profiles: Mapping[str, tuple[str, Sequence[str]]]) -> Plan:
    """The plan with a warning when its headings fit another department's profile clearly better.

    `profiles`: title and headings by code of the profile.
    """
    names = [each.heading for each in found.columns]
    scores = {code: likeness(names, heads) for code, (_title, heads) in profiles.items()}
    if not scores:
        return found
    best = max(scores, key=lambda code: scores[code])
    if best == own or scores[best] < 0.5 or scores[best] < scores.get(own, 0.0) + 0.25:
        return found
    words = str(OTHER % {"title": profiles[best][0]})
    return replace(found, warnings=(words, *found.warnings))
