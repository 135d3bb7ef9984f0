"""Agreements take the place of responsibility letters: parties, item, fee, term, acceptance, payment (R071–R073)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Agreement
from linli.capabilities.admission.rules.gate import barred
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.gate import Turned
from linli.capabilities.admission.services.hours import paid_for
from linli.capabilities.admission.services.rows import locked, numbered, said, today, unit_of
from linli.kernel.acts import Act, Refusal, Span, action, crossing, note
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level


@dataclass(frozen=True, slots=True)
class Bargain:
    """What two parties agree: the community, what for, how much, from which money, until when, how it is accepted."""

    area: int
    title: str
    fee: Decimal
    budget: str
    start: date
    end: date
    acceptance: str
    item: str = ""


@action("admission.agree", title=_("签订服务协议"))
def agree(act: Act, *, bargain: Bargain) -> Agreement:
    """Make a purchase or commission of a community's work; a responsibility letter cannot be made."""
    unit, title = unit_of(act), said(bargain.title, "title", 120, _("协议名称"))
    policy = section()
    if (stopped := barred(policy, title)) is not None:
        raise Turned(policy, stopped)
    area = _community(bargain.area)
    if bargain.fee <= 0:
        raise Refusal(_("协议要写明经费。"), field="fee", code="unfunded")
    if bargain.end < bargain.start:
        raise Refusal(_("结束日期早于开始日期。"), field="end", code="order")
    item = lists.item(bargain.item, area.pk) if bargain.item else None
    if bargain.item and item is None:
        raise Refusal(_("没有这个准入事项。"), field="item", code="item")
    number = numbered(Agreement, f"XY-{unit.code}-{today(act).year}-")
    note(fee=str(bargain.fee), unit=unit.pk)
    with crossing(Span(area.pk, area.pk + 1)):
        return Agreement.objects.create(
            number=number,
            item=item,
            title=title,
            unit=unit,
            area=area,
            fee=bargain.fee,
            budget=said(bargain.budget, "budget", 120, _("预算项目")),
            start=bargain.start,
            end=bargain.end,
            acceptance=said(bargain.acceptance, "acceptance", 400, _("验收办法")),
            made=act.at,
        )


def _community(area: int) -> Area:
    try:
        found = places.area(area)
    except Area.DoesNotExist:
        raise Refusal(_("没有这个社区。"), field="area", code="area") from None
    if found.level != Level.COMMUNITY or found.until is not None:
        raise Refusal(_("请选一个现有的社区。"), field="area", code="area")
    return found


@action("admission.settle", title=_("验收并付款"))
def settle(act: Act, agreement: Agreement, *, paid: Decimal, finding: str) -> Agreement:
    """Accept what was delivered and say what was paid for it (R073); only the paying unit."""
    row = locked(Agreement, agreement.pk)
    if act.unit != row.unit_id:
        raise Refusal(_("由签协议的单位验收付款。"), code="not-yours")
    if row.state != Agreement.State.OPEN:
        raise Refusal(_("这份协议已经验收或者终止。"), code="state")
    if not 0 <= paid <= row.fee:
        raise Refusal(_("付款不能超过协议金额。"), field="paid", code="paid")
    row.finding = said(finding, "finding", 400, _("验收意见"))
    row.paid, row.settled, row.state = paid, act.at, Agreement.State.SETTLED
    row.save(update_fields=["finding", "paid", "settled", "state"])
    paid_for(act, row, paid)
    note(paid=str(paid))
    return row
