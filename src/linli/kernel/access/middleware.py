"""Who asks: the session becomes an act, and the whole request runs in one transaction under its scope."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from linli.kernel.access.hats import Person, act_of, guest_act, person, role_of
from linli.kernel.access.tokens import bearer, holder_of
from linli.kernel.acts import Act, Denied, Refusal, holding, under

_TOUCH = 60  # seconds between two notes of the last request


def _channel(path: str) -> str:
    first = path.split("/", 2)[1]
    return {"desk": "window", "field": "field", "api": "api"}.get(first, "web")


def _idle(request: HttpRequest, who: Person) -> bool:
    """Whether staff stayed away too long; notes the visit at most once a minute."""
    if who.kind != "staff":
        return False
    now, seen = int(time.time()), int(request.session.get("seen", 0))
    if seen and now - seen > settings.STAFF_IDLE_SECONDS:
        return True
    if now - seen > _TOUCH:
        request.session["seen"] = now
    return False


def _sign(request: HttpRequest) -> tuple[Act, Person | None]:
    channel = _channel(request.path)
    if channel == "api" and (bare := bearer(request.headers.get("Authorization", ""))):
        return _machine(request, bare)
    account = request.session.get("account")
    who = _behind(request, account) if account else None
    if who is not None and _idle(request, who):
        request.session.flush()
        who = None
    if who is None:
        act = guest_act(channel=channel)
        key = request.session.get("visitor")
        return (act.on(key=UUID(key)) if key else act), None
    hat = who.hat(request.session.get("hat"))
    role = role_of(hat.post) if hat else None
    if role and role.second_factor and not request.session.get("second"):
        request.second_due = True  # type: ignore[attr-defined]
        return act_of(who, None, channel=channel).on(verbs=frozenset(), roles=frozenset()), who
    return act_of(who, hat, channel=channel), who


def _behind(request: HttpRequest, account: int) -> Person | None:
    """The person read along with the session; read by itself where a store knows none."""
    who: Person | None = getattr(request.session, "who", None)
    return who if who is not None and who.id == account else person(account)


def _machine(request: HttpRequest, key: str) -> tuple[Act, Person | None]:
    """A machine client is known by its key alone: no session, so no second factor and no forged form."""
    found = holder_of(key, timezone.now())
    if found is None:
        return guest_act(channel="api").on(verbs=frozenset()), None
    request.by_key = True  # type: ignore[attr-defined]
    return act_of(found[0], found[1], channel="api"), found[0]


class ActMiddleware:
    """Put `request.act` and `request.person` in place and run the view under the scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.failure = None  # type: ignore[attr-defined]
        request.second_due = False  # type: ignore[attr-defined]
        request.by_key = False  # type: ignore[attr-defined]
        with transaction.atomic():
            act, who = _sign(request)
            request.act = act  # type: ignore[attr-defined]
            request.person = who  # type: ignore[attr-defined]
            with holding(act):
                response = self.get_response(request)
        failure: Exception | None = request.failure  # type: ignore[attr-defined]
        if failure is None:
            return response
        with under(act):  # what the view wrote is undone; the page is drawn afresh
            return _failed(request, failure)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Undo what the view wrote; a refusal becomes a page in the user's words."""
        transaction.set_rollback(True)
        if not isinstance(error, Refusal | Http404):
            return None
        request.failure = error  # type: ignore[attr-defined]
        return HttpResponse()


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    status = 404 if isinstance(error, Http404) else 403 if isinstance(error, Denied) else 422
    message = str(error) if isinstance(error, Refusal) else ""
    if request.path.startswith("/api/"):
        code = error.code if isinstance(error, Refusal) else "not-found"
        return JsonResponse({"code": code, "message": message}, status=status)
    return render(request, f"ui/{status}.html", {"message": message}, status=status)
