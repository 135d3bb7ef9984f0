"""Verbs of statistics: dated figures from outside with the document that says them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Statistic
from linli.capabilities.registry.services import rows
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area

STATUS = ("found", "known", "default")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as a document says it: the area by its code, the indicator, the period it speaks of."""

    area: str
    code: str
    period: str
    value: Decimal
    unit: str
    as_of: date
    document: str
    clause: str = ""
    status: str = "found"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file of figures: new ones, corrected ones, the same again, refused lines with the reason."""

    added: int
    corrected: int
    same: int
    refused: tuple[tuple[int, str], ...]


@action("registry.statistic.record", title=_("登记统计数据"))
def record(act: Act, figures: Sequence[Figure]) -> Taken:
    """Keep figures; one that a document now says otherwise replaces the former, which stays as it was read.

    The same figures again change nothing.
    """
    added = corrected = same = 0
    refused: list[tuple[int, str]] = []
    for line, each in enumerate(figures, start=1):
        try:
            what = _keep(act, each)
        except Refusal as refusal:
            refused.append((line, str(refusal)))
            continue
        added += what == "added"
        corrected += what == "corrected"
        same += what == "same"
    note(added=added, corrected=corrected, same=same, refused=len(refused))
    return Taken(added, corrected, same, tuple(refused))


def _keep(act: Act, figure: Figure) -> str:
    area = _area(act, figure)
    known = Statistic.objects.filter(
        area=area,
        code=figure.code,
        period=figure.period,
        document=figure.document,
        until__isnull=True,
    ).first()
    said = (figure.value, figure.unit, figure.as_of, figure.clause, figure.status)
    if known is not None:
        held = (known.value, known.unit, known.as_of, known.clause, known.status)
        if held == said:
            return "same"
        known.until = act.at
        known.save(update_fields=["until"])
    Statistic.objects.create(
        area=area,
        code=figure.code,
        period=figure.period,
        value=figure.value,
        unit=figure.unit,
        as_of=figure.as_of,
        document=figure.document,
        clause=figure.clause,
        status=figure.status,
        since=act.at,
    )
    return "added" if known is None else "corrected"


def _area(act: Act, figure: Figure) -> Area:
    rows.said(figure.document, "document", 200, _("数据出处"))
    rows.said(figure.code, "code", 40, _("指标"))
    rows.said(figure.period, "period", 10, _("统计时期"))
    if len(figure.unit) > 20 or len(figure.clause) > 80:
        raise Refusal(_("计量单位或出处条目过长。"), field="unit", code="long")
    if figure.status not in STATUS:
        raise Refusal(_("没有这一种可靠程度。"), field="status", code="status")
    rows.past_day(act, figure.as_of, "as_of")
    try:
        found = places.by_code(figure.area)
    except Area.DoesNotExist:
        raise Refusal(
            _("没有代码为 %(code)s 的区域。") % {"code": figure.area}, field="area", code="area"
        ) from None
    if not act.sees(found.pk):
        raise Refusal(_("这个区域不在您的管理范围。"), field="area", code="area")
    return found
