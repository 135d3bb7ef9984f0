"""The one way down: whatever is asked of communities is judged here, and kept, whether it passed or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Agreement, Demand, Ticket
from linli.capabilities.admission.policy import AdmissionPolicy
from linli.capabilities.admission.rules import Asked, Stopped, judge, named_duty
from linli.capabilities.admission.selectors import duties
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.rows import said, today, unit_of
from linli.kernel.access import offices
from linli.kernel.access.models import Unit
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.kernel.tasks import services as tasks

MOST = 2000
ISSUE, ANSWER = "admission.issue", "admission.answer"
STREETS = frozenset({"street_office"})


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked: kind, under which item, of which communities, through which streets, which fields, by when.

    `leads` are codes of the leading units (left out: the asking unit). `streets` are ids of the streets that hand it
    on; left out by a street office: its own. `agreement` is the number of a purchase, for what stands on no list.
    `responsible`: "unit" or "community"; `hours` what one community will spend on it.
    """

    kind: str
    title: str
    communities: tuple[int, ...]
    item: str = ""
    streets: tuple[int, ...] = ()
    leads: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    responsible: str = "unit"
    forbidden_class: str = ""
    veto: bool = False
    agreement: str = ""
    due: datetime | None = None
    hours: Decimal = Decimal(0)
    words: str = ""


class Turned(Refusal):
    """The gate's no: `clause` of the pack, its words and what to do instead; `ticket` keeps that it was asked.

    `beyond` names the fields that the item was not admitted with.
    """

    def __init__(self, policy: AdmissionPolicy, stopped: Stopped, ticket: int = 0) -> None:
        clause = policy.clause_by_code[stopped.clause]
        self.clause, self.what, self.ticket = clause, stopped.what, ticket
        self.instead = instead_of(policy, stopped)
        self.beyond = _beyond(stopped)
        words = _("%(title)s：%(words)s%(instead)s（依据：%(source)s）") % {
            "title": clause.title,
            "words": clause.words,
            "instead": self.instead,
            "source": clause.source.document,
        }
        super().__init__(words, field=_FIELD.get(stopped.clause), code=stopped.clause)


_FIELD = {
    "responsibility_letter": "title",
    "forbidden": "title",
    "veto": "veto",
    "responsible": "responsible",
    "one_lead": "leads",
    "not_lead": "leads",
    "via_street": "streets",
    "fields": "fields",
    "elsewhere": "communities",
    **dict.fromkeys(("unknown_item", "not_in_force", "wrong_kind"), "item"),
    "unfunded": "agreement",
    **dict.fromkeys(("certificate", "unlisted_certificate"), "title"),
}


def _beyond(stopped: Stopped) -> tuple[str, ...]:
    known = dictionary.elements()
    codes = stopped.what.split("\n") if stopped.clause == "fields" else ()
    return tuple(str(known[code].label) if code in known else code for code in codes)


def instead_of(policy: AdmissionPolicy, stopped: Stopped) -> Any:
    """What to do instead: of the forbidden class or the certificate itself where there is one."""
    named = {each.code: each.instead for each in policy.forbidden}
    named |= {each.code: each.instead for each in policy.certificates}
    if stopped.clause in ("not_lead", "responsible"):
        unit = offices.unit_coded(stopped.what) if stopped.what not in named else None
        if unit is not None:
            return _("这是%(unit)s的职责，由它牵头负责。") % {"unit": unit.name}
    return named.get(stopped.what) or policy.clause_by_code[stopped.clause].instead


@action("admission.demand", title=_("提出要求"), codes=())
def pass_(act: Act, *, asking: Asking) -> Ticket | Turned:
    """Judge a demand and keep the answer: a ticket with one demand per community, or the gate's no (not raised).

    From a department the demands wait at their streets; a street's own are received at once. The caller that must not
    go on raises what it got.
    """
    unit, policy = unit_of(act), section()
    title = said(asking.title, "title", 120, _("名称"))
    if asking.due is not None and timezone.localdate(asking.due) < today(act):
        raise Refusal(_("要的日期已经过了。"), field="due", code="past")
    areas = _communities(asking.communities)
    found = reads.held(asking.item, today(act), areas[0].pk) if asking.item else None
    bought = _agreement(act, asking, unit)
    asked = _asked(act, asking, unit, areas, bought)
    answer = judge(policy, asked, found[0] if found else None)
    kept = _kept(act, asking, unit, areas)
    kept.title, kept.passed = title, bool(answer)
    if found is not None:
        kept.item, kept.version = found[1], found[2]
    kept.agreement = bought
    if isinstance(answer, Stopped):
        kept.clause, kept.what = answer.clause, answer.what[:200]
    with crossing(EVERYWHERE):
        kept.save()
    note(ticket=kept.pk, kind=asking.kind, passed=kept.passed, clause=kept.clause)
    if isinstance(answer, Stopped):
        return Turned(policy, answer, kept.pk)
    _hand_out(act, kept, asking, areas, unit)
    return kept


def _communities(keys: Sequence[int]) -> list[Area]:
    if not keys:
        raise Refusal(_("请选社区。"), field="communities", code="required")
    if len(keys) > MOST:
        raise Refusal(
            _("一次最多 %(most)s 个社区。") % {"most": MOST}, field="communities", code="many"
        )
    known = places.tree().by_id
    found = [known[key] for key in dict.fromkeys(keys) if key in known]
    if len(found) < len(set(keys)) or any(
        a.level != Level.COMMUNITY or a.until is not None for a in found
    ):
        raise Refusal(_("所选的有的不是现有社区。"), field="communities", code="area")
    return found


def _agreement(act: Act, asking: Asking, unit: Unit) -> Agreement | None:
    if not asking.agreement:
        return None
    found = reads.agreement(asking.agreement)
    if found is None or found.unit_id != unit.pk:
        raise Refusal(_("找不到本单位的这份协议。"), field="agreement", code="agreement")
    if found.state != Agreement.State.OPEN or not found.start <= today(act) <= found.end:
        raise Refusal(_("这份协议不在履行期内。"), field="agreement", code="agreement")
    if any(key != found.area_id for key in asking.communities):
        raise Refusal(_("协议只约定了一个社区。"), field="communities", code="agreement")
    return found


def _asked(
    act: Act, asking: Asking, unit: Unit, areas: list[Area], bought: Agreement | None
) -> Asked:
    streets = {places.street_of(area.pk) or 0 for area in areas}
    own = unit.kind in STREETS
    via = {unit.area_id} if own and not asking.streets else set(asking.streets)
    leads = asking.leads or (unit.code,)
    return Asked(
        kind=asking.kind,
        title=asking.title,
        unit=unit.code,
        # A street hands on under the items of departments; the lead is then the item's.
        leads=leads,
        communities=tuple(area.pk for area in areas),
        streets=frozenset(streets),
        via=frozenset(via),
        day=today(act),
        fields=asking.fields,
        responsible=asking.responsible,
        forbidden_class=asking.forbidden_class,
        veto=asking.veto,
        agreement=bought.fee if bought else None,
        duty=named_duty(duties.words(), asking.title),
    )


def _kept(act: Act, asking: Asking, unit: Unit, areas: list[Area]) -> Ticket:
    return Ticket(
        at=act.at,
        by=act.actor,
        unit=unit,
        area_id=unit.area_id,
        kind=asking.kind[:12],
        leads=list(asking.leads or (unit.code,)),
        fields=list(asking.fields),
        responsible=asking.responsible,
        communities=len(areas),
        hours=asking.hours,
        due=asking.due,
    )


def _hand_out(act: Act, ticket: Ticket, asking: Asking, areas: list[Area], unit: Unit) -> None:
    """One demand per community, and a to-do for each street or community."""
    own = unit.kind in STREETS
    state = Demand.State.RECEIVED if own else Demand.State.AT_STREET
    rows = [
        Demand(
            ticket=ticket,
            area=area,
            unit=unit,
            kind=ticket.kind,
            title=ticket.title,
            words=asking.words[:500],
            fields=ticket.fields,
            hours=ticket.hours,
            state=state,
            made=act.at,
            issued=act.at if own else None,
            due=asking.due,
        )
        for area in areas
    ]
    with crossing(EVERYWHERE):
        made = Demand.objects.bulk_create(rows, batch_size=1000)
    if own:
        to_communities(act, made)
    else:
        _to_streets(act, ticket, areas)


def _to_streets(act: Act, ticket: Ticket, areas: list[Area]) -> None:
    streets = sorted({places.street_of(area.pk) or 0 for area in areas})
    offered = [(street, offices.unit_over(street, offices.STREET_OFFICE)) for street in streets]
    tasks.add_many(
        act,
        [
            tasks.ToDo(
                kind=ISSUE,
                subject_type="admission.ticket",
                subject_id=ticket.pk,
                area=street,
                title=ticket.title,
                unit=unit.pk if unit else None,
                due=ticket.due,
            )
            for street, unit in offered
        ],
    )


def to_communities(act: Act, demands: Sequence[Demand]) -> None:
    """A to-do for each community that something has come down to."""
    tasks.add_many(
        act,
        [
            tasks.ToDo(
                kind=ANSWER,
                subject_type="admission.demand",
                subject_id=demand.pk,
                area=demand.area_id,
                title=demand.title,
                unit=u.pk if (u := offices.unit_over(demand.area_id, offices.COMMITTEE)) else None,
                due=demand.due,
            )
            for demand in demands
        ],
    )
