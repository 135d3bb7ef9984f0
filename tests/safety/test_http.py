"""The wire: headers, cookies, forged requests, and whatever anybody may type or send."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from linli.kernel.acts import Refusal
from linli.kernel.files.services import check
from linli.kernel.files.tests import bytes as samples
from linli.site.reference import entrances
from tests.safety.conftest import Story
from tests.safety.test_role_matrix import Browser, asked, led_back
from tests.town import PASSWORD

JUNK = {
    "null": "a\x00b",
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE matters_matter; --",
    "percent": "%s %(x)s %d {0} {{7*7}} ${x}",
    "superscript": "²",
    "huge": "9" * 40,
    "minus": "-1",
    "naive": "2026-03-02T09:00:00~7",
    "emoji": "👨‍👩‍👧‍👦🏮𠮷",
    "rtl": "\u202eabc\u202c\u200f",
    "long": "长" * 9000,
    "nan": "nan",
    "infinite": "inf",
}
PARAMETERS = (
    "after",
    "q",
    "show",
    "state",
    "group",
    "code",
    "channel",
    "unit",
    "area",
    "since",
    "until",
    "on_time",
    "satisfied",
    "sort",
    "by",
    "page",
    "number",
    "key",
    "lon",
    "lat",
    "next",
    "tab",
    "verb",
    "actor",
    "month",
    "level",
    "title",
    "body",
    "words",
    "phone",
    "columns",
    "ids",
    "size",
)
FIELDS = (
    "title",
    "body",
    "code",
    "address",
    "lon",
    "lat",
    "datum",
    "token",
    "name",
    "phone",
    "number",
    "reason",
    "outcome",
    "words",
    "value",
    "amount",
    "unit",
    "to",
    "post",
    "into",
    "stage",
    "ids",
    "login",
    "password",
    "next",
    "query",
    "page",
    "verb",
    "state",
    "hat",
    "lang",
    "id_number",
    "community",
    "street",
    "district",
    "anonymous",
    "files",
    "photos",
    "kind",
    "area",
    "since",
)


def status(answer: HttpResponseBase) -> int:
    return answer.status_code


def why(answer: HttpResponseBase) -> str:
    caught = getattr(answer, "exc_info", None)
    return repr(caught[1])[:200] if caught else ""


@pytest.mark.parametrize("who", ["guest", "wang", "chen"])
def test_every_page_carries_its_headers(story: Story, who: str) -> None:
    browser = Browser(story, who)
    for one in entrances():
        if "GET" not in asked(one):
            continue
        answer = browser.ask("GET", one)
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src" in policy and "unsafe-eval" not in policy, one.path
        scripts = next((p for p in policy.split(";") if "script-src" in p), "")
        assert "unsafe-inline" not in scripts and "*" not in scripts, one.path
        assert answer.headers.get("X-Content-Type-Options") == "nosniff", one.path
        assert answer.headers.get("X-Frame-Options") == "DENY", one.path
        assert answer.headers.get("Referrer-Policy") == "same-origin", one.path


@pytest.mark.parametrize("who", ["chen", "wu"])
def test_no_address_is_a_dead_end_when_it_is_reloaded(story: Story, who: str) -> None:
    """Where only a form is taken, a GET leads up to a page; the list of addresses is the site's own."""
    browser, led = Browser(story, who), 0
    for one in entrances():
        if one.path.startswith("/api/"):
            continue
        answer = browser.ask("GET", one)
        steps = 0
        while led_back(answer):
            answer, steps = browser.client.get(answer.headers["Location"]), steps + 1
        led += steps > 0
        assert status(answer) != 405, one.path
        if steps:
            assert status(answer) in (200, 302, 403, 404), f"{one.path} {why(answer)}"
    assert led > 30


def test_pages_of_a_person_are_not_kept_by_others(story: Story) -> None:
    browser = Browser(story, "wang")
    for one in entrances():
        if "GET" in asked(one) and one.needs:
            kept = browser.ask("GET", one).headers.get("Cache-Control", "")
            assert "public" not in kept, one.path


def test_cookies_are_closed_to_scripts_and_other_sites(story: Story, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get(reverse("access:staff"))
    client.post(reverse("access:staff"), {"login": "sun", "password": PASSWORD})
    session, csrf = client.cookies["linli"], client.cookies["csrftoken"]
    assert session["httponly"] and session["secure"] and session["samesite"] == "Lax"
    assert csrf["secure"] and csrf["samesite"] == "Lax"


def test_a_planted_session_key_is_not_the_one_after_entering(story: Story) -> None:
    client = Client()
    client.cookies["linli"] = "a" * 32
    client.get(reverse("access:staff"))
    before = client.cookies["linli"].value
    client.post(reverse("access:staff"), {"login": "sun", "password": PASSWORD})
    assert client.cookies["linli"].value not in {"a" * 32, before}


@pytest.mark.parametrize("who", ["guest", "wang", "chen"])
def test_no_post_is_taken_without_its_token(story: Story, who: str) -> None:
    browser = Browser(story, who, enforce_csrf_checks=True)
    for one in entrances():
        if "POST" in asked(one):
            found = status(browser.ask("POST", one))
            assert found == 403 or (one.path.startswith("/api/") and found in (401, 405)), (
                f"{one.path}: {found}"
            )


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1",
        "https:evil.example",
    ],
)
def test_nobody_is_led_elsewhere(story: Story, target: str) -> None:
    browser = Browser(story, "chen")
    for one in entrances():
        for method in asked(one):
            if one.path.startswith(("/signin", "/hats", "/preferences", "/signout", "/me")):
                answer = browser.ask(method, one, more={"next": target, "lang": "en"})
                led = urlsplit(answer.headers.get("Location", "").replace("\\", "/"))
                assert led.netloc in ("", "testserver") and led.scheme in ("", "http"), one.path
                assert "\n" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b", "localhost:x"])
def test_a_foreign_host_is_refused(story: Story, host: str) -> None:
    assert status(Client(raise_request_exception=False).get("/", HTTP_HOST=host)) == 400


@pytest.mark.parametrize(
    "name", ["matters:report", "access:signin", "access:staff", "matters:query"]
)
def test_a_huge_body_is_refused_not_broken(story: Story, name: str) -> None:
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        answer = client.post(reverse(name), {"title": "长" * 2_000_000})
        transaction.set_rollback(True)
    assert status(answer) in (400, 413), why(answer)


def test_a_huge_or_crowded_api_body_is_refused(story: Story) -> None:
    browser = Browser(story, "wang")
    bodies = (json.dumps({"title": "x" * 6_000_000}), "[" * 100_000, '{"a":' * 20_000, "\x00", "")
    for body in bodies:
        with transaction.atomic():
            answer = browser.client.post("/api/v1/matters", body, content_type="application/json")
            transaction.set_rollback(True)
        assert 400 <= status(answer) < 500, (body[:20], why(answer))


def test_too_many_fields_are_refused(story: Story) -> None:
    many = urlencode({f"f{n}": "x" for n in range(3000)})
    kind = "application/x-www-form-urlencoded"
    answer = Client(raise_request_exception=False).post("/report/", many, content_type=kind)
    assert status(answer) == 400


@pytest.mark.parametrize("junk", JUNK)
def test_no_parameter_breaks_a_page(story: Story, junk: str) -> None:
    """Every page with every parameter set to the same junk; lists also with a strange place to go on from."""
    browser, faults = Browser(story, "wu"), []
    for one in (e for e in entrances() if "GET" in asked(e)):
        answer = browser.ask("GET", one, more=dict.fromkeys(PARAMETERS, JUNK[junk]))
        if status(answer) >= 500:
            faults.append(f"{one.path}: {why(answer)}")
    for one in (e for e in entrances() if e.name in LISTS):
        for sort in ("new", "due"):
            answer = browser.ask("GET", one, more={"sort": sort, "after": JUNK[junk]})
            if status(answer) >= 500:
                faults.append(f"{one.path}?after: {why(answer)}")
    assert faults == [], "\n".join(faults)


LISTS = {"matters:list", "matters:map_points", "matters:figures", "access:audit"}


@pytest.mark.parametrize(
    ("who", "junk"), [*(("chen", junk) for junk in JUNK), ("guest", "null"), ("guest", "script")]
)
def test_no_field_breaks_a_form(story: Story, who: str, junk: str) -> None:
    browser, faults = Browser(story, who), []
    for one in (e for e in entrances() if "POST" in asked(e)):
        answer = browser.ask("POST", one, more=dict.fromkeys(FIELDS, JUNK[junk]))
        if status(answer) >= 500:
            faults.append(f"{one.path}: {why(answer)}")
        body = b"" if answer.streaming else getattr(answer, "content", b"")
        if b"<script>alert(1)" in body and "html" in answer.headers.get("Content-Type", ""):
            faults.append(f"{one.path}: a script is given back as one")
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\x1b[2J", "👨‍👩‍👧‍👦", "\u202eabc"])
def test_the_api_takes_or_names_strange_characters(story: Story, text: str) -> None:
    browser = Browser(story, "wang")
    body = json.dumps({"title": f"路灯{text}", "body": text, "code": "0901", "address": text})
    with transaction.atomic():
        answer = browser.client.post("/api/v1/matters", body, content_type="application/json")
        transaction.set_rollback(True)
    assert status(answer) < 500, why(answer)


def test_a_broken_encoding_in_the_address_is_no_fault(story: Story) -> None:
    client = Client(raise_request_exception=False)
    for path in (
        "/matters/%00/",
        "/matters/%ff%fe/",
        "/services/%00/",
        "/files/99999999999999999999/",
    ):
        answer = client.get(path)
        assert status(answer) in (302, 400, 404), (path, status(answer), why(answer))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.jpg",
        "..\\..\\boot.jpg",
        "C:\\x\\灯.jpg",
        "a\x00.jpg",
        "<b>.jpg",
        "." * 300,
        "/",
        "",
    ],
)
def test_a_file_s_name_leads_nowhere(story: Story, name: str) -> None:
    upload = SimpleUploadedFile("x.jpg", samples.jpeg())
    vars(upload)["_name"] = name  # as a parser of our own might hand it over
    try:
        kept = check(upload).name
    except Refusal:
        return
    assert kept and not set(kept) & set("/\\\x00<>") and len(kept) <= 100
