"""Organisations put on the ground: Party groups on buildings and grids, self-governing groups in courtyards and villages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.places.coverage import area_in
from linli.capabilities.registry.desk.places.estates import one_building, one_estate
from linli.capabilities.registry.forms import bodies as forms
from linli.capabilities.registry.policy import Judged
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import organisations as reads
from linli.capabilities.registry.selectors import places as ground
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.places.rules import Level

STATION = "registry.organisation.station"


def _here(
    request: HttpRequest, act: Act, name: str, back: str, first: str, **place: Any
) -> HttpResponse:
    """Choose who is at work here and how."""
    section = kinds.section()
    offered = [(each.code, each.title) for each in section.station_kinds if not each.hosts]
    offered.sort(key=lambda each: each[0] != first)
    every = [each.code for each in section.organisation_kinds]
    form = forms.HereForm(
        sent(request), kind=offered, organisation=reads.choices(act, every), initial={"kind": first}
    )

    def run(data: dict[str, Any]) -> None:
        one = reads.find(act, data.pop("organisation"))
        if one is None:
            raise Refusal(_t("没有这个组织，或已终止。"), field="organisation")
        services.posts.station(act, one, **data, **place)

    title = _t("%(name)s：%(what)s") % {"name": name, "what": _t("登记在这里的组织")}
    hint = _t("列表里没有的，先到“组织”里登记。")
    return asked(request, form, run, title=title, back=back, hint=hint)


@needs(STATION)
def in_building(request: HttpRequest, pk: int) -> HttpResponse:
    """A Party group or a courtyard's group of a building (R020, R030)."""
    act = act_in(request)
    found = one_building(act, pk)
    back = reverse("registry:building", args=[pk])
    return _here(request, act, found.address, back, "attached", building=pk)


@needs(STATION)
def in_estate(request: HttpRequest, pk: int) -> HttpResponse:
    """The group that governs a courtyard, village or villagers' group (R020)."""
    act = act_in(request)
    found = one_estate(act, pk)
    return _here(
        request, act, found.name, reverse("registry:estate", args=[pk]), "governs", estate=pk
    )


@needs(STATION)
def in_grid(request: HttpRequest, code: str) -> HttpResponse:
    """A branch attached to a grid, a unit stationed in it (R016, R030)."""
    act = act_in(request)
    area = area_in(act, code)
    back = reverse("registry:stations", args=[code])
    return _here(request, act, area.name, back, "attached", area=area.pk)


@needs("registry.places.assess_grid")
def assess(request: HttpRequest, code: str) -> HttpResponse:
    """Judge a grid by its checklist (R126)."""
    act = act_in(request)
    grid = area_in(act, code, Level.GRID)
    today = timezone.localdate(act.at)
    checklist = kinds.section().checklists_of(Judged.GRID, today)[0]
    last = ground.assessment(act, grid, checklist.code)
    initial = {
        "year": today.year,
        "met": last.met if last else [],
        "note": last.note if last else "",
    }
    form = forms.AssessForm(sent(request), checklist=checklist, initial=initial)

    def run(data: dict[str, Any]) -> None:
        services.assessments.assess_grid(act, grid.pk, checklist=checklist.code, **data)

    title = _t("%(name)s：%(what)s") % {"name": grid.name, "what": checklist.title}
    hint = _t("%(document)s：%(clause)s") % {
        "document": checklist.source.document,
        "clause": checklist.source.clause,
    }
    back = reverse("registry:elements", args=[code])
    return asked(request, form, run, title=title, back=back, hint=hint)
