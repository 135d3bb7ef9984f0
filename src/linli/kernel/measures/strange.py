"""What stands out among indicators, each with the rule that found it; nothing is scored (R097)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile

from django.utils.translation import gettext as _t

from linli.kernel import policy
from linli.kernel.measures.shapes import MeasuresPolicy, Watch
from linli.kernel.measures.sheet import Line
from linli.ui.manifest import Words

ENOUGH = 3  # months with numbers, before a month is held against them


@dataclass(frozen=True, slots=True)
class Strange:
    """Something that stands out: which indicator of which room, the figures in words, the rule in words, the rows."""

    room: Words
    title: Words
    told: str
    rule: str
    href: str
    tone: str


def strange(rooms: Iterable[tuple[Words, Sequence[Line]]], last: date, this: date) -> list[Strange]:
    """What stands out in the last month of a sheet, what misses its target first.

    A month that is still running (`this`) is only held to be too much, never too little: its numbers still grow.
    """
    watch = policy.current().section(MeasuresPolicy).watch
    found = []
    for room, lines in rooms:
        for line in lines:
            told = _missed(line) or (watch and _far(line, watch, running=last == this))
            told = told or (watch and _worse(line, watch, running=last == this))
            if told:
                found.append(Strange(room, line.measure.title, *told, line.links[-1], _tone(line)))
    return sorted(found, key=lambda each: each.tone != "bad")


def _tone(line: Line) -> str:
    return "bad" if line.met is False else "warn"


def said(line: Line, n: float | None) -> str:
    """A number of an indicator as people read it."""
    if n is None:
        return "—"
    return f"{float(n):g}" + {"share": "%", "hours": _t(" 小时"), "count": ""}[line.measure.kind]


def _missed(line: Line) -> tuple[str, str] | None:
    """Under, or over, what is aimed at."""
    if line.met is not False or line.target is None:
        return None
    aim = said(line, float(line.target.value))
    words = _t("%(now)s，目标 %(aim)s") % {"now": said(line, line.now), "aim": aim}
    rule = _t("没有达到目标，目标依据：%(source)s") % {"source": line.target.source.document}
    return words, rule


def _far(line: Line, watch: Watch, *, running: bool) -> tuple[str, str] | None:
    """Far from what the months before had on average."""
    told = dropwhile(lambda n: not n, line.numbers[:-1])  # months before anything was recorded
    before = [n for n in told if n is not None]
    if line.now is None or len(before) < ENOUGH:
        return None
    mean = sum(before) / len(before)
    apart = line.now - mean
    if not mean or abs(apart) < watch.least or 100 * abs(apart) / mean < watch.percent:
        return None
    if apart < 0 and (running or line.measure.better == "less"):
        return None
    values = {"now": said(line, line.now), "mean": said(line, round(mean, 1)), "n": len(before)}
    words = _t("%(now)s，前 %(n)s 个月平均 %(mean)s") % values
    limits = {"percent": watch.percent, "least": watch.least}
    return words, _t("和前几个月的平均数相差 %(percent)s%% 以上，并且至少差 %(least)s") % limits


def _worse(line: Line, watch: Watch, *, running: bool) -> tuple[str, str] | None:
    """Worse month by month."""
    last = line.numbers[-(watch.months + 1) :]
    told = [n for n in last if n is not None]
    sign = {"more": -1, "less": 1}.get(line.measure.better, 0)
    if len(told) <= watch.months or not sign or (running and line.measure.kind != "share"):
        return None
    if not all(sign * (b - a) > 0 for a, b in zip(told, told[1:], strict=False)):
        return None
    words = _t(" → ").join(said(line, n) for n in told)
    return words, _t("连续 %(n)s 个月变差") % {"n": watch.months}
