"""Somebody known elsewhere has come: the file is met by exact number and name, never made twice."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Person
from linli.capabilities.registry.rules.people import Identity, may_register
from linli.capabilities.registry.services import known, staying
from linli.capabilities.registry.services.batches import by_hand
from linli.capabilities.registry.services.people import leave
from linli.capabilities.registry.services.rows import said, today
from linli.capabilities.registry.services.staying import Stay
from linli.capabilities.registry.services.undoing import one_deed
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing
from linli.kernel.acts.models import Fact

REASON_MOST = 200


@action("registry.adopt", title=_("接收档案"), codes=("source",), keep=("reason",))
def adopt(
    act: Act,
    *,
    identity: Identity,
    stay: Stay,
    reason: str,
    source: str = "window",
    asked: datetime | None = None,
) -> Person:
    """Meet a person known elsewhere by exact number and name, and begin a residence here.

    The fact names the communities that were left; their clerks are told. `asked` is when the page was drawn: whoever
    was taken over by somebody else since then is not taken over again unseen.
    """
    who = may_register(identity, today(act))
    if not who.number:
        raise Refusal(_("接收档案须填写证件号码。"), field="number", code="no-number")
    said(reason, "reason", REASON_MOST, _("接收原因"))
    place = staying.placed(act, stay)
    known.held(who)
    found = known.known(who)
    if found is None:
        raise Refusal(_("这个证件号码没有登记过，请直接登记。"), field="number", code="unknown")
    if not found.same or found.id is None:
        raise known.other_name()
    if found.here:
        raise Refusal(
            _("此人已登记在您的范围内，请打开其档案登记迁入。"), field="number", code="known-here"
        )
    if asked is not None:
        _not_since(found.id, asked)
    with one_deed():
        person = leave(act, found.id, stay, place)
    residence = staying.begin(act, person, stay, place, by_hand(act, source).pk)
    staying.lead(residence, person)
    return person


def _not_since(person: int, asked: datetime) -> None:
    with crossing(EVERYWHERE):
        met = Fact.objects.filter(
            subject_type="registry.person",
            subject_id=person,
            verb__in=("registry.adopt", "registry.move_in"),
            recorded__gt=asked,
        )
        if met.exists():
            raise Refusal(
                _("此人刚刚由另一个社区接收。请先与该社区核实；确需接收的，重新核对身份后再办。"),
                code="just-adopted",
            )
