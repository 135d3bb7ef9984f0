"""Certificates that residents ask for: what is offered, who proves the rest, what was asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from linli.capabilities.admission.models import CertificateRequest, ItemVersion
from linli.capabilities.admission.policy import Certificate as Elsewhere
from linli.capabilities.admission.selectors.lists import of_kinds, section
from linli.capabilities.admission.selectors.sight import within
from linli.capabilities.registry.selectors.kin import Kin, kin
from linli.kernel.acts import Act
from linli.ui.spoken import said

PAGE, MINE = 50, 30
# What everybody says around the thing itself.
_AROUND = re.compile(r"\s|证明|[开的要]|一[个张]")  # words: people say


def offered(day: date, at: int | None = None) -> list[ItemVersion]:
    """Certificates that the list in force at a place lets a community issue."""
    return of_kinds(day, ("seal",), "", at)


def whom(act: Act) -> list[Kin]:
    """Whom the account may ask for, as the pack says."""
    return kin(act, household=section().requests.household)


def _core(wish: str) -> str:
    return _AROUND.sub("", wish)


def elsewhere(wish: str) -> list[Elsewhere]:
    """Those of the national list that a wish means, in its own words or as people call them; all for an empty wish."""
    listed, plain, core = section().certificates, "".join(wish.split()), _core(wish)
    if not plain:
        return list(listed)
    return [
        each
        for each in listed
        if (core and core in str(each.title))
        or any(word in plain for word in (str(each.title), *each.words, *each.called))
    ]


def matching(rows: Iterable[ItemVersion], wish: str) -> list[ItemVersion]:
    """Those on offer whose name shares two characters in a row with a wish; all for an empty wish."""
    core = _core(wish)
    pairs = {core[at : at + 2] for at in range(len(core) - 1)}
    return [v for v in rows if not core or any(pair in str(said(v.title)) for pair in pairs)]


def mine(act: Act) -> list[CertificateRequest]:
    """What the account asked for, newest first."""
    rows = CertificateRequest.objects.filter(account=act.actor).select_related("area")
    return list(rows.order_by("-id")[:MINE])


def own(act: Act, pk: int) -> CertificateRequest | None:
    """One's own request."""
    rows = CertificateRequest.objects.filter(account=act.actor, pk=pk)
    return rows.select_related("area", "item", "certificate__area", "certificate__unit").first()


def open_ones(act: Act) -> QuerySet[CertificateRequest]:
    """Requests of the actor's areas that nobody answered yet, the oldest first."""
    rows = CertificateRequest.objects.filter(within(act), state=CertificateRequest.State.ASKED)
    return rows.select_related("area").order_by("id")[:PAGE]


def one(act: Act, pk: int) -> CertificateRequest | None:
    """One request of the actor's areas."""
    rows = CertificateRequest.objects.filter(within(act), pk=pk)
    return rows.select_related("area", "item", "certificate").first()
