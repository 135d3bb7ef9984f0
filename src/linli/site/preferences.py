"""Language and looks that a person chose, from cookies, so that the first byte is right."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

SIZES = ("normal", "large", "elder")
THEMES = ("auto", "light", "dark")


def language_for(chosen: str, accepted: str) -> str:
    """What was chosen; else Chinese, unless the browser names its languages and Chinese is none of them."""
    if chosen:
        return "en" if chosen == "en" else "zh-hans"
    # A weight of nought is a refusal, so such a tag is none of them.
    wanted = [tag.lower() for tag, weight in parse_accept_lang_header(accepted) if weight > 0]
    chinese = any(tag == "*" or tag.partition("-")[0] == "zh" for tag in wanted)
    return "zh-hans" if chinese or not wanted else "en"


class PreferencesMiddleware:
    """Activate the language; put size and theme on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        accepted = request.headers.get("Accept-Language", "")
        language = language_for(request.COOKIES.get("lang", ""), accepted)
        size = request.COOKIES.get("size", "")
        theme = request.COOKIES.get("theme", "")
        request.size = size if size in SIZES else "normal"  # type: ignore[attr-defined]
        request.theme = theme if theme in THEMES else "auto"  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "en" if language == "en" else "zh-CN")
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response
