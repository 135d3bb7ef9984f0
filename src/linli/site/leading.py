"""A GET at an address that only takes what is sent leads back to the page it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

READS = frozenset({"GET", "HEAD"})


def page_above(path: str) -> str:
    """The nearest address above one; the home page at last."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


class LeadingMiddleware:
    """Reloaded, bookmarked or come back to after signing in: such an address is no dead end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Nothing stands at an address with a sign in it that no column holds."""
        if "\x00" in request.path:
            raise Http404

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or request.method not in READS:
            return response
        if request.path.startswith("/api/"):
            return response
        asked = request.META.get("QUERY_STRING", "")
        above = page_above(request.path)
        return HttpResponseRedirect(f"{above}?{asked}" if asked else above)
