"""Trying out a change of communities: what goes where, and what that comes to, before anything is approved (R007)."""

from __future__ import annotations

from typing import Any

import yaml
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from linli.capabilities.registry import services
from linli.capabilities.registry.selectors import plans as reads
from linli.capabilities.registry.verbs import PLAN
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied, Refusal
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.ui.keys import key_of

MOVE = "registry.places.move_estate"


def _streets(act: Act) -> list[Area]:
    """The streets in sight; a community's worker has none."""
    return [each for each in places.at_level(Level.STREET) if act.sees(each.pk)]


def _street(act: Act, asked: QueryDict) -> Area | None:
    offered = _streets(act)
    key = key_of(asked.get("street", ""))
    if key is None:
        return offered[0] if len(offered) == 1 else None
    found = next((each for each in offered if each.pk == key), None)
    if found is None:
        raise Http404(_t("没有这个街道，或不在您的范围内。"))
    return found


def _chosen(asked: QueryDict, known: list[reads.Piece], communities: list[Area]) -> dict[str, int]:
    """Where each piece is to go; what names no community of the street stays."""
    offered = {each.pk for each in communities}
    found = {}
    for each in known:
        to = key_of(asked.get(each.key, ""))
        if to in offered and to != each.community:
            found[each.key] = to
    return found


@require_http_methods(["GET", "POST"])
@needs(PLAN.code)
def page(request: HttpRequest) -> HttpResponse:
    """A street's communities as they are and as they would be; estates can be moved from here, grids by a plan."""
    act = act_in(request)
    asked = request.POST if request.method == "POST" else request.GET
    street = _street(act, asked)
    context: dict[str, Any] = {"streets": _streets(act), "street": street, "error": ""}
    if street is None:
        return render(request, "registry/places/plan.html", context)
    day = timezone.localdate(act.at)
    communities = places.descendants(street, Level.COMMUNITY)
    counts = reads.counted(act, street, day)
    known = reads.pieces(act, street, counts, day)
    chosen = _chosen(asked, known, communities)
    if asked.get("as") == "yaml":
        return _orders(chosen, known)
    if request.method == "POST":
        try:
            return _carried(act, chosen, street)
        except Refusal as refusal:
            context["error"] = str(refusal)
    weighed = reads.weigh(street, counts, reads.flows_of(chosen, known), day)
    context |= {
        "weighed": weighed,
        "norms": list({e.norm.code: e.norm for e in weighed if e.norm}.values()),
        "communities": communities,
        "by_community": [
            (each, [piece for piece in known if piece.community == each.pk]) for each in communities
        ],
        "chosen": chosen,
        "verdicts": reads.VERDICTS,
        "estates": any(key.startswith("e") for key in chosen),
        "grids": any(key.startswith("g") for key in chosen),
        "query": asked.urlencode(),
    }
    status = 422 if context["error"] else 200
    return render(request, "registry/places/plan.html", context, status=status)


def _carried(act: Act, chosen: dict[str, int], street: Area) -> HttpResponse:
    """Move the chosen estates, one verb for each community that receives some."""
    if not act.may(MOVE):
        raise Denied(_t("您没有划转小区的权限。"))
    by_target: dict[int, list[int]] = {}
    for key, to in chosen.items():
        if key.startswith("e"):
            by_target.setdefault(to, []).append(int(key[1:]))
    if not by_target:
        raise Refusal(_t("请先选要划转的小区。"))
    for to, estates in by_target.items():
        services.moving.move_estates(act, estates, to=to)
    return HttpResponseRedirect(f"{reverse('registry:plan')}?street={street.pk}", status=303)


def _orders(chosen: dict[str, int], known: list[reads.Piece]) -> HttpResponse:
    """The grids' moves as a plan for `linli places rezone`; the day and the document are to be filled in."""
    changes = [
        {"move": places.area(int(key[1:])).code, "under": places.area(to).code}
        for key, to in chosen.items()
        if key.startswith("g")
    ]
    body = yaml.safe_dump({"on": "", "source": "", "changes": changes}, sort_keys=False)
    answer = HttpResponse(body, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="plan.yaml"'
    return answer
