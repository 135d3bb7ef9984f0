"""Verbs of assessments: which items of a checklist were met in a year, once for each year and subject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Assessment, Holding, Organisation, Station
from linli.capabilities.registry.policy import Checklist, Judged
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.organisations import founded
from linli.capabilities.registry.services import rows
from linli.kernel.acts import Act, Refusal, action
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

FIRST_YEAR = 2000


@action("registry.assess", title=_("评定任职人员"), codes=("checklist", "year"))
def assess(
    act: Act, holding: Holding, *, checklist: str, year: int, met: Sequence[str], note: str = ""
) -> Assessment:
    """Judge who holds a post, such as a secretary against the five strengths (R021): by the level above."""
    found = _list(checklist, Judged.HOLDING, year, act)
    if holding.post not in found.posts:
        raise Refusal(_("这份清单不评定这个职务。"), field="checklist", code="checklist")
    rows.not_before_year(year, holding.since)
    return _keep(act, found, year, met, note, area=holding.area_id, holding=holding)


@action("registry.organisation.assess", title=_("评价驻区单位"), codes=("checklist", "year"))
def assess_unit(
    act: Act, stands: Station, *, checklist: str, year: int, met: Sequence[str], note: str = ""
) -> Assessment:
    """Judge a stationed unit by what it does for the community (R016)."""
    found = _list(checklist, Judged.STATION, year, act)
    if stands.kind not in found.stations:
        raise Refusal(_("这份清单不评价这种驻点。"), field="checklist", code="checklist")
    rows.not_before_year(year, stands.since)
    return _keep(act, found, year, met, note, area=stands.area_id, station=stands)


@action("registry.assess_body", title=_("评定党支部标准化"), codes=("checklist", "year"))
def assess_body(
    act: Act,
    organisation: Organisation,
    *,
    checklist: str,
    year: int,
    met: Sequence[str],
    note: str = "",
) -> Assessment:
    """Judge a body, such as a Party branch by the six aspects of its standard (R023): by the level above."""
    found = _list(checklist, Judged.ORGANISATION, year, act)
    if organisation.kind not in found.kinds:
        raise Refusal(_("这份清单不评定这类组织。"), field="checklist", code="checklist")
    if organisation.until is not None:
        raise Refusal(_("“%(name)s”已终止。") % {"name": organisation.name}, code="ended")
    rows.not_before_year(year, founded(organisation))
    area = organisation.area_id
    return _keep(act, found, year, met, note, area=area, organisation=organisation)


@action("registry.places.assess_grid", title=_("检查网格五统一"), codes=("checklist", "year"))
def assess_grid(
    act: Act, grid: int, *, checklist: str, year: int, met: Sequence[str], note: str = ""
) -> Assessment:
    """Judge a grid by a checklist, such as the five unifications (R126)."""
    here: Area = rows.area_in_sight(act, grid)
    if here.level != Level.GRID:
        raise Refusal(_("请选一个网格。"), field="grid", code="level")
    found = _list(checklist, Judged.GRID, year, act)
    return _keep(act, found, year, met, note, area=here.pk)


def _list(code: str, of: Judged, year: int, act: Act) -> Checklist:
    today = rows.today(act)
    found = {each.code: each for each in kinds.section().checklists_of(of, today)}.get(code)
    if found is None:
        raise Refusal(_("没有这份清单。"), field="checklist", code="checklist")
    if not FIRST_YEAR <= year <= today.year:
        raise Refusal(_("年度不对，请核对。"), field="year", code="year")
    return found


def _keep(
    act: Act, found: Checklist, year: int, met: Sequence[str], note: str, **subject: Any
) -> Assessment:
    """One row for a year and subject: judged again, the former values stay in the history."""
    known = {item.code for item in found.items}
    if set(met) - known:
        raise Refusal(_("清单里没有这一项。"), field="met", code="item")
    values = {
        "met": [item.code for item in found.items if item.code in met],
        "note": " ".join(note.split())[:200],
        "on": rows.today(act),
    }
    area = subject.pop("area")
    subject = {"holding": None, "station": None, "organisation": None, **subject}
    row = Assessment.objects.filter(
        area_id=area, checklist=found.code, year=year, **subject
    ).first()
    if row is None:
        return Assessment.objects.create(
            area_id=area, checklist=found.code, year=year, **subject, **values
        )
    return rows.changed(row, values)
