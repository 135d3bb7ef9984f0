"""One's own account, hats, looks, and the way out."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import services
from linli.kernel.access.doors import SIGNED_IN, act_in, needs, public
from linli.kernel.access.forms import ChangePasswordForm, NameForm, refuse
from linli.kernel.access.hats import act_of, post_of
from linli.kernel.access.landing import face_of, landing
from linli.kernel.access.models import Account
from linli.kernel.access.presence import safe_next
from linli.kernel.access.selectors import own_sessions
from linli.kernel.acts import Refusal

CHOICES = {
    "size": ("normal", "large", "elder"),
    "theme": ("auto", "light", "dark"),
    "lang": ("zh", "en"),
}
KEPT = int(timedelta(days=365).total_seconds())


@public
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep text size, theme and language in cookies, and go back to where one was.

    They carry no right, so the plain links and forms of every page may ask by GET.
    """
    sent = request.POST if request.method == "POST" else request.GET
    response = HttpResponseRedirect(safe_next(request) or reverse("home"))
    for name, allowed in CHOICES.items():
        value = sent.get(name, "")
        if value in allowed:
            response.set_cookie(
                name, value, max_age=KEPT, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
    return response


@public
def signout(request: HttpRequest) -> HttpResponse:
    """End this session (POST); asked for by GET, nothing happens."""
    if request.method == "POST":
        request.session.flush()
    return redirect("home")


@needs(SIGNED_IN)
def hat(request: HttpRequest) -> HttpResponse:
    """Change hats (POST), then the first page of the new one."""
    who = request.person  # type: ignore[attr-defined]
    wanted = request.POST.get("hat", "")
    mine = next((h for h in who.hats if str(h.id) == wanted), None)
    if request.method == "POST" and mine is not None:
        request.session["hat"] = mine.id
        return HttpResponseRedirect(landing(act_of(who, mine)))
    return HttpResponseRedirect(landing(act_in(request)))


_PARTS = {"name": NameForm, "password": ChangePasswordForm}


@needs(SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    """What is held about me, my looks, my devices."""
    act = act_in(request)
    mine = Account.objects.select_related("home").get(pk=act.actor)
    part = request.POST.get("part", "") if request.method == "POST" else ""
    if part == "devices":
        services.sign_out_everywhere(act, keep=request.session.session_key or "")
        return redirect(f"{reverse('access:account')}?done=devices")
    form = _PARTS[part](request.POST) if part in _PARTS else None
    if form is not None and form.is_valid():
        try:
            _change(request, part, form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect(f"{reverse('access:account')}?done={part}")
    return _account_page(request, mine, part, form)


def _change(request: HttpRequest, part: str, values: dict[str, str]) -> None:
    act = act_in(request)
    if part == "name":
        services.rename(act, name=values["name"])
    else:
        key = f"password:{act.actor}"
        services.throttle(key, most=services.TRIES, window=services.LOCK, now=act.at)
        kept = request.session.session_key or ""
        services.change_password(act, old=values["old"], new=values["new"], keep=kept)


def _account_page(
    request: HttpRequest, mine: Account, part: str, form: Form | None
) -> HttpResponse:
    act = act_in(request)
    who = request.person  # type: ignore[attr-defined]
    hats = [(h, post_of(h.post)) for h in who.hats]
    done = {
        "name": _("称呼改好了。"),
        "password": _("密码改好了，其他设备已退出。"),
        "devices": _("其他设备已全部退出。"),
    }
    context = {
        "mine": mine,
        "staff": mine.kind == Account.Kind.STAFF,
        "posts": [(p.title if p else h.post, h) for h, p in hats],
        "sessions": list(own_sessions(act)[:10]),
        "this_session": request.session.session_key,
        "name_form": form if part == "name" else NameForm(initial={"name": mine.name}),
        "password_form": form if part == "password" else ChangePasswordForm(),
        "done": done.get(request.GET.get("done", ""), ""),
        "layout": "ui/desk.html" if face_of(act) == "desk" else "ui/portal.html",
    }
    status = 422 if form is not None else 200
    return render(request, "access/account.html", context, status=status)
