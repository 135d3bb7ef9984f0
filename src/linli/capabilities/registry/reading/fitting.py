"""How well the headings of a file fit a department's profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from linli.capabilities.registry.reading.columns import Plan
from linli.kernel.dictionary.headings import normal
from linli.ui.spoken import Spoken

OTHER = Spoken("这份表的列更像“%(title)s”的数据，请确认没有选错来源。")

SHARED = 2  # what the files of more sources hold tells nothing of where a file is from


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


@dataclass(frozen=True, slots=True)
class Profile:
    """What files of a source look like: its title, usual headings, and every element that they may hold."""

    title: str
    headings: Sequence[str]
    elements: frozenset[str]


def other_source(found: Plan, own: str, profiles: Mapping[str, Profile]) -> Plan:
    """The plan with a warning when its columns fit another department's profile clearly better; profiles by source."""
    names = [each.heading for each in found.columns]
    scores = {code: likeness(names, each.headings) for code, each in profiles.items()}
    if not scores:
        return found
    best = max(scores, key=lambda code: scores[code])
    if best == own or scores[best] < 0.5 or scores[best] < scores.get(own, 0.0) + 0.25:
        best = _told_by_elements({each.element for each in found.columns}, own, profiles)
    if not best:
        return found
    words = str(OTHER % {"title": profiles[best].title})
    return replace(found, warnings=(words, *found.warnings))


def _told_by_elements(there: set[str], own: str, profiles: Mapping[str, Profile]) -> str:
    """The source that a file is from by what only its files hold: two points for what one source has, one for two.

    Empty where the file's own source has as much of its own there, or no profile (a community's own lists hold anything).
    """
    if own not in profiles:
        return ""
    points = dict.fromkeys(profiles, 0)
    for element in there:
        having = [code for code, each in profiles.items() if element in each.elements]
        if len(having) <= SHARED:
            for code in having:
                points[code] += SHARED + 1 - len(having)
    best = max(points, key=lambda code: points[code])
    return best if points[best] >= SHARED and points[best] > points[own] else ""
