"""Work on the burden in the demonstration city: one of each kind, hours of a fortnight, systems in use and idle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Hours, Placement, Step, Work
from linli.capabilities.admission.services.works import LISTS, Begun
from linli.kernel.access import offices
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

if TYPE_CHECKING:
    from linli.site.demo.demands import Stage

GROUPS = (("forms", 3), ("meetings", 1), ("window", 2), ("visits", 1), ("disputes", 1))
DAYS = 10


def settle(stage: Stage) -> None:
    """Begin, fill and end some of each kind; the communities are those that the story is told in."""
    home = stage.cast.stage
    street = places.tree().by_id[places.street_of(home.pk) or 0]
    worker, clerk = stage.at(street, "street_worker", 30), stage.at(home, "clerk", 2)
    _joined(worker, stage.at(home, "clerk", 4))
    _joined_before(stage, street)
    _appraised(stage)
    _supervised(stage, home)
    services.begin(
        worker, begun=Begun("campaign", "减表减负专项行动", measure="by_hand", target=30)
    )
    document = Begun("document", "关于开展冬季专项排查的通知", number="办〔2026〕31号", adds=True)
    services.begin(stage.act("market", "department_worker", 3), begun=document)
    for title, every in (("工作例会", "month"), ("工作报告", "half")):
        start = clerk.at.date() + timedelta(days=3)
        services.begin(clerk, begun=Begun("duty", title, every=every, start=start))
    _hours(stage, home)
    for system in Placement.objects.filter(area=home, kind="system")[:1]:
        month = clerk.at.date()
        services.use_system(clerk, system, month=month, times=12, found=4)


def _joined(worker: Act, clerk: Act) -> None:
    """A street whose lists are published and whose agreements are made, but for one community."""
    work = services.begin(worker, begun=Begun("interaction", "政社互动"))
    steps = list(Step.objects.filter(work=work).order_by("id"))
    agreed = [step for step in steps if step.kind == "agreement"]
    for step in [s for s in steps if s.kind == "list"] + agreed[:-1]:
        services.fill(worker, step, words="已公布、已签订")
    own = [s for s in steps if s.kind == "community_rates" and clerk.sees(s.area_id)]
    for step in own[:1]:
        services.fill(clerk, step, words="报表少了，会还可以再少", value=Decimal(86))


def _joined_before(stage: Stage, telling: Area) -> None:
    """Every other street joined its communities years ago, as the province did by the end of 2019; but for the last one."""
    offered = [each for each in places.at_level(Level.STREET) if each.pk != telling.pk][:-1]
    units = {each.pk: offices.unit_over(each.pk, offices.STREET_OFFICE) for each in offered}
    done = datetime(2019, 12, 20, 8, tzinfo=UTC)
    given = {"kind": "interaction", "title": "政社互动", "state": Work.State.CLOSED, "by": 1}
    works = Work.objects.bulk_create(
        Work(
            **given,
            area_id=area,
            unit=unit,
            start=date(2019, 9, 2),
            made=done - timedelta(days=100),
            closed=done,
            result="两份清单已公布，协议已签订。",
        )
        for area, unit in units.items()
        if unit is not None
    )
    shared = {"words": "已公布、已签订", "done": done, "by": 1}
    steps = []
    for work in works:
        street = places.tree().by_id[work.area_id]
        rows = [(work.area_id, "list", str(title)) for title in LISTS]
        rows += [
            (each.pk, "agreement", each.name)
            for each in places.descendants(street, Level.COMMUNITY)
        ]
        own = {"work": work, "unit_id": work.unit_id, "owner_id": work.unit_id, **shared}
        steps += [Step(area_id=at, kind=kind, title=title, **own) for at, kind, title in rows]
    Step.objects.bulk_create(steps, batch_size=1000)


def _appraised(stage: Stage) -> None:
    """The year's one appraisal, with the indicators of departments merged into it."""
    office = stage.act("government_office", "standing_office", 40)
    year = office.at.year
    work: Work = services.begin(
        office, begun=Begun("appraisal", f"{year}年统一综合考核", year=year)
    )
    for unit, title, weight in (
        ("civil", "养老和救助服务", 40),
        ("police", "平安建设", 30),
        ("health", "公共卫生服务", 30),
    ):
        asked = stage.act(unit, "department_worker", 35)
        source = "从办件和走访记录取数，不另外填报"
        step = services.propose(asked, work, title=title, weight=Decimal(weight), source=source)
        services.fill(office, step, words=source)


def _supervised(stage: Stage, home: Area) -> None:
    """A round of supervision: communities drawn by lot, one of them with something to put right."""
    head = stage.act("command", "duty_head", 9)
    begun = Begun(
        "supervision", "第四季度减负督查", sample=6, end=head.at.date() + timedelta(days=40)
    )
    work = services.begin(head, begun=begun)
    steps = list(Step.objects.filter(work=work).order_by("id"))
    for step in steps[:3]:
        services.fill(head, step, words="没有目录外的事，牌子照目录挂。")
    due = head.at.date() + timedelta(days=20)
    for step in steps[3:4]:
        services.fill(head, step, words="两张表没有过准入口，请停填并说明。", due=due)


def _hours(stage: Stage, home: Area) -> None:
    """What a fortnight of one worker went to."""
    for days in range(DAYS):
        clerk = stage.at(home, "clerk", days + 1, 17)
        Hours.objects.bulk_create(
            Hours(
                area_id=home.pk,
                account=clerk.actor,
                day=clerk.at.date(),
                group=group,
                hours=Decimal(hours),
            )
            for group, hours in GROUPS
        )
