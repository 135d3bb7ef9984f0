"""The living style page: every token and every part in every state (demo mode only)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from linli.ui import samples

FACES = ("portal", "desk", "field", "plain")
PAGES = ("403", "404", "500", "offline")
View = Callable[..., HttpResponse]


def _open(view: View) -> View:
    """Anybody may enter (the mark that the role matrix reads)."""
    view.needs = ""  # type: ignore[attr-defined]
    return view


def _context() -> dict[str, Any]:
    return {
        "form": samples.SampleForm(),
        "wrong": samples.wrong_form(),
        "spare": samples.SampleForm(auto_id="asked_%s"),
        "rating": samples.RatingForm({"stars": "4"}),
        "filters": samples.FilterForm(),
        "entries": samples.timeline(),
        "rows": samples.ROWS,
        "bars": samples.BARS,
        "flow": samples.FLOW,
        "unread": 3,
    }


@_open
def style(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    return render(request, "ui/style.html", _context())


@_open
def face(request: HttpRequest, which: str) -> HttpResponse:
    """One face of Linli with sample content."""
    if which not in FACES:
        raise Http404
    return render(request, f"ui/style_{which}.html", _context())


@_open
def page(request: HttpRequest, which: str) -> HttpResponse:
    """An error page as people meet it."""
    if which not in PAGES:
        raise Http404
    return render(request, f"ui/{which}.html", {})


@_open
def areas(request: HttpRequest) -> JsonResponse:
    """Made-up districts for the sample map."""
    return JsonResponse(samples.areas())


@_open
def points(request: HttpRequest) -> JsonResponse:
    """Made-up matters for the sample map."""
    return JsonResponse(samples.points())


@_open
def toast(request: HttpRequest) -> HttpResponse:
    """An htmx answer that only says a word."""
    words = {"toast": {"text": gettext("已保存"), "tone": "good"}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(words)})
