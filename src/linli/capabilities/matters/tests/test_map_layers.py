"""Layers of the desk's map beside open matters: what stands there, and where people with marks live."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.capabilities.matters.tests.test_desk import entered
from linli.capabilities.registry.models import Building
from linli.capabilities.tables.models import Entry
from linli.capabilities.tables.services import entries
from linli.kernel.acts import Refusal, system_act, under
from tests import families
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.mark.row("R095")
def test_another_layer_of_the_map_shows_what_stands_there(town: Town) -> None:
    chen = entered(town, "chen")
    page = chen.get("/desk/map/?layer=facilities").content.decode()
    assert "/desk/map/layers/facilities.json" in page and "损坏" in page
    assert "/desk/map/points.json" in chen.get("/desk/map/?layer=x").content.decode()
    assert "layer=facilities" not in entered(town, "zheng").get("/desk/map/").content.decode()


@pytest.mark.row("R095")
def test_people_with_marks_stand_on_the_map_for_whoever_may_see_the_marks(town: Town) -> None:
    families.settle()
    with under(system_act()):
        Building.objects.update(lon=120.3, lat=31.5)
    shown = entered(town, "he").get("/desk/map/?layer=marked").content.decode()
    assert "/desk/map/layers/marked.json" in shown
    told = json.loads(entered(town, "he").get("/desk/map/layers/marked.json").content)
    (house,) = told["features"]
    assert house["properties"]["text"] == "最低生活保障对象 1"
    assert "刘秀英" not in json.dumps(told, ensure_ascii=False)
    tabs = entered(town, "he").get("/desk/map/").content.decode()
    assert re.search(r'重点人员<span class="count num">1<', tabs)
    follow = entered(town, "he").get(house["properties"]["href"])
    assert follow.status_code == 200 and "刘秀英" in follow.content.decode()
    for who in ("chen", "feng"):
        assert "layer=marked" not in entered(town, who).get("/desk/map/").content.decode()
    assert entered(town, "chen").get("/desk/map/layers/marked.json").status_code == 404


@pytest.mark.row("R095")
def test_projects_stand_on_the_map_until_they_are_over_for_long(town: Town) -> None:
    chen = town.act("chen")
    today = timezone.localdate()

    def project(title: str, state: str, ago: int, **more: Any) -> None:
        values = {"title": title, "kind": "minor_works", "state": state, **more}
        day = today - timedelta(days=ago)
        area, at = town.area("甲社区"), None if title == "没标位置" else (120.3, 31.57)
        given = {f"project.{key}": value for key, value in values.items()}
        with under(chen):
            entries.enter(chen, kind="project", area=area, day=day, values=given, at=at)

    project("充电棚", "running", 400)
    project("楼道灯", "running", 20, until=(today - timedelta(days=1)).isoformat())
    project("老花坛", "done", 500)
    project("没标位置", "planned", 3)
    client = entered(town, "chen")
    page = client.get("/desk/map/?layer=project").content.decode()
    assert re.search(r'社区项目<span class="count num">2<', page)
    assert "另有 1 条没有标出位置。" in page and "充电棚" in page and "老花坛" not in page
    shown = json.loads(client.get("/desk/map/layers/project.json").content)["features"]
    told = {f["properties"]["title"]: f["properties"] for f in shown}
    assert set(told) == {"充电棚", "楼道灯"}
    assert (told["充电棚"]["state"], told["充电棚"]["tone"]) == ("实施中", "info")
    assert (told["楼道灯"]["state"], told["楼道灯"]["tone"]) == ("已过结束日期", "warn")
    opened = client.get(told["充电棚"]["href"]).content.decode()
    assert "充电棚" in opened and "point.json" in opened
    # Of another community, and without the permission, nothing.
    other = json.loads(entered(town, "zhou").get("/desk/map/layers/project.json").content)
    assert other["features"] == []


@pytest.mark.row("R095")
def test_a_point_follows_the_address_and_stays_in_the_city(town: Town) -> None:
    families.settle()
    with under(system_act()):
        first = Building.objects.filter(name="1幢")
        first.update(lon=120.301, lat=31.571, address_key="春江花园1幢")
    chen = town.act("chen")
    door = "春江花园1幢门口"
    given = {"project.title": "花坛", "project.kind": "minor_works", "project.state": "planned"}
    with under(chen):
        area, today = town.area("甲社区"), timezone.localdate()
        place = {**given, "project.place": door}
        row = entries.enter(chen, kind="project", area=area, day=today, values=place)
        assert row.body["at"] == "120.301000,31.571000"
        with pytest.raises(Refusal, check=lambda e: e.code == "outside"):
            entries.enter(chen, kind="project", area=area, day=today, values=given, at=(10.0, 5.0))
        # The mark of the former address does not stay with another one.
        moved = {**given, "project.place": "东门外"}
        was = (120.301, 31.571)
        entries.correct(chen, entry=row.pk, was=1, day=today, values=moved, reason="改了", at=was)
        assert "at" not in Entry.objects.get(pk=row.pk).body
