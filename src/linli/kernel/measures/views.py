"""The sheet of indicators at the desk, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.files import papers, sheets
from linli.kernel.measures.forms import ReportForm
from linli.kernel.measures.months import month_of, months
from linli.kernel.measures.report import heading, written
from linli.kernel.measures.sheet import Line, sheet
from linli.kernel.measures.strange import strange
from linli.kernel.measures.verbs import READ
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

ALERTS = 4  # on the first page of a day
BACK = 12  # months that may be looked at
WHOLE = (Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose indicators, up to which month."""

    area: Area | None
    last: date

    def query(self, **changes: Any) -> str:
        """The question as a query string."""
        now = {"area": self.area.pk if self.area else "", "month": f"{self.last:%Y-%m}", **changes}
        return urlencode({name: value for name, value in now.items() if value})


def _asked(request: HttpRequest, act: Act) -> Asked:
    this = timezone.localdate(act.at).replace(day=1)
    wanted = month_of(request.GET.get("month", "")) or this
    known = months(this, BACK)
    return Asked(_area(act, request.GET.get("area", "")), min(max(wanted, known[0]), this))


def _area(act: Act, text: str) -> Area | None:
    whole = choosing.own(act)
    return choosing.named(act, text) or (whole[0] if len(whole) == 1 else None)


@require_safe
@needs(READ.code)
def page(request: HttpRequest) -> HttpResponse:
    """Every indicator of an area: six months, the target, the month before; numbers lead to their rows."""
    act = act_in(request)
    asked = _asked(request, act)
    firsts = months(asked.last)
    this = timezone.localdate(act.at).replace(day=1)
    area, rooms = asked.area, sheet(act, asked.area, firsts)
    below = [each for each in places.children(area) if each.level in WHOLE] if area else []
    context = {
        "asked": asked,
        "firsts": firsts,
        "rooms": rooms,
        "strange": strange(rooms, asked.last, this),
        "tabs": _tabs(asked, this),
        "above": _above(act, area),
        "below": [(each.name, asked.query(area=each.pk)) for each in below],
        "file": reverse("measures:file"),
    }
    return render(request, "measures/sheet.html", context)


@require_safe
@needs(READ.code)
def alerts(request: HttpRequest) -> HttpResponse:
    """What stands out this month, for the first page of a working day; loaded after it."""
    act = act_in(request)
    asked = _asked(request, act)
    rooms = sheet(act, asked.area, months(asked.last))
    context = {"strange": strange(rooms, asked.last, asked.last)[:ALERTS], "asked": asked}
    return render(request, "measures/_alerts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(READ.code)
def report(request: HttpRequest) -> HttpResponse:
    """The report of a month, written from what was recorded; changed by hand, printed, or taken as a Word document."""
    act = act_in(request)
    asked = _asked(request, act)
    this = timezone.localdate(act.at).replace(day=1)
    if request.method == "POST":
        form = ReportForm(request.POST)
        if form.is_valid():
            kind = "pdf" if request.POST.get("as") == "pdf" else "docx"
            return papers.answer(_paper(act, asked, form.cleaned_data), kind)
    else:
        rooms = sheet(act, asked.area, months(asked.last))
        name = asked.area.name if asked.area else _t("全部范围")
        text = written(rooms, strange(rooms, asked.last, this))
        form = ReportForm(initial={"title": heading(name, asked.last), "text": text})
    context = {"form": form, "asked": asked, "tabs": _tabs(asked, this)}
    status = 422 if form.errors else 200
    return render(request, "measures/report.html", context, status=status)


def _paper(act: Act, asked: Asked, said: dict[str, Any]) -> papers.Paper:
    """The report as it is handed in: the month, the text as it was changed, whose it is and the day."""
    return papers.Paper(
        title=said["title"],
        number=f"{asked.last:%Y-%m}",
        body=said["text"].splitlines(),
        facts=(),
        signed=(
            asked.area.full_name if asked.area else "",
            timezone.localdate(act.at).isoformat(),
        ),
    )


def _tabs(asked: Asked, this: date) -> list[dict[str, Any]]:
    """Half a year to choose a month from."""
    return [
        {
            "label": f"{first:%Y-%m}",
            "href": f"?{asked.query(month=f'{first:%Y-%m}')}",
            "active": first == asked.last,
        }
        for first in months(this)
    ]


def _above(act: Act, area: Area | None) -> tuple[str, int] | None:
    held = places.tree().by_id.get(area.parent_id or 0) if area else None
    return (held.name, held.pk) if held is not None and act.sees(held.pk) else None


@require_safe
@needs(READ.code)
def file(request: HttpRequest) -> HttpResponse:
    """The sheet as a workbook or as text; numbers alone, nobody's name."""
    act = act_in(request)
    asked = _asked(request, act)
    kind = request.GET.get("as", "xlsx")
    if kind not in sheets.MEDIA:
        raise Http404(_t("没有这种文件。"))
    firsts = months(asked.last)
    heads = [_t("类别"), _t("指标"), _t("目标"), _t("是否达到"), *(f"{m:%Y-%m}" for m in firsts)]
    rows = [
        [str(room), *_row(line)] for room, lines in sheet(act, asked.area, firsts) for line in lines
    ]
    name = asked.area.full_name if asked.area else _t("全部范围")
    title = f"{_t('运行指标')} {name} {asked.last:%Y-%m}"
    made = sheets.written(kind, title, heads, rows, _t("运行指标"))
    answer = HttpResponse(made, content_type=sheets.MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="measures-{asked.last:%Y-%m}.{kind}"'
    return answer


def _row(line: Line) -> list[str]:
    unit = {"share": "%", "hours": _t("小时"), "count": ""}[line.measure.kind]
    title = str(line.measure.title)
    if unit:
        title = _t("%(title)s（%(unit)s）") % {"title": title, "unit": unit}
    met = {True: _t("达到"), False: _t("未达到"), None: ""}[line.met]
    aim = f"{line.target.value:f}" if line.target else ""
    return [title, aim, met, *("" if n is None else f"{n:g}" for n in line.numbers)]
