"""One row of every table of admission: what 甲社区 was asked, what stands there, what was held, issued and stamped."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from linli.capabilities.admission.models import (
    Agreement,
    Application,
    Certificate,
    CertificateRequest,
    Comment,
    Demand,
    Hours,
    Item,
    ItemVersion,
    Occasion,
    Payment,
    Placement,
    PublicNotice,
    SealUse,
    Step,
    Ticket,
    Usage,
    Weight,
    Work,
)
from linli.kernel.access.models import Unit
from linli.kernel.places.models import Area

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 6, 1)


def ask(areas: dict[str, Area]) -> None:
    """Write the rows; the asking department is the town's 市政和园林局."""
    city, one, unit = areas["试验市"], areas["甲社区"], Unit.objects.get(code="municipal")
    item = Item.objects.create(code="T90", catalogue="services", area=city, changed=NOW)
    ItemVersion.objects.create(
        item=item, number=1, title="路灯损坏登记", lead="municipal", basis="市政管理条例", made=NOW
    )
    applied = Application.objects.create(
        catalogue="services",
        title="绿化认养登记",
        area=city,
        unit=unit,
        reviewer=unit,
        decider=unit,
        by=1,
        policy=1,
        state="notice",
        position={"state": "notice"},
        changed=NOW,
    )
    PublicNotice.objects.create(
        application=applied.pk,
        title=applied.title,
        catalogue="services",
        kind="admit",
        unit=unit.name,
        opinion="合法",
        opened=NOW,
        until=NOW,
    )
    Comment.objects.create(application=applied, words="认养要自愿", at=NOW)
    _came_down(city, one, unit, item)
    _stands(one, unit, item)


def _came_down(city: Area, one: Area, unit: Unit, item: Item) -> None:
    shared: dict[str, Any] = {"unit": unit, "title": "路灯损坏登记"}
    Agreement.objects.create(
        number="XY-T-1",
        area=one,
        fee=Decimal(1000),
        budget="养护费",
        start=DAY,
        end=DAY,
        acceptance="逐盏核对",
        made=NOW,
        **shared,
    )
    ticket = Ticket.objects.create(
        at=NOW, by=1, area=city, kind="task", item=item, communities=1, passed=True, **shared
    )
    Demand.objects.create(
        ticket=ticket, area=one, kind="task", state="received", made=NOW, issued=NOW, **shared
    )


def _stands(one: Area, unit: Unit, item: Item) -> None:
    Weight.objects.create(area=one, month=DAY, unit=unit, times=1, tables=1)
    Placement.objects.create(area=one, kind="signboard", title="党群服务中心", since=DAY)
    system = Placement.objects.create(area=one, kind="system", title="填报系统", since=DAY)
    Usage.objects.create(placement=system, area=one, month=DAY, times=1, by=1)
    Hours.objects.create(area=one, account=1, day=DAY, group="forms", hours=Decimal(1))
    Payment.objects.create(area=one, unit=unit, item=item, year=2026, amount=9, by=1, at=NOW)
    work = Work.objects.create(
        kind="supervision", area=one, unit=unit, title="抽查台账", start=DAY, by=1, made=NOW
    )
    Step.objects.create(work=work, area=one, unit=unit, owner=unit, kind="sample", title="甲社区")
    Occasion.objects.create(
        area=one, unit=unit, kind="meeting", title="例会", day=DAY, hours=Decimal(2)
    )
    _certified(one, unit, item)


def _certified(one: Area, unit: Unit, item: Item) -> None:
    issued = Certificate.objects.create(
        area=one,
        unit=unit,
        item=item,
        number="T-1",
        key=uuid.UUID(int=7),
        title="任职证明",
        name="王小梅",
        body="楼栋长",
        purpose="备案",
        checked="查看推选记录",
        by=1,
        at=NOW,
    )
    CertificateRequest.objects.create(
        area=one,
        item=item,
        title="任职证明",
        account=1,
        person=1,
        name="王小梅",
        relation="self",
        purpose="备案",
        words="楼栋长",
        made=NOW,
    )
    SealUse.objects.create(area=one, certificate=issued, reason="任职", by=1, name="陈静", at=NOW)
