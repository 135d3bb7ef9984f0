"""Language and looks that a person chose, from cookies, so that the first byte is right."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

SIZES = ("normal", "large", "elder")
THEMES = ("auto", "light", "dark")


class PreferencesMiddleware:
    """Activate the language; put size and theme on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wanted = request.COOKIES.get("lang", "")
        language = "en" if wanted == "en" else "zh-hans"
        size = request.COOKIES.get("size", "")
        theme = request.COOKIES.get("theme", "")
        request.size = size if size in SIZES else "normal"  # type: ignore[attr-defined]
        request.theme = theme if theme in THEMES else "auto"  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "en" if language == "en" else "zh-CN")
        return response
