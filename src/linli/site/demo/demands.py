"""What communities of the demonstration city were asked: the lists, applications in every state, the gate, half a year of burden.

What happened lately goes through the services, so that it is what they would leave; the months before are poured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from linli.capabilities.admission import services
from linli.capabilities.admission.models import (
    Demand,
    Item,
    Occasion,
    Placement,
    Ticket,
)
from linli.capabilities.admission.services import (
    Asking,
    Bargain,
    Calling,
    Standing,
    Turned,
    Wanted,
)
from linli.kernel.access import offices
from linli.kernel.access.hats import act_for
from linli.kernel.acts import Act
from linli.kernel.acts.pouring import pour
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.calendar.terms import Term
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.site.demo import decisions, works
from linli.site.demo.options import Options
from linli.site.demo.people import Cast
from linli.site.demo.writing import numbers

MONTHS = 6
# item, unit, title, fields asked in the first month and in the last, hours
TABLES = (
    ("A10", "civil", "特殊困难老年人摸排表", 7, 11, 8),
    ("A04", "police", "流动人口和出租房核对表", 6, 8, 6),
    ("A12", "civil", "困境儿童走访表", 6, 6, 3),
    ("P03", "labour", "失业人员服务登记表", 3, 4, 3),
    ("A22", "emergency", "安全隐患点位表", 4, 6, 4),
)
OCCASIONS = (
    ("M01", "", "meeting", "月度工作例会", 2),
    ("M04", "emergency", "meeting", "安全生产工作会", 2),
    ("I01", "fire", "inspection", "消防安全联合检查", 3),
    ("I02", "civil", "inspection", "社会救助动态核查", 4),
)
WISHES = (
    ("civil", "services", "独居老人燃气安全检查协助", "《城镇燃气管理条例》", 3000),
    ("health", "services", "流感疫苗接种宣传和登记", "国家免疫规划", 2000),
    ("labour", "services", "社区招聘会场地协助", "《中华人民共和国就业促进法》", 1500),
    ("education", "contests", "书香社区创建", "全民阅读促进工作文件", 0),
    ("market", "inspections", "农贸市场周边食品安全巡查", "《中华人民共和国食品安全法》", 1000),
    ("police", "meetings", "社区警务联席会", "社区警务工作规范", 0),
)


@dataclass(slots=True)
class Stage:
    """Who acts and where."""

    cast: Cast
    options: Options
    dice: Random

    def act(self, unit: str, post: str, days: float, hour: int = 10) -> Act:
        """The act of somebody of a department, so many days ago."""
        hand = self.cast.staff[(self.cast.units[unit], post)][0]
        return act_for(hand.account, hand.hat, at=self.at_day(days, hour))

    def at(self, area: Area, post: str, days: float, hour: int = 11, *, nth: int = 0) -> Act:
        """The act of somebody of a committee or a street office: the first of them, or the one that is named."""
        hand = self.cast.staff[(self.cast.seats[area.pk], post)][nth]
        return act_for(hand.account, hand.hat, at=self.at_day(days, hour))

    def at_day(self, days: float, hour: int = 10) -> datetime:
        """So many days ago at an hour, never later than now."""
        day = self.options.now.date() - timedelta(days=int(days))
        return min(datetime.combine(day, time(hour, 0), SHANGHAI), self.options.now)

    @property
    def lively(self) -> list[Area]:
        """The communities that the story is told in."""
        return self.cast.lively


def settle(act: Act, cast: Cast, options: Options) -> Stage | None:
    """Write the lists and what was asked under them; returns who acted, None where no office decides on lists."""
    if not {"justice", "government_office"} <= set(cast.units):
        return None
    services.seed(act.on(at=options.now - timedelta(days=400)))
    stage = Stage(cast, options, Random(f"demands:{options.seed}"))
    _months(stage)
    _applications(stage)
    decisions.settle(stage)
    _lately(stage)
    _registers(stage)
    services.weigh(act)  # a campaign takes its baseline from the months before
    works.settle(stage)
    return stage


def _firsts(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def _months(stage: Stage) -> int:
    """Delivered tables and held meetings of the months before; fields grow while the tables stay as many."""
    items = {item.code: item for item in Item.objects.all()}
    tickets: list[Ticket] = []
    demands: list[Demand] = []
    today = stage.options.now.date()
    for number, first in enumerate(_firsts(today)):
        for code, unit, title, before, after, hours in TABLES:
            day = first + timedelta(days=stage.dice.randint(2, 20))
            if day >= today - timedelta(days=12):
                continue
            count = before + round((after - before) * number / (MONTHS - 1))
            version = items[code].versions.get()
            ticket = _ticket(stage, items[code], unit, f"{first.month}月{title}", day)
            ticket.fields, ticket.hours = list(version.fields)[:count], Decimal(hours)
            tickets.append(ticket)
            demands += [_delivered(stage, ticket, area, day) for area in stage.lively]
    for ticket, key in zip(tickets, numbers(Ticket, len(tickets)), strict=True):
        ticket.pk = key
    for demand, key in zip(demands, numbers(Demand, len(demands)), strict=True):
        demand.pk, demand.ticket_id = key, demand.ticket.pk
    pour(tickets)
    pour(demands)
    _held(stage, items)
    return len(demands)


def _ticket(stage: Stage, item: Item, unit: str, title: str, day: date) -> Ticket:
    at = datetime.combine(day, time(10, 0), SHANGHAI)
    hand = stage.cast.staff[(stage.cast.units[unit], "department_worker")][0]
    seat = offices.unit(stage.cast.units[unit])
    return Ticket(
        at=at,
        by=hand.account,
        unit_id=stage.cast.units[unit],
        area_id=seat.area_id if seat else item.area_id,
        kind="table",
        title=title,
        item=item,
        version=1,
        leads=[unit],
        responsible="unit",
        communities=len(stage.lively),
        due=at + timedelta(days=10),
        passed=True,
    )


def _delivered(stage: Stage, ticket: Ticket, area: Area, day: date) -> Demand:
    issued = ticket.at + timedelta(hours=4)
    return Demand(
        ticket=ticket,
        area=area,
        unit_id=ticket.unit_id,
        kind="table",
        title=ticket.title,
        fields=ticket.fields,
        by_hand=stage.dice.randint(0, max(1, len(ticket.fields) // 2)),
        hours=ticket.hours,
        state=Demand.State.DELIVERED,
        made=ticket.at,
        issued=issued,
        due=ticket.due,
        answered=issued + timedelta(days=1),
        delivered=issued + timedelta(days=stage.dice.randint(2, 9)),
    )


def _held(stage: Stage, items: dict[str, Item]) -> None:
    today = stage.options.now.date()
    rows: list[Occasion] = []
    for first in _firsts(today):
        for code, unit, kind, title, hours in OCCASIONS:
            for area in stage.lively:
                day = first + timedelta(days=stage.dice.randint(1, 26))
                street = places.street_of(area.pk) or 0
                rows.append(
                    Occasion(
                        area=area,
                        unit_id=stage.cast.units[unit] if unit else stage.cast.seats[street],
                        item=items[code],
                        kind=kind,
                        title=title,
                        day=day,
                        hours=Decimal(hours),
                        people=2 if kind == "inspection" else 1,
                        state="held" if day < today else "planned",
                    )
                )
    for row, key in zip(rows, numbers(Occasion, len(rows)), strict=True):
        row.pk = key
    pour(rows)


def _applications(stage: Stage) -> None:
    """One application in every state the procedure knows; those under way are within their terms."""
    for number, given in enumerate(WISHES[:-1]):
        _applied(stage, number, given)
    decisions.awaited(stage, WISHES[-1])


def _applied(stage: Stage, number: int, given: tuple[str, str, str, str, int]) -> None:
    """The first stays a draft, the second waits for review, the third is under notice, two are decided."""
    unit, catalogue, title, basis, yearly = given
    days = {1: 4, 2: 7}.get(number, 52)
    drafted = stage.act(unit, "department_worker", days + 4, 9)
    start = due_at(drafted.at, Term.parse("60WD"), calendar(), office(), SHANGHAI)
    wish = decisions.wish(title, catalogue, basis, yearly, start.date() if start else None)
    row = services.apply(drafted, wish=wish)
    if number == 0:
        return
    row = services.submit(stage.act(unit, "department_worker", days), row)
    if number == 1:
        return
    reviewer = stage.act("justice", "legal_reviewer", 3 if number == 2 else 48)
    row = services.uphold(reviewer, row, opinion="于法有据，未增设社区义务，同意公示。")
    if number == 2:
        return
    row = services.close_notice(stage.act("justice", "legal_reviewer", 18), row)
    meeting = stage.act("government_office", "standing_office", 15)
    minute = f"常务会议纪要〔{meeting.at.year}〕{number + 5}号"
    if number == 3:
        reason = "与文明社区创建重复，并入一并开展。"
        services.refuse(meeting, row, minute=minute, reason=reason)
        return
    services.admit(meeting, row, minute=minute, yearly=Decimal(yearly), funding="食品安全专项经费")


def _lately(stage: Stage) -> int:
    """The story: refused past the street, then admitted and handed on; one community says no."""
    keys = tuple(area.pk for area in stage.lively)
    streets = tuple(sorted({places.street_of(key) or 0 for key in keys}))
    civil = stage.act("civil", "department_worker", 6, 9)
    given: dict[str, Any] = {
        "kind": "table",
        "title": "高龄独居老人冬季关爱表",
        "communities": keys,
        "fields": ("person.name", "person.phone", "residence.address", "tag.living"),
        "hours": Decimal(4),
        "due": stage.options.now + timedelta(days=9),
    }
    services.pass_(civil, asking=Asking(**given, item="A10"))
    market = stage.act("market", "department_worker", 5, 9)
    services.pass_(market, asking=Asking(**{**given, "title": "食品安全目标责任书"}, item="A19"))
    passed = services.pass_(civil, asking=Asking(**given, item="A10", streets=streets))
    if isinstance(passed, Turned):
        raise passed
    home = places.tree().by_id[places.street_of(stage.cast.stage.pk) or 0]
    for key in streets:
        street = places.tree().by_id[key]
        services.issue(stage.at(street, "street_worker", 5), passed)
    for number, area in enumerate(stage.lively[: len(keys) // 2]):
        demand = Demand.objects.get(ticket=passed, area=area)
        clerk = stage.at(area, "clerk", 3)
        if number == 1:
            services.decline(clerk, demand, reason="上月刚报过同样内容的表，请先从登记库取数。")
        elif number > 1:
            services.accept(clerk, demand)
            services.deliver(clerk, demand, by_hand=1, hours=1.5)
    _waits(stage, home)
    return len(keys)


def _waits(stage: Stage, home: Area) -> None:
    """One more that the street has still to hand on."""
    waiting = stage.act("police", "department_worker", 1)
    services.pass_(
        waiting,
        asking=Asking(
            kind="table",
            title="出租房屋安全核对表",
            item="A04",
            communities=tuple(c.pk for c in places.descendants(home, Level.COMMUNITY)),
            streets=(home.pk,),
            fields=("residence.address", "tie.name", "tie.phone"),
            hours=Decimal(5),
        ),
    )


def _registers(stage: Stage) -> None:
    """Signboards with one too many, systems, an agreement, certificates, a meeting to come."""
    home = stage.cast.stage
    clerk = stage.at(home, "clerk", 20)
    for code, title, inside in (
        ("G01", "党组织", False),
        ("G02", "居民委员会", False),
        ("G04", "党群服务中心", False),
        ("G05", "新时代文明实践站", True),
        ("G06", "综治中心", True),
    ):
        standing = Standing(home.pk, "signboard", title, code, inside, "社区挂牌目录")
        services.place(clerk, standing=standing)
    found = Standing(home.pk, "signboard", "某某工作示范点", "", False, "部门自行悬挂", found=True)
    sign = services.place(clerk, standing=found)
    rows = [
        Placement(area=area, kind="system", title=title, item=None, since=date(2020, 1, 1))
        for area in stage.lively
        for title in ("部门填报系统一", "部门填报系统二")[: stage.dice.randint(1, 2)]
    ]
    Placement.objects.bulk_create(rows)
    _cleared(stage, home, sign)
    _papers(stage, home, clerk)


def _cleared(stage: Stage, home: Area, sign: Placement) -> None:
    """The street's clean-up plan: a signboard that is late, systems of other communities, one of them gone."""
    street = places.tree().by_id[places.street_of(home.pk) or 0]
    worker, today = stage.at(street, "street_worker", 18), stage.options.now.date()
    services.plan_clearing(worker, sign, by=today - timedelta(days=4))
    systems = Placement.objects.filter(
        kind="system", area__gte=street.pk, area__lt=street.hi, item=None, until=None
    ).exclude(area=home.pk)
    for at, row in enumerate(systems.order_by("pk")[:4]):
        services.plan_clearing(worker, row, by=today + timedelta(days=3 * at + 5))
        if at == 0:
            services.unplace(worker, row, on=None, why="已并入一张表，停用")


def _papers(stage: Stage, home: Area, clerk: Act) -> None:
    """An agreement, certificates, a meeting to come."""
    services.agree(
        stage.act("housing", "department_worker", 25),
        bargain=Bargain(
            area=home.pk,
            title="老旧小区楼道粉刷看护",
            fee=Decimal(6000),
            budget="老旧小区改造专项",
            start=stage.options.now.date() - timedelta(days=25),
            end=stage.options.now.date() + timedelta(days=120),
            acceptance="逐楼验收，居民代表签字。",
        ),
    )
    for name, body in (("张某", "担任三号楼楼栋长。"), ("李某", "担任居民代表。")):
        services.certify(
            clerk,
            wanted=Wanted(home.pk, "C03", name, body, "单位备案", "查看推选记录"),
        )
    street = places.tree().by_id[places.street_of(home.pk) or 0]
    keys = tuple(c.pk for c in places.descendants(street, Level.COMMUNITY))
    worker = stage.at(street, "street_worker", 2)
    today = stage.options.now.date()
    meeting = Calling("meeting", "岁末工作例会", "M01", keys, today + timedelta(days=6), Decimal(2))
    services.schedule(worker, calling=replace(meeting, place="街道三楼会议室"))
    _inspections(stage, street, keys, worker)


def _inspections(stage: Stage, street: Area, keys: tuple[int, ...], worker: Act) -> None:
    """Two departments come in the same fortnight, which might be one visit; a third is turned away."""
    for unit, item, title, days in (
        ("fire", "I01", "冬季消防安全检查", 3),
        ("emergency", "I04", "危房和防汛设施检查", 4),
        ("market", "", "食品安全专项检查", 5),
    ):
        calling = Calling(
            "inspection",
            title,
            item,
            keys,
            stage.options.now.date() + timedelta(days=days),
            Decimal(3),
            people=2,
            streets=(street.pk,),
        )
        made = services.schedule(stage.act(unit, "department_worker", 2), calling=calling)
        if not isinstance(made, Turned) and made[0].ticket is not None:
            services.issue(worker, made[0].ticket)
