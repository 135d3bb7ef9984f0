"""Who calls: a machine by its key, or a signed-in page with its CSRF token."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router
from ninja.errors import AuthenticationError
from ninja.utils import check_csrf

from linli.kernel.access.doors import act_in
from linli.kernel.access.services import throttles
from linli.kernel.acts import Act, Denied, Refusal, permit, verbs
from linli.ui.spoken import Spoken

SAFE = ("GET", "HEAD", "OPTIONS")
WRITES_A_MINUTE = 240
DESCRIBED = Spoken("动词 `%(verb)s`。%(doc)s")  # how every operation is described
# One router for all: two would hide each other's methods of one address.
router = Router()


def caller(request: HttpRequest) -> Act:
    """The act behind a request; 401 for nobody, 403 when a page's token is missing or a second factor is due."""
    act = act_in(request)
    if not act.signed_in:
        raise AuthenticationError
    if getattr(request, "second_due", False):
        raise Denied(_("请先完成第二步验证。"), code="second-factor")
    if request.method not in SAFE:
        if not getattr(request, "by_key", False) and check_csrf(request) is not None:
            raise Denied(_("页面已过期，请刷新后再试。"), code="csrf")
        throttles.throttle(
            f"api:{act.actor}", most=WRITES_A_MINUTE, window=timedelta(minutes=1), now=act.at
        )
    if not getattr(request, "by_key", False):  # a page of ours asks, not a machine
        act = act.on(channel="field" if act.may("matters.field") else "web")
        request.act = act  # type: ignore[attr-defined]
    return act


def allowed(request: HttpRequest, verb: str) -> Act:
    """The act, if it holds the declared verb."""
    act = act_in(request)
    permit(act, verbs()[verb])
    return act


def key_of(request: HttpRequest) -> UUID | None:
    """The `Idempotency-Key` of a request, None when there is none."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise Refusal(
            _("Idempotency-Key 须是一个 UUID。"), field="Idempotency-Key", code="bad-key"
        ) from None
