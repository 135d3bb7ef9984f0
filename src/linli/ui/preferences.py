"""Text size, night and language without a script: a link sets the cookie and leads back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

CHOICES = {
    "size": ("normal", "large", "elder"),
    "theme": ("auto", "light", "dark"),
    "lang": ("zh", "en"),
}
_YEAR = 365 * 24 * 3600


def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what a person chose and lead back to the page they were on."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for name, allowed in CHOICES.items():
        wanted = request.GET.get(name, "")
        if wanted in allowed:
            response.set_cookie(
                name, wanted, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
            )
    return response


preferences.needs = ""  # type: ignore[attr-defined]  # anybody may enter (read by the role matrix)
