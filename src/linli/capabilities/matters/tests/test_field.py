"""The field worker's pages without a script: the walking order, reporting, steps, what is refused keeps what was typed."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Evidence, Matter
from linli.capabilities.matters.selectors import field as reads
from linli.kernel.acts import system_act, under
from tests.town import Town


def phone(town: Town, who: str = "sun") -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def lamp(town: Town, title: str = "灯坏了", lon: float = 120.338, hours: float = 1) -> Matter:
    act = town.act("wang", timezone.now() - timedelta(hours=hours))
    area = town.area("甲社区第一网格").pk
    intake = services.Intake(
        code="0901", title=title, area=area, reporter=act.actor, lon=lon, lat=31.595
    )
    return services.report(act, intake=intake)


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#bf4712").save(out, "JPEG")
    out.seek(0)
    out.name = "lamp.jpg"
    return out


@pytest.mark.row("R128")
def test_the_walk_goes_by_due_day_then_by_distance(town: Town) -> None:
    lamp(town, "远", 120.349)
    lamp(town, "近", 120.331)
    lamp(town, "早", 120.349, hours=24 * 20)
    act = town.act("sun")
    with under(act):
        stops = reads.walk(act, (120.33, 31.595))
        assert [s.row.title for s in stops] == ["早", "近", "远"]
        assert stops[0].group == "late" and stops[1].metres == 94
    other = town.act("qian")
    with under(other):
        assert reads.walk(other) == []


def test_a_report_without_a_script(town: Town) -> None:
    client, token = phone(town), str(uuid4())
    grid = town.area("甲社区第一网格").pk
    form = {"token": token, "title": "井盖松动", "code": "0901", "area": grid, "photos": picture()}
    wrong = client.post("/field/report/", {**form, "title": "", "address": "三号楼前"})
    assert wrong.status_code == 422 and "三号楼前" in wrong.content.decode()
    sent = client.post("/field/report/", {**form, "photos": picture()})
    assert sent.status_code == 302
    again = client.post("/field/report/", {**form, "photos": picture()})
    assert again["Location"] == sent["Location"]
    assert "已上报" in client.get(sent["Location"]).content.decode()
    with under(system_act()):
        assert Matter.objects.count() == 1 and Evidence.objects.count() == 1
        assert Matter.objects.get().channel == "field"
    far = client.post("/field/report/", {**form, "area": town.area("丙社区").pk})
    assert far.status_code == 422


def test_what_lies_in_another_grid_is_said_to_have_gone_there(town: Town) -> None:
    act = town.act("sun")
    intake = services.Intake(code="0901", title="别处的灯", area=town.area("丙社区").pk)
    number = services.report(act, intake=intake).number
    client = phone(town)
    for asked in ("?done=report", "?sent=report"):
        page = client.get(f"/field/matters/{number}/{asked}")
        assert page.status_code == 200 and "不在您的网格" in page.content.decode()
    assert client.get(f"/field/matters/{number}/").status_code == 404
    assert client.get("/field/matters/26-1234567-0/?done=report").status_code == 404


def test_steps_without_a_script(town: Town) -> None:
    matter, sun, chen = lamp(town), phone(town), phone(town, "chen")
    address = f"/field/matters/{matter.number}/"
    page = sun.get(address).content.decode()
    assert "我来办" in page and "核实通过" not in page
    assert (
        sun.post(f"{address}accept/", {"token": str(uuid4()), "seen": "reported/1"}).status_code
        == 302
    )
    stale = sun.post(f"{address}handle/", {"outcome": "换了灯", "seen": "reported/1"})
    assert stale.status_code == 422 and "已有变化" in stale.content.decode()
    assert "换了灯" in stale.content.decode()
    empty = sun.post(f"{address}handle/", {"outcome": ""})
    assert empty.status_code == 422
    done = sun.post(f"{address}handle/", {"outcome": "换了灯", "photos": picture()})
    assert done.status_code == 302
    assert matter.title in chen.get("/field/verify/").content.decode()
    assert matter.title not in sun.get("/field/verify/").content.decode()
    back = chen.post(f"{address}rework/", {"reason": "还是不亮", "photos": picture()})
    assert back.status_code == 302
    with under(system_act()):
        now = Matter.objects.get()
    assert (now.state, now.round) == ("handling", 2)


def test_what_was_said_and_where_it_is_stand_on_the_page(town: Town) -> None:
    matter = lamp(town)
    services.message(town.act("wang"), matter, body="门禁密码 2580")
    page = phone(town).get(f"/field/matters/{matter.number}/").content.decode()
    assert "门禁密码 2580" in page and "<dd>甲社区第一网格" in page.replace("\n", "")
    assert f'data-src="/desk/matters/{matter.number}/point.json"' in page


def test_who_may_enter(town: Town) -> None:
    assert Client().get("/field/")["Location"].startswith("/signin/staff/")
    assert phone(town, "zheng").get("/field/").status_code == 403
    assert phone(town, "wang").get("/field/").status_code == 403
    matter = lamp(town)
    assert phone(town, "zhou").get(f"/field/matters/{matter.number}/").status_code == 404


def test_the_shell_can_be_installed(town: Town) -> None:
    client = Client()
    worker = client.get("/field/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Service-Worker-Allowed"] == "/field/"
    shell = json.loads(
        worker.content.decode().split("\n", 1)[0].removeprefix("const SHELL = ")[:-1]
    )
    assert "/field/report/" in shell["pages"] and shell["root"] == "/field/"
    manifest = client.get("/field/manifest.webmanifest").json()
    assert manifest["scope"] == "/field/" and manifest["display"] == "standalone"
    for page in ("/field/offline/", "/field/manifest.webmanifest"):
        assert client.get(page).status_code == 200
