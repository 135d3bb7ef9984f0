"""Everybody tries every entrance: the list is read from the addresses, so a new page cannot be forgotten."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from typing import Any

import click
import pytest
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client

from linli.kernel.access.doors import SIGNED_IN
from linli.kernel.acts import Act, system_act, under, verbs
from linli.site import cli
from linli.site.reference import Entrance, entrances, stale
from tests.safety.conftest import SECRETS, Story

OPEN_DOORS = {
    "openapi-json": "the description of the API, no data",
    "api-root": "the API's root, says nothing",
}
"""Library views without a declared permission, each with its reason; everything else must carry one."""
OWN_TOO = {
    (f"/api/v1/matters{rest}", "matters.read"): "matters.own"
    for rest in ("", "/<number>", "/<number>/messages")
}
"""Reads of the API that give a resident the own rows under a second permission."""
ACTORS = ("guest", "wang", "li", "sun", "qian", "chen", "zhou", "wu", "zheng", "gao", "feng")
FOREIGN = frozenset({"guest", "li", "qian", "zhou", "zheng", "gao"})
CLOSED = frozenset({401, 403, 404, 405})
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_FORM = {
    "title": "路灯坏了",
    "body": "请看看",
    "reason": "试一试",
    "words": "好",
    "outcome": "修好了",
    "code": "0901",
    "value": "5",
    "next": "/",
}


class Browser:
    """One actor's browser: what a request writes is undone, and its cookies are as before."""

    def __init__(self, story: Story, who: str, **options: bool) -> None:
        self.story, self.who = story, who
        self.client = Client(raise_request_exception=False, **options)  # type: ignore[arg-type]
        if who != "guest":
            session = self.client.session
            session.update({"account": story.town.account(who).pk, "second": True})
            session.save()
            self.client.cookies["linli"] = str(session.session_key)

    def ask(
        self, method: str, one: Entrance, key: str = "lamp", more: dict[str, str] | None = None
    ) -> HttpResponseBase:
        """One request to an entrance about one matter."""
        path = _PART.sub(lambda found: self._value(found, one, key), one.path)
        session = self.client.cookies.get("linli")
        kept = session.value if session else ""
        with transaction.atomic():
            answer: HttpResponseBase = self._send(method, path, more or {})
            transaction.set_rollback(True)
        self.client.cookies.clear()
        if kept:
            self.client.cookies["linli"] = kept
        return answer

    def _send(self, method: str, path: str, more: dict[str, str]) -> Any:
        if method == "GET":
            return self.client.get(path, more)
        if path.startswith("/api/"):
            body = {**_FORM, "value": 5, **more}
            return self.client.post(path, body, content_type="application/json")
        return self.client.post(path, _FORM | more)

    def _value(self, found: re.Match[str], one: Entrance, key: str) -> str:
        kind, name = found.groups()
        matter = self.story.matters[key]
        known = {"number": matter.number, "key": str(matter.pk), "verb": "accept", "at": "0"}
        known |= {"code": "stair-light", "digest": "0" * 64, "slug": "accept", "which": "portal"}
        if name == "pk":
            return str(self._row(one.name, matter.pk))
        if "ledger" in one.name and name in ("key", "row"):
            return "L10" if name == "key" else str(self._row("registry:person", matter.pk))
        return known.get(name, "1" if kind == "int" else matter.number)

    def _row(self, name: str, matter: int) -> int:
        asked = {
            "files": "SELECT id FROM files_file WHERE owner_id = %s",
            "audit": "SELECT id FROM acts_fact WHERE subject_id = %s",
            "notices": "SELECT id FROM notices_notice WHERE subject_id = %s",
            "admission:demand": "SELECT id FROM admission_demand WHERE %s > 0",
            "admission:ticket": "SELECT id FROM admission_ticket WHERE %s > 0",
            "admission:application": "SELECT id FROM admission_application WHERE %s > 0",
            "admission:public_notice": "SELECT id FROM admission_application WHERE %s > 0",
            "admission:placement": "SELECT id FROM admission_placement WHERE %s > 0",
            "admission:occasion": "SELECT id FROM admission_occasion WHERE %s > 0",
            "admission:work": "SELECT id FROM admission_work WHERE %s > 0",
            "admission:step": "SELECT id FROM admission_step WHERE %s > 0",
            "admission:system_use": "SELECT id FROM admission_usage WHERE %s > 0",
            "admission:reply": "SELECT id FROM admission_comment WHERE %s > 0",
            "tables:form": "SELECT id FROM tables_form WHERE %s > 0 ORDER BY id",
            "tables:edition": "SELECT id FROM tables_edition WHERE %s > 0 ORDER BY id",
            "tables:round": "SELECT id FROM tables_round WHERE %s > 0 ORDER BY id",
            "tables:sheet": "SELECT id FROM tables_sheet WHERE %s > 0 ORDER BY id",
            "registry:person": "SELECT id FROM registry_person WHERE name = '王小梅' AND %s > 0",
            "registry:household": "SELECT household_id FROM registry_residence r JOIN registry_person"
            " p ON p.id = r.person_id WHERE p.name = '王小梅' AND household_id > 0 AND %s > 0",
        }
        query = next((q for word, q in asked.items() if word in name), None)
        if query is None:
            return 1
        with under(system_act()), connection.cursor() as cursor:
            cursor.execute(query, [matter])
            row = cursor.fetchone()
        return int(row[0]) if row else 1


def asked(one: Entrance) -> list[str]:
    return list(one.methods) or ["GET", "POST"]


def barred(act: Act, one: Entrance) -> bool:
    """Whether the declared permission keeps the actor out."""
    if not one.needs:
        return False
    if one.needs == SIGNED_IN:
        return not act.signed_in
    return not (act.may(one.needs) or act.may(OWN_TOO.get((one.path, one.needs), one.needs)))


def test_every_entrance_declares_its_permission() -> None:
    for one in entrances():
        last = one.name.rsplit(":", 1)[-1]
        assert one.needs is not None or last in OPEN_DOORS, (
            f"{one.path} carries neither needs nor public"
        )


def test_every_needed_verb_is_declared_and_granted_to_somebody(story: Story) -> None:
    acts = [story.act(who) for who in ACTORS]
    for one in entrances():
        if one.needs and one.needs != SIGNED_IN:
            assert one.needs in verbs(), f"{one.path} asks for {one.needs}, which nobody declares"
    needed = {e.needs for e in entrances() if e.needs and e.needs != SIGNED_IN}
    granted = {verb for verb in needed if any(a.may(verb) for a in acts)}
    heads = {"access.audit", "access.read", "access.hire", "access.appoint", "access.dismiss"}
    offices = {"matters.hotline", "admission.void", "admission.import_list", "tables.sign"}
    assert needed - granted <= heads | offices


def test_no_two_addresses_share_a_name() -> None:
    named = Counter(name for name, _path in {(e.name, e.path) for e in entrances()})
    twice = [name for name, times in named.items() if times > 1 and not name.endswith(":")]
    assert twice == [], "reverse() would lead to the wrong page"


@pytest.mark.parametrize("who", ACTORS)
def test_every_entrance_for(story: Story, who: str) -> None:
    act, browser = story.act(who), Browser(story, who)
    faults: list[str] = []
    for one in entrances():
        for method in asked(one):
            answer = browser.ask(method, one)
            said = f"{who} {method} {one.path} ({one.who}): {answer.status_code}"
            faults += [f"{said} {why}" for why in _faults(act, who, method, one, answer)]
    assert faults == [], "\n" + "\n".join(faults)


def _faults(act: Act, who: str, method: str, one: Entrance, answer: HttpResponseBase) -> list[str]:
    found, status = [], answer.status_code
    if status >= 500:
        found.append(repr(getattr(answer, "exc_info", None))[:300])
    if barred(act, one) and not _kept_out(act, one, answer):
        found.append("lets in whom its permission keeps out")
    body = b"" if answer.streaming else getattr(answer, "content", b"")
    if who in FOREIGN and _told(body):
        found.append("tells a stranger what it is about")
    return found


def _told(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    return SECRETS["lamp"] in text or "住户情绪激动" in text


def _kept_out(act: Act, one: Entrance, answer: HttpResponseBase) -> bool:
    status = answer.status_code
    if status in CLOSED:
        return True
    if one.path.startswith("/api/"):
        return status == 422  # the shape is judged before the permission
    led = answer.headers.get("Location", "")
    if led_back(answer):
        return True
    return status == 302 and not act.signed_in and led.startswith("/signin/")


def led_back(answer: HttpResponseBase) -> bool:
    """Whether a GET at an address that only takes what is sent was led to a page above it, told nothing."""
    asked: str = answer.request["PATH_INFO"]  # type: ignore[attr-defined]
    led = answer.headers.get("Location", "").partition("?")[0]
    return answer.status_code == 302 and led not in ("", asked) and asked.startswith(led)


def test_internal_words_stay_inside(story: Story) -> None:
    """The resident never reads an internal remark, whatever page."""
    browser = Browser(story, "wang")
    for one in entrances():
        if "GET" in asked(one):
            answer = browser.ask("GET", one)
            body = b"" if answer.streaming else getattr(answer, "content", b"")
            assert "住户情绪激动" not in body.decode("utf-8", "replace"), one.path


@pytest.mark.parametrize("key", ["restricted", "guest", "anonymous"])
def test_other_matters_stay_hidden_from_strangers(story: Story, key: str) -> None:
    for who in ("li", "zhou"):
        browser = Browser(story, who)
        for one in (e for e in entrances() if "<" in e.path):
            for method in asked(one):
                answer = browser.ask(method, one, key)
                body = b"" if answer.streaming else getattr(answer, "content", b"")
                assert SECRETS[key] not in body.decode("utf-8", "replace"), f"{who} {one.path}"


def test_the_reference_is_fresh() -> None:
    cli._collect()
    assert isinstance(cli.linli, click.Group)
    assert stale(cli.linli) == [], "run `linli reference`"


def test_the_reference_is_the_same_if_an_english_reader_comes_first() -> None:
    """Words that are settled while the addresses are read would stay English for everybody after."""
    code = """
import django
django.setup()
from django.utils import translation
translation.activate("en")
from linli.site import cli
from linli.site.reference import entrances, stale
entrances()
cli._collect()
raise SystemExit(", ".join(stale(cli.linli)) or 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
