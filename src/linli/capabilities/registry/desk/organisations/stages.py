"""How far Party branches have come on their standard, place by place, with the branches behind each number (R023)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.policy import Checklist, Judged
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import stages as reads
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.places import choosing
from linli.ui.keys import key_of, pager

TONES = {reads.UNJUDGED: "neutral", reads.BELOW: "bad"}


def columns(checklist: Checklist) -> list[tuple[str, Any]]:
    """What bodies are counted by: each stage, below the first, not judged, behind."""
    return [
        *((each.code, each.title) for each in reversed(checklist.stages)),
        (reads.BELOW, _("没有达到第一步")),
        (reads.UNJUDGED, _("没有评定")),
        (reads.BEHIND, _("落后于进度")),
    ]


@require_safe
@needs(READ.code)
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """The bodies behind a number."""
    act = act_in(request)
    day = timezone.localdate(act.at)
    lists = kinds.section().checklists_of(Judged.ORGANISATION, day)
    checklist = next((each for each in lists if each.code == code), None)
    area = choosing.named(act, request.GET.get("area", "")) or next(iter(choosing.own(act)), None)
    if checklist is None or area is None:
        raise Http404(_t("没有这份清单。"))
    known = dict(columns(checklist))
    at = request.GET.get("at", "")
    at = at if at in known else ""
    after = key_of(request.GET.get("after", ""))
    rows, following = reads.page(act, area, checklist, day, at, after=after)
    context = {
        "list": checklist,
        "area": area,
        "areas": choosing.steps(act, area.pk),
        "at": at,
        "stages": list(known.items()),
        "titles": known,
        "tones": TONES,
        "due": checklist.due(day.year),
        "rows": rows,
        "page": pager({"area": area.pk, "at": at}, after, following),
    }
    return render(request, "registry/organisations/stages.html", context)
