"""Entering and leaving: what a session keeps of a person."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from linli.kernel.access.hats import act_for, person
from linli.kernel.access.models import Account
from linli.kernel.access.services import signed_in
from linli.kernel.access.sessions import Session
from linli.kernel.acts import Act

STAFF_SESSIONS = 3
STAFF_HOURS = 12
_SYSTEMS = ("HarmonyOS", "iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
_BROWSERS = (  # kept with the session, as people know them
    ("MicroMessenger", "微信"),  # words: names
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),  # words: names
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def address_of(request: HttpRequest) -> str:
    """The caller's address; behind our own proxies (`PROXIES` of them) the one the outermost saw."""
    proxies: int = settings.PROXIES
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(seen) >= proxies and seen[-proxies]:
        return str(seen[-proxies])[:45]
    return str(request.META.get("REMOTE_ADDR", ""))


def device_of(request: HttpRequest) -> str:
    """Browser and system in two words, so that a person knows their own devices."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def safe_next(request: HttpRequest) -> str:
    """The page of this site that was asked for, else nothing (an address elsewhere is dropped)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not wanted.startswith("/") or len(wanted) > 2000:
        return ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else ""


def enter(request: HttpRequest, account: Account, *, way: str, second: bool = False) -> Act:
    """Start a fresh session for an account (new key, nothing of the former one); returns its act."""
    session = request.session
    session.flush()
    who = person(account.pk)
    session["account"] = account.pk
    session["hat"] = who.hats[0].id if who and who.hats else None
    session["second"] = second
    session["seen"] = int(time.time())
    session["began"] = timezone.now().isoformat()
    session["device"] = device_of(request)
    if account.kind == Account.Kind.STAFF:
        session.set_expiry(STAFF_HOURS * 3600)
    session.save()
    if account.kind == Account.Kind.STAFF:
        _end_oldest(account.pk)
    act = act_for(account.pk)
    signed_in(act, account, way=way)
    return act


def _end_oldest(account: int) -> None:
    live = Session.objects.filter(account=account, expire_date__gt=timezone.now())
    extra = live.order_by("-started").values_list("pk", flat=True)[STAFF_SESSIONS:]
    Session.objects.filter(pk__in=list(extra)).delete()
