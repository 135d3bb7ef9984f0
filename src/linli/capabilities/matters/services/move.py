"""One step of a matter: lock, ask the rules, step, set the clocks. Every verb goes through here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Evidence, Matter
from linli.capabilities.matters.rules import OFFER_VERBS, RESIDENT_VERBS, base_of, holds
from linli.capabilities.matters.services import rows
from linli.kernel.acts import SYSTEM, Act, Refusal, Span, crossing, note
from linli.kernel.files.examine import Clean
from linli.kernel.files.services import keep
from linli.kernel.flow import NotAllowed, Refused, load, may, step
from linli.kernel.flow import dump as dump_position

_AS_READ = "_as_read"
_NAMES = tuple((f.name, f.attname) for f in Matter._meta.concrete_fields)
ENDS_OFFER = frozenset(
    f"matters.{verb}" for verb in ("handle", "refuse", "withdraw", "merge", "accept")
)


def lock(matter: Matter) -> Matter:
    """The row as it is now, held until the transaction ends; refused when it is out of sight."""
    held = rows.held(matter.pk)
    if held is None:
        raise Refusal(_("这件诉求不在您的范围内，或已转往别处。"), code="gone")
    held.__dict__[_AS_READ] = _columns(held)
    return held


def _columns(matter: Matter) -> dict[str, Any]:
    kept = matter.__dict__
    return {name: kept.get(attname) for name, attname in _NAMES}


def _own(act: Act, matter: Matter) -> bool:
    mine = act.actor and act.actor == matter.reporter_id
    return bool(mine or (act.key and act.key == matter.visitor))


def check_hand(act: Act, matter: Matter, verb: str) -> None:
    """Refuse when the verb belongs to somebody else: the holder, the one it was offered to, the resident."""
    if act.actor == SYSTEM:
        return
    base = base_of(verb)
    if base in RESIDENT_VERBS:
        office = base in {"matters.urge", "matters.answer", "matters.reopen", "matters.withdraw"}
        if not _own(act, matter) and not (office and act.hat and act.sees(matter.area_id)):
            raise Refusal(_("只有反映人本人可以这样做。"), code="not-yours")
    elif base in OFFER_VERBS:
        if act.unit is None or act.unit != matter.offered_unit_id:
            raise Refusal(_("这件诉求不是转给您单位的。"), code="not-offered")
    elif not holds(base, unit=act.unit, holder_unit=matter.unit_id):
        raise Refusal(
            _("现由“%(unit)s”负责，请由其办理。")
            % {"unit": matter.unit.name if matter.unit else "—"},
            code="not-holder",
        )


def advance(act: Act, matter: Matter, verb: str, **inputs: Any) -> Matter:
    """Lock the matter and take one step; the caller changes more and calls `save`."""
    held = lock(matter)
    check_hand(act, held, verb)
    flow, position = clocks.flow(held), load(held.position)
    roles = set(act.roles)
    answer = may(flow, position, verb, roles, act.actor)
    if isinstance(answer, Refused):
        raise Refusal(answer.words, field=answer.field or None, code=f"flow-{answer.code}")
    try:
        new = step(flow, position, verb, act.at, act.actor, inputs)
    except NotAllowed as error:
        refused = error.refused
        raise Refusal(
            refused.words, field=refused.field or None, code=f"flow-{refused.code}"
        ) from None
    before = held.state
    held.position = dump_position(new)
    held.state, held.round = new.state, new.round
    if base_of(verb) in ENDS_OFFER:
        held.offered_unit, held.offered_post, held.offer = None, "", ""
    if flow.states[new.state].terminal:
        held.closed = held.closed or act.at
    elif held.closed is not None:
        held.closed = None
    clocks.set_clocks(held, new, act.at)
    note(round=new.round)
    if before != new.state:
        note(state=new.state, was=before)
    return held


def save(act: Act, matter: Matter) -> Matter:
    """Write the row; it may leave the actor's sight by that."""
    matter.changed = act.at
    before, now = matter.__dict__.get(_AS_READ), _columns(matter)
    # Only what has changed: a third of the time of writing every column anew.
    changed = [n for n, v in now.items() if n != "id" and (before is None or before[n] != v)]
    with crossing(Span(matter.area_id, matter.area_id + 1), restricted=matter.restricted):
        rows.update(matter, changed)
    matter.__dict__[_AS_READ] = now
    return matter


def attach(act: Act, matter: Matter, files: tuple[Clean, ...], use: Evidence.Use) -> None:
    """Keep files as evidence of the matter's present round."""
    for clean in files:
        kept = keep(act, clean, owner=matter, purpose=use.value)
        Evidence.objects.create(matter=matter, round=matter.round, use=use, file=kept, at=act.at)
