"""The filters one keeps: another name, another order, away with it; plain forms, no script."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from linli.kernel.access import selectors, services
from linli.kernel.access.doors import SIGNED_IN, act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.ui.manifest import Room

MOVES = {"up": -1, "down": 1}


@needs(SIGNED_IN)
def saved(request: HttpRequest) -> HttpResponse:
    """Every filter one keeps, page by page (GET); one change to one of them (POST)."""
    act = act_in(request)
    asked, refused = "", ""
    if request.method == "POST":
        asked = request.POST.get("filter", "")
        try:
            _change(act, request.POST.get("do", ""), asked, request.POST.get("name", ""))
        except Refusal as refusal:
            refused = str(refusal)
        else:
            address = f"{reverse('access:saved')}#f{asked}" if asked.isdecimal() else ""
            return HttpResponseRedirect(address or reverse("access:saved"), status=303)
    context = {
        "pages": _pages(act),
        "asked": asked,
        "typed": request.POST.get("name", "")[:40],
        "refused": refused,
    }
    return render(request, "access/saved.html", context, status=422 if refused else 200)


def _change(act: Act, deed: str, asked: str, name: str) -> None:
    key = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    if deed in MOVES:
        services.move_filter(act, filter_id=key, by=MOVES[deed])
    elif deed == "drop":
        services.drop_filter(act, filter_id=key)
    else:
        services.rename_filter(act, filter_id=key, name=name)


def _pages(act: Act) -> list[dict[str, Any]]:
    """The pages with their filters, as the menu calls and orders them; a page that is gone is left out."""
    rooms = (config for config in apps.get_app_configs() if isinstance(config, Room))
    items = sorted((item for room in rooms for item in room.nav), key=lambda item: item.order)
    kept = set(selectors.saved_pages(act))
    return [
        {
            "title": item.label,
            "href": reverse(item.url_name),
            "rows": selectors.saved_filters(act, item.url_name),
        }
        for item in items
        if item.url_name in kept
    ]
