"""What hours went to, how systems are used, what was paid: three small records that answer R091, R100 and R073."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import (
    Agreement,
    Demand,
    Hours,
    Item,
    Payment,
    Placement,
    Usage,
)
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.services.rows import locked, today, unit_of, waiting
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.places import selectors as places

DAYS_BACK = 31
DAY_MOST = Decimal(24)


@action("admission.log_hours", title=_("记用时"), codes=("group",))
def log_hours(
    act: Act, *, group: str, hours: Decimal, day: date | None = None, words: str = ""
) -> Hours:
    """Say what some hours of one's own day went to; a day has no more than twenty-four (R091)."""
    on = day or today(act)
    if group not in {each.code for each in lists.section().time_log.groups}:
        raise Refusal(_("请选做了什么。"), field="group", code="group")
    if not today(act) - timedelta(days=DAYS_BACK) <= on <= today(act):
        raise Refusal(_("只能记最近一个月里的。"), field="day", code="day")
    where = act.spans[0].lo if act.spans else act.ground
    community = places.community_of(where)
    if community is None:
        raise Refusal(_("您不在社区里办事，不用记。"), code="area")
    waiting(f"hours:{act.actor}:{on}")
    told = Hours.objects.filter(account=act.actor, day=on).aggregate(n=Sum("hours"))["n"] or 0
    if not 0 < hours <= DAY_MOST - told:
        left = _("要大于 0；这一天还能记 %(left)s 小时。") % {"left": DAY_MOST - told}
        raise Refusal(left, field="hours", code="number")
    return Hours.objects.create(
        area_id=community,
        account=act.actor,
        day=on,
        group=group,
        hours=hours,
        words=words.strip()[:100],
    )


@action("admission.use_system", title=_("登记系统使用"), codes=())
def use_system(act: Act, placement: Placement, *, month: date, times: int, found: int) -> Usage:
    """Say how a system was used in a month and what it found; how much became matters is counted (R100)."""
    row = locked(Placement, placement.pk)
    first = month.replace(day=1)
    if row.kind != Placement.Kind.SYSTEM:
        raise Refusal(_("这不是信息系统。"), code="kind")
    if not act.sees(row.area_id):
        raise Refusal(_("这个社区不在您的范围内。"), code="area")
    if first > today(act) or row.until is not None and first > row.until:
        raise Refusal(_("这个月系统没有在用。"), field="month", code="month")
    handed = Usage.objects.filter(placement=row, month=first).values_list("handed", flat=True)
    least = handed.first() or 0
    if times < 0 or found < least:
        raise Refusal(
            _("这个月已有 %(n)s 个问题转成了诉求，发现的不能少于这个数。") % {"n": least},
            field="found",
            code="number",
        )
    made, _new = Usage.objects.update_or_create(
        placement=row,
        month=first,
        defaults={"area_id": row.area_id, "times": times, "found": found, "by": act.actor},
    )
    return made


def handed(act: Act, *, placement: int, month: date, count: int) -> None:
    """Count what a system found and somebody recorded as a matter, part of a listener (R100)."""
    with crossing(EVERYWHERE):
        row = Placement.objects.select_for_update(of=("self",)).filter(pk=placement).first()
        if row is None:
            return
        kept, _new = Usage.objects.get_or_create(
            placement=row, month=month, defaults={"area_id": row.area_id, "by": act.actor}
        )
        kept.handed += count
        # Nobody may have said yet how much it found: at least what was handed on.
        kept.found, kept.times = max(kept.found, kept.handed), max(kept.times, kept.handed)
        kept.save(update_fields=["handed", "found", "times"])


@action("admission.pay", title=_("拨付事项经费"), codes=())
def pay(act: Act, *, item: Item, area: int, amount: Decimal, words: str = "") -> Payment:
    """Pay a community for work of a funded item: after it delivered this year, and no more than was admitted (R073)."""
    unit, year = unit_of(act), today(act).year
    version = lists.version_on(item, today(act))
    if version is None or not version.yearly:
        raise Refusal(_("这一项没有核定经费。"), field="item", code="unfunded")
    if version.lead and version.lead != unit.code:
        raise Refusal(_("由这一项的主管部门拨付。"), code="not-yours")
    waiting(f"pay:{item.pk}:{area}:{year}")
    with crossing(EVERYWHERE):
        delivered = Demand.objects.filter(
            ticket__item=item, area=area, state=Demand.State.DELIVERED, delivered__year=year
        )
        if not delivered.exists():
            raise Refusal(_("这个社区今年还没有完成过这一项，不能拨付。"), field="area", code="due")
        held = Payment.objects.filter(item=item, area=area, year=year)
        paid = held.aggregate(n=Sum("amount"))["n"] or Decimal(0)
        if not 0 < amount <= version.yearly - paid:
            left = version.yearly - paid
            raise Refusal(
                _("今年还能拨 %(left)s 元。") % {"left": left}, field="amount", code="paid"
            )
        note(item=item.pk, amount=str(amount))
        return Payment.objects.create(
            area_id=area,
            unit=unit,
            item=item,
            year=year,
            amount=amount,
            words=words.strip()[:200],
            by=act.actor,
            at=act.at,
        )


def paid_for(act: Act, agreement: Agreement, amount: Decimal) -> None:
    """Keep what was paid under an agreement beside what was paid under items; part of its settlement."""
    if amount > 0:
        Payment.objects.create(
            area_id=agreement.area_id,
            unit_id=agreement.unit_id,
            agreement=agreement,
            year=today(act).year,
            amount=amount,
            words=agreement.number,
            by=act.actor,
            at=act.at,
        )
