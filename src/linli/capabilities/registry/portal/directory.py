"""The public directory: a guest finds a community, whom to call and what is open there."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.registry.selectors import directory as reads
from linli.kernel.access.doors import public
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level


def _area(code: str) -> Area:
    try:
        return places.by_code(code)
    except Area.DoesNotExist:
        raise Http404(_t("没有这个地方。")) from None


@public
@require_safe
def finding(request: HttpRequest) -> HttpResponse:
    """Find a community by its name or step by step, an organisation by its name."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    code = request.GET.get("in", "")[:32]
    here = _area(code) if code else None
    below = [each for each in places.children(here) if each.level != Level.GRID]
    while here is None and len(below) == 1:
        below = places.children(below[0])
    context = {
        "q": q,
        "here": here,
        "above": places.ancestors(here)[1:] if here else [],
        "below": below,
        "communities": reads.communities(q),
        "entries": reads.entries(None, q, reads.FEW) if q else [],
    }
    return render(request, "registry/portal/directory.html", context)


@public
@require_safe
def community(request: HttpRequest, code: str) -> HttpResponse:
    """One community: its offices with their numbers, and the organisations that are open to residents."""
    here = _area(code)
    if here.level != Level.COMMUNITY:
        raise Http404(_t("没有这个社区。"))
    found = reads.entries(here)
    context = {
        "c": here,
        "offices": reads.offices_of(here),
        "groups": [(kind, list(rows)) for kind, rows in groupby(found, key=lambda e: e.kind)],
    }
    return render(request, "registry/portal/community.html", context)
