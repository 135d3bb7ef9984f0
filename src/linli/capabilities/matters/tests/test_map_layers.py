"""Layers of the desk's map beside open matters: what stands there, and where people with marks live."""

from __future__ import annotations

import json

import pytest

from linli.capabilities.matters.tests.test_desk import entered
from linli.capabilities.registry.models import Building
from linli.kernel.acts import system_act, under
from tests import families
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.mark.row("R095")
def test_another_layer_of_the_map_shows_what_stands_there(town: Town) -> None:
    chen = entered(town, "chen")
    page = chen.get("/desk/map/?layer=facilities").content.decode()
    assert "/desk/facilities/points.json" in page and "损坏" in page
    assert "/desk/map/points.json" in chen.get("/desk/map/?layer=x").content.decode()
    assert "layer=facilities" not in entered(town, "zheng").get("/desk/map/").content.decode()


@pytest.mark.row("R095")
def test_people_with_marks_stand_on_the_map_for_whoever_may_see_the_marks(town: Town) -> None:
    families.settle()
    with under(system_act()):
        Building.objects.update(lon=120.3, lat=31.5)
    shown = entered(town, "he").get("/desk/map/?layer=marked").content.decode()
    assert "/desk/people/marked.json" in shown
    told = json.loads(entered(town, "he").get("/desk/people/marked.json").content)
    (house,) = told["features"]
    assert house["properties"]["text"] == "最低生活保障对象 1"
    assert "刘秀英" not in json.dumps(told, ensure_ascii=False)
    follow = entered(town, "he").get(house["properties"]["href"])
    assert follow.status_code == 200 and "刘秀英" in follow.content.decode()
    for who in ("chen", "feng"):
        assert "layer=marked" not in entered(town, who).get("/desk/map/").content.decode()
    assert entered(town, "chen").get("/desk/people/marked.json").status_code == 403
