"""The JSON API: what it refuses and how, keys that make repetition harmless, the same permissions as the pages."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from linli.capabilities.matters.models import Evidence, Matter
from linli.capabilities.matters.tests.visitors import called
from linli.kernel.access.services import tokens
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors
from tests.town import Town

LAMP: dict[str, Any] = {"code": "0901", "title": "3号楼楼道灯坏了", "lon": 120.3375, "lat": 31.595}


def signed(town: Town, who: str) -> Client:
    """A browser in which somebody has signed in."""
    client = Client()
    session = client.session
    hat = town.act(who).hat
    session.update({"account": town.account(who).pk, "hat": hat, "second": True})
    session.save()
    return client


def machine(town: Town, who: str = "chen") -> dict[str, str]:
    """The header of a machine client that acts as somebody."""
    key = tokens.new_key()
    with under(system_act()) as act:
        tokens.issue_token(act, town.account(who), name="test", key=key)
    return {"Authorization": f"Bearer {key}"}


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(
        f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#bf4712").save(out, "JPEG")
    out.seek(0)
    out.name = "lamp.jpg"
    return out


def test_a_matter_is_made_once_per_key(town: Town) -> None:
    client, key = signed(town, "sun"), str(uuid4())
    made = post(client, "/matters", LAMP, **{"Idempotency-Key": key})
    assert made.status_code == 201, made.content
    again = post(client, "/matters", LAMP, **{"Idempotency-Key": key})
    assert (again.status_code, again.json()) == (200, made.json())
    other = post(client, "/matters", {**LAMP, "title": "别的"}, **{"Idempotency-Key": key})
    assert (other.status_code, other.json()["code"]) == (409, "key-reused")
    with under(system_act()):
        assert Matter.objects.filter(title=LAMP["title"]).count() == 1
    assert made.json()["post"] == "grid_worker"
    somebody = post(signed(town, "qian"), "/matters", LAMP, **{"Idempotency-Key": key})
    assert somebody.status_code == 201


def test_a_life_by_machine_with_photos(town: Town) -> None:
    client = signed(town, "sun")
    number = post(client, "/matters", LAMP).json()["number"]
    assert (
        post(client, f"/matters/{number}/accept", {"seen": "reported/1"}).json()["state"]
        == "handling"
    )
    key = str(uuid4())
    up = client.post("/api/v1/photos", {"file": picture()}, headers={"Idempotency-Key": key})
    assert up.status_code == 201, up.content
    same = client.post("/api/v1/photos", {"file": picture()}, headers={"Idempotency-Key": key})
    assert (same.status_code, same.json()["id"]) == (200, up.json()["id"])
    body = {"outcome": "换了灯泡", "photos": [up.json()["id"]]}
    handled = post(client, f"/matters/{number}/handle", body)
    assert handled.json()["state"] == "handled", handled.content
    with under(system_act()):
        assert Evidence.objects.filter(use="handle").count() == 1
    own = post(client, f"/matters/{number}/verify", {})
    assert (own.status_code, own.json()["code"]) == (409, "flow-distinct")
    verified = post(Client(), f"/matters/{number}/verify", {"words": "亮了"}, **machine(town))
    assert verified.json()["state"] == "verified"
    shown = client.get(f"/api/v1/matters/{number}").json()
    assert [x["verb"] for x in shown["timeline"]][:2] == ["matters.report", "matters.accept"]
    assert shown["seen"] == "verified/1"
    lost = post(client, f"/matters/{number}/messages", {"body": "好", "photos": [up.json()["id"]]})
    assert (lost.status_code, lost.json()["code"]) == (422, "no-photo")


def test_what_somebody_else_changed_is_never_overwritten(town: Town) -> None:
    sun, qian = signed(town, "sun"), signed(town, "chen")
    number = post(sun, "/matters", LAMP).json()["number"]
    assert post(qian, f"/matters/{number}/accept", {}).status_code == 200
    late = post(sun, f"/matters/{number}/accept", {"seen": "reported/1"})
    assert late.status_code == 409
    assert late.json()["code"] == "flow-state" and "办理中" in late.json()["message"]
    later = post(qian, f"/matters/{number}/handle", {"seen": "reported/1", "outcome": "换好了"})
    assert (later.status_code, later.json()["code"]) == (409, "changed")


def test_an_address_in_another_city_is_refused(town: Town) -> None:
    far = {"code": "0901", "title": "灯坏了", "address": "北京市朝阳区建国路1号"}
    told = post(signed(town, "sun"), "/matters", far)
    assert (told.status_code, told.json()["code"], told.json()["field"]) == (
        422,
        "outside",
        "address",
    )


def test_an_address_that_could_be_in_two_places_is_asked_about(town: Town) -> None:
    for name in ("乙社区", "丙社区"):
        called(name, "太湖社区")
    client, lamp = signed(town, "sun"), {"code": "0901", "title": "灯坏了"}
    told = post(client, "/matters", {**lamp, "address": "太湖社区3号楼"})
    assert told.status_code == 422
    assert (told.json()["code"], told.json()["field"]) == ("several", "address")
    assert "东街道太湖社区、" in told.content.decode()
    made = post(client, "/matters", {**lamp, "address": "西街道太湖社区3号楼"})
    assert made.status_code == 201
    selectors.forget()


def test_who_may_what(town: Town) -> None:
    number = post(signed(town, "sun"), "/matters", LAMP).json()["number"]
    assert post(Client(), "/matters", LAMP).status_code == 401
    assert Client().get("/api/v1/matters").json()["code"] == "signed-out"
    bad = post(Client(), "/matters", LAMP, Authorization="Bearer linli_nothing")
    assert bad.status_code == 401
    assert signed(town, "zhou").get(f"/api/v1/matters/{number}").status_code == 404
    assert post(signed(town, "zhou"), f"/matters/{number}/accept", {}).status_code == 404
    refused = post(signed(town, "sun"), f"/matters/{number}/refuse", {"reason": "不归我"})
    assert (refused.status_code, refused.json()["code"]) == (403, "denied")
    page = Client(enforce_csrf_checks=True)
    page.cookies = signed(town, "sun").cookies
    forged = post(page, "/matters", LAMP)
    assert (forged.status_code, forged.json()["code"]) == (403, "csrf")
    assert post(page, "/matters", LAMP, **machine(town, "sun")).status_code == 201


def test_a_key_ends(town: Town) -> None:
    header = machine(town)
    assert Client().get("/api/v1/me", headers=header).json()["name"] == "陈静"
    with under(system_act()) as act:
        held = town.account("chen").tokens.get()
        tokens.revoke_token(act, held)
    assert Client().get("/api/v1/me", headers=header).status_code == 401
    header = machine(town)
    town.account("chen").tokens.filter(revoked=None).update(expires=timezone.now() - timedelta(1))
    assert Client().get("/api/v1/me", headers=header).status_code == 401


BAD: list[tuple[dict[str, Any], str]] = [
    ({"code": None}, "code"),
    ({"code": "nothing"}, "code"),
    ({"title": None}, "title"),
    ({"title": ""}, "title"),
    ({"title": "x" * 121}, "title"),
    ({"title": 7}, "title"),
    ({"title": ["a"]}, "title"),
    ({"body": "x" * 4001}, "body"),
    ({"lon": "east"}, "lon"),
    ({"lon": 181}, "lon"),
    ({"lat": None}, "lat"),
    ({"lon": 2.35, "lat": 48.85}, "lon"),
    ({"area": "x"}, "area"),
    ({"area": 12345}, "area"),
    ({"area": 2**70}, "area"),
    ({"photos": ["a"]}, "photos.0"),
    ({"photos": [999999]}, "photos"),
    ({"photos": list(range(1, 12))}, "photos"),
    ({"datum": "mars"}, "datum"),
    ({"anonymous": "perhaps"}, "anonymous"),
    ({"answers": "none"}, "answers"),
    ({"phone": "1" * 21}, "phone"),
    ({"phone": "12"}, "phone"),
    ({"surprise": 1}, "surprise"),
]


@pytest.mark.parametrize(("change", "field"), BAD, ids=lambda v: json.dumps(v)[:40])
def test_bad_input_names_its_field(town: Town, change: dict[str, Any], field: str) -> None:
    answer = post(signed(town, "sun"), "/matters", {**LAMP, **change})
    assert answer.status_code == 422, answer.content
    body = answer.json()
    assert set(body) == {"code", "message", "field", "details"}
    assert body["field"] == field and body["message"]


def test_missing_fields_and_broken_json(town: Town) -> None:
    client = signed(town, "sun")
    empty = post(client, "/matters", {})
    assert {d["field"] for d in empty.json()["details"]} == {"code", "title"}
    broken = client.post("/api/v1/matters", "{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (422, "invalid")
    key = post(client, "/matters", LAMP, **{"Idempotency-Key": "not a uuid"})
    assert (key.status_code, key.json()["field"]) == (422, "Idempotency-Key")
    nothing = client.get("/api/v1/nowhere")
    assert nothing.status_code == 404
    script = post(client, "/matters", {**LAMP, "title": "<script>alert(1)</script>"})
    assert script.status_code == 201
    fake = io.BytesIO(b"<html>not a picture")
    fake.name = "lamp.jpg"
    assert client.post("/api/v1/photos", {"file": fake}).status_code == 422


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=JUNK | st.fixed_dictionaries(dict.fromkeys(LAMP, JUNK)))
def test_no_input_breaks_it(town: Town, body: Any) -> None:
    client = signed(town, "sun")
    for path in ("/matters", "/matters/26-0000001-1/handle"):
        assert post(client, path, body).status_code in (201, 404, 422)


def test_lists_page_by_key(town: Town) -> None:
    client = signed(town, "chen")
    for n in range(5):
        assert post(client, "/matters", {**LAMP, "title": f"灯 {n}"}).status_code == 201
    first = client.get("/api/v1/matters?size=3").json()
    rest = client.get(f"/api/v1/matters?size=3&after={first['next']}").json()
    titles = [r["title"] for r in first["rows"] + rest["rows"]]
    assert titles == [f"灯 {n}" for n in (4, 3, 2, 1, 0)] and rest["next"] == ""
    assert client.get("/api/v1/matters?show=everything").status_code == 422


def test_places_and_words(town: Town) -> None:
    client = signed(town, "sun")
    here = client.get("/api/v1/locate?lon=120.3375&lat=31.595").json()
    assert (here["grid"], here["community"], here["inside"]) == ("甲社区第一网格", "甲社区", True)
    assert client.get("/api/v1/locate?lon=2&lat=48").json()["area"] is None
    assert client.get("/api/v1/suggest?text=楼道灯不亮").json()[0]["code"]
    assert len(client.get("/api/v1/catalogue").json()["classes"]) > 50
    assert client.get("/api/v1/areas?q=东街道").json()[0]["name"] == "东街道"
    assert client.get("/api/v1/lookalikes?code=0901&lon=120.3375&lat=31.595").json() == []


def test_the_page_of_the_api_needs_no_script(town: Town) -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    for path, methods in schema["paths"].items():
        for each in methods.values():
            assert "动词 `" in each["description"], path
    page = Client().get("/api/v1/docs").content.decode()
    assert "/api/v1/matters/{number}/handle" in page and "Idempotency-Key" in page


def test_a_key_used_at_once_by_many_makes_one(own_town: Town) -> None:
    key = str(uuid4())
    client = signed(own_town, "sun")
    cookies = client.cookies

    def once(_n: int) -> tuple[int, str]:
        each = Client()
        each.cookies = cookies
        try:
            answer = post(each, "/matters", LAMP, **{"Idempotency-Key": key})
            return answer.status_code, answer.json()["number"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(once, range(16)))
    assert sorted(s for s, _n in found) == [200] * 15 + [201]
    assert len({n for _s, n in found}) == 1
    with under(system_act()):
        assert Matter.objects.count() == 1
