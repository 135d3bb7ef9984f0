"""The report of a month, written from the indicators; whoever sends it in may change every word (R097)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _t

from linli.kernel.measures.sheet import Line
from linli.kernel.measures.strange import Strange, said
from linli.ui.manifest import Words


def written(rooms: Iterable[tuple[Words, Sequence[Line]]], found: Sequence[Strange]) -> str:
    """What the month was like, room by room, then what stands out and by which rule."""
    parts = []
    for at, (room, lines) in enumerate(rooms, start=1):
        told = [_sentence(line) for line in lines if line.now is not None]
        body = _t("；").join(told) + _t("。") if told else _t("本月没有记录。")
        parts.append(_t("%(n)s. %(room)s\n%(told)s") % {"n": at, "room": room, "told": body})
    parts.append(_t("%(n)s. 要留意的\n%(told)s") % {"n": len(parts) + 1, "told": _strange(found)})
    parts.append(_t("%(n)s. 下月打算\n（请填写）") % {"n": len(parts) + 1})
    return "\n\n".join(parts)


def _sentence(line: Line) -> str:
    """One indicator: the month, the month before, the target."""
    words = _t("%(title)s %(now)s") % {"title": line.measure.title, "now": said(line, line.now)}
    if line.before is not None:
        words += _t("（上月 %(before)s）") % {"before": said(line, line.before)}
    if line.met is not None and line.target is not None:
        aim = said(line, float(line.target.value))
        words += (_t("，达到目标 %(aim)s") if line.met else _t("，没有达到目标 %(aim)s")) % {
            "aim": aim
        }
    return words


def _strange(found: Sequence[Strange]) -> str:
    if not found:
        return _t("没有按规则列出的异常。")
    return "\n".join(
        _t("%(title)s：%(told)s（%(rule)s）")
        % {"title": each.title, "told": each.told, "rule": each.rule}
        for each in found
    )


def heading(place: str, month: date) -> str:
    """What the report is called."""
    return _t("%(place)s %(year)s 年 %(month)s 月工作报告") % {
        "place": place,
        "year": month.year,
        "month": month.month,
    }
