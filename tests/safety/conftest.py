"""One rich story in a database of its own, written once, so that every walled table has rows to hide."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from linli.capabilities.matters import services
from linli.capabilities.matters.models import HotlineFile, Matter
from linli.capabilities.matters.services import tallies
from linli.kernel.access import offices
from linli.kernel.access.once import once
from linli.kernel.access.services.own import save_filter
from linli.kernel.acts import Act, conveyor, system_act, under
from linli.kernel.files.models import Export
from linli.kernel.files.services import check
from linli.kernel.files.tests import bytes as samples
from linli.kernel.notices.carry import plan
from linli.kernel.notices.services import choose, set_mailbox, tell
from linli.kernel.places import selectors as places
from linli.kernel.policy import forget
from tests import database, families
from tests.town import Town

SECRETS = {
    "lamp": "二单元楼道灯不亮甲一",
    "restricted": "有人准备集体上访甲密",
    "guest": "垃圾桶满了没人收甲客",
    "offered": "小区门口占道经营甲转",
    "taken": "绿化带树枝折断甲接",
    "elsewhere": "乙社区水管漏水乙一",
    "anonymous": "楼上深夜装修太吵甲匿",
    "second": "健身器材松动第二网格",
}
"""A title of its own for each matter, so that a leak is found by its words."""


@dataclass(slots=True)
class Story:
    """The town, its matters by key, the guest's code, the moment it all began."""

    town: Town
    began: datetime
    code: str = ""
    matters: dict[str, Matter] = field(default_factory=dict)

    def act(self, who: str, hours: float = 10) -> Act:
        """The act of one of the cast; `guest` knows nothing, `keyed` knows number and code."""
        if who in ("guest", "keyed"):
            key = services.visitor_key(self.code) if who == "keyed" else None
            return guest(self.town, self.began + timedelta(hours=hours)).on(key=key)
        return self.town.act(who, self.began + timedelta(hours=hours))


def guest(town: Town, at: datetime) -> Act:
    """The act of somebody who has not signed in."""
    wang = town.act("wang", at)
    return wang.on(actor=0, name="", hat=None, roles=frozenset({"guest"}))


def forget_all() -> None:
    """Drop what processes keep in memory of a database."""
    forget()
    places.forget()
    offices.forget()
    cache.clear()


def report(town: Town, act: Act, title: str, area: str, **more: Any) -> Matter:
    """Report something through the one door."""
    code = more.pop("query_code", "")
    values: dict[str, Any] = {
        "code": "0901",
        "lon": 120.34,
        "lat": 31.595,
        "reporter": act.actor or None,
    } | more
    intake = services.Intake(title=title, area=town.area(area).pk, **values)
    return services.report(act, intake=intake, query_code=code)


def write(story: Story) -> None:
    """Everything that can happen, so that no table stays empty."""
    town, act = story.town, story.act
    families.settle()
    story.code = services.receipt_code()
    photo = check(SimpleUploadedFile("灯.jpg", samples.jpeg()))
    wang, li = act("wang", 0), act("li", 0)
    first, second = "甲社区第一网格", "甲社区第二网格"
    m = story.matters
    m["lamp"] = report(town, wang, SECRETS["lamp"], first, body="我叫王小梅", files=(photo,))
    m["restricted"] = report(town, wang, SECRETS["restricted"], first, code="0608", files=(photo,))
    m["guest"] = report(
        town, act("guest", 0), SECRETS["guest"], first, query_code=story.code, files=(photo,)
    )
    m["offered"] = report(town, wang, SECRETS["offered"], first, code="0601")
    m["taken"] = report(town, wang, SECRETS["taken"], first, code="0601")
    m["elsewhere"] = report(town, li, SECRETS["elsewhere"], "乙社区", files=(photo,))
    m["anonymous"] = report(town, wang, SECRETS["anonymous"], first, anonymous=True)
    m["second"] = report(town, li, SECRETS["second"], second)
    conveyor.drain()
    _worked(story)
    _kept(story)
    conveyor.drain()
    with under(system_act()):
        tallies.recount(system_act())
        tallies.stale([m["lamp"].pk])
        tell(system_act(), [wang.actor], "matters.asked", m["lamp"], {"number": m["lamp"].number})
    while plan(system_act()):
        pass
    story.matters = {key: Matter(**_columns(row)) for key, row in _fresh(m).items()}


def _worked(story: Story) -> None:
    town, act, m = story.town, story.act, story.matters
    services.follow(act("li", 1), number=m["lamp"].pk)
    services.accept(act("sun", 1), m["lamp"])
    services.message(act("wang", 2), m["lamp"], body="什么时候来修？")
    services.message(act("chen", 2), m["lamp"], body="住户情绪激动", internal=True)
    for key in ("offered", "taken"):
        services.accept(act("chen", 1), m[key])
    services.ask_extension(act("chen", 2), m["taken"], amount=1, reason="等树木管理所")
    services.decide_extension(act("he", 2), m["taken"], granted=True)
    services.transfer(act("chen", 3), m["offered"], to=town.unit("urban").pk, reason="需要执法")
    services.transfer(act("chen", 3), m["taken"], to=town.unit("municipal").pk, reason="绿化管养")
    services.accept_transfer(act("zheng", 4), m["taken"])
    services.accept(act("zhou", 1), m["elsewhere"])


def _kept(story: Story) -> None:
    act, m, wang = story.act, story.matters, story.act("wang", 0)
    set_mailbox(act("wang", 1), address="wang@example.org")
    choose(act("wang", 1), kind="", sms=True)
    save_filter(act("chen", 1), page="matters:list", name="我的超期", query="show=overdue")
    with under(wang):
        once(wang, uuid.uuid4(), "asked", lambda: (201, {"number": m["lamp"].number}))
    hotline = {"name": "12345.xlsx", "digest": "0" * 64, "uploaded": story.began}
    chen = act("chen", 1)
    with under(chen):
        Export.objects.create(
            kind="matters",
            account=chen.actor,
            reason="月报",
            format="xlsx",
            total=1,
            asked=story.began,
        )
        HotlineFile.objects.create(area=m["lamp"].area_id, account=chen.actor, **hotline)


def _fresh(matters: dict[str, Matter]) -> dict[str, Matter]:
    with under(system_act()):
        rows = Matter.objects.in_bulk([x.pk for x in matters.values()])
    return {key: rows[x.pk] for key, x in matters.items()}


def _columns(row: Matter) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


@pytest.fixture(scope="session")
def story_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[tuple[str, Story, Path]]:
    """The database of the story, its cast, and the folder of its files."""
    name = database.fresh_name("s")
    before = settings.DATABASES["default"]["NAME"]
    media = tmp_path_factory.mktemp("media")
    kept = settings.MEDIA_ROOT
    with django_db_blocker.unblock():
        database.create(name, database.template())
        database.use(name)
        settings.MEDIA_ROOT = media
        forget_all()
        story = Story(Town(), timezone.now() - timedelta(hours=12))
        write(story)
        settings.MEDIA_ROOT = kept
        database.use(before)
        forget_all()
        yield name, story, media
        database.drop(name)


@pytest.fixture
def story(
    story_database: tuple[str, Story, Path], django_db_blocker: Any, monkeypatch: Any
) -> Iterator[Story]:
    """The story; whatever a test writes is rolled back."""
    name, told, media = story_database
    before = settings.DATABASES["default"]["NAME"]
    monkeypatch.setattr(settings, "MEDIA_ROOT", media)
    with django_db_blocker.unblock():
        database.use(name)
        forget_all()
        try:
            with transaction.atomic():
                yield told
                transaction.set_rollback(True)
        finally:
            connection.close()
            database.use(before)
            forget_all()
