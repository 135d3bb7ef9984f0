"""Every entrance carries one declared permission: `needs` a verb, or `public`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, Denied

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

SIGNED_IN = "signed-in"
CLOSED = _("您的身份没有打开这个页面的权限。")
ENDED = _(
    "您在这个岗位的任期已经结束，这个页面不再对您开放。没有交上去的还在上一页；要继续办，请找单位的管理员。"
)


def act_in(request: HttpRequest) -> Act:
    """The act of a request."""
    act: Act = request.act  # type: ignore[attr-defined]
    return act


def public(view: View[P]) -> View[P]:
    """Anybody may enter."""
    view.needs = ""  # type: ignore[attr-defined]
    return view


def needs(verb: str, *, half: bool = False) -> Callable[[View[P]], View[P]]:
    """Only who holds the verb may enter; a guest is asked to sign in first.

    Staff whose second factor is still due are led to it, except from `half` pages (the second factor itself).
    """

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            act = act_in(request)
            if getattr(request, "second_due", False) and not half:
                return _led(request, reverse("access:second"))
            if verb == SIGNED_IN and act.signed_in:
                return view(request, *args, **kwargs)
            if verb != SIGNED_IN and act.may(verb):
                return view(request, *args, **kwargs)
            if not act.signed_in:
                return _to_sign_in(request)
            raise Denied(ENDED if not act.hat and request.session.get("hat") else CLOSED)

        guarded.needs = verb  # type: ignore[attr-defined]
        return guarded

    return declare


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    staff = request.path.startswith(("/desk", "/field"))
    return _led(request, reverse("access:staff" if staff else "access:signin"))


def _led(request: HttpRequest, target: str) -> HttpResponse:
    """Lead to a page that comes first; a page that was only asked for is opened afterwards, never a piece of one."""
    asked = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    if piece := getattr(request, "htmx", None):
        asked = piece.current_url_abs_path or ""
    address = f"{target}?{urlencode({'next': asked})}" if asked else target
    if piece:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
