"""Every form that stands on a page is sent with junk in what is typed, and with what was chosen left as it stood."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction

from linli.site.reference import entrances
from tests.safety.conftest import Story
from tests.safety.test_http import JUNK, status, why
from tests.safety.test_role_matrix import Browser, asked

TYPED = frozenset(
    {"text", "search", "tel", "email", "url", "number", "date", "time", "datetime-local", "month"}
)


class Forms(HTMLParser):
    """The forms of a page: where each goes, and its fields with their kinds and what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str, str]]]] = []
        self._open = False
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = said.get("method", "get").lower() == "post"
            if self._open:
                self.found.append((said.get("action", ""), []))
        elif self._open and said.get("name") and "disabled" not in said:
            self._field(tag, said)
        elif tag == "option" and self._choice and said.get("value"):
            fields = self.found[-1][1]
            if (self._choice, "chosen", "") in fields or "selected" in said:
                fields[:] = [f for f in fields if f[0] != self._choice]
                fields.append((self._choice, "chosen", said["value"]))

    def _field(self, tag: str, said: dict[str, str]) -> None:
        fields, name = self.found[-1][1], said["name"]
        kind = said.get("type", "text") if tag == "input" else tag
        self._choice = name if tag == "select" else ""
        if tag == "select":
            fields.append((name, "chosen", ""))
        elif tag == "textarea" or kind in TYPED:
            fields.append((name, "typed", said.get("value", "")))
        elif kind in ("radio", "checkbox"):
            if all(f[0] != name for f in fields) or "checked" in said:
                fields.append((name, "chosen", said.get("value", "on")))
        elif kind == "hidden":
            fields.append((name, "kept", said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        if tag == "select":
            self._choice = ""


def forms_of(browser: Browser) -> dict[tuple[str, tuple[str, ...]], list[tuple[str, str, str]]]:
    """Every form that one actor finds on the pages of the house, once each."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[str, str, str]]] = {}
    for one in (e for e in entrances() if "GET" in asked(e) and not e.path.startswith("/api/")):
        answer = browser.ask("GET", one)
        if status(answer) != 200 or "html" not in answer.headers.get("Content-Type", ""):
            continue
        page = Forms()
        page.feed(getattr(answer, "content", b"").decode())
        at = answer.wsgi_request.path  # type: ignore[attr-defined]
        for action, fields in page.found:
            key = (urlsplit(urljoin(at, action)).path, tuple(sorted({f[0] for f in fields})))
            if key[0] not in ("/preferences/", "/signout/", "/hats/"):
                found.setdefault(key, fields)
    return found


def send(browser: Browser, path: str, values: dict[str, Any]) -> Any:
    session = browser.client.cookies.get("linli")
    kept = session.value if session else ""
    with transaction.atomic():
        answer = browser.client.post(path, values)
        transaction.set_rollback(True)
    browser.client.cookies.clear()
    if kept:
        browser.client.cookies["linli"] = kept
    return answer


@pytest.mark.parametrize("who", ["chen", "zheng"])
def test_no_form_of_a_page_breaks(story: Story, who: str) -> None:
    """Junk in all that is typed, then in each thing that was chosen; each thing chosen left out."""
    browser, faults = Browser(story, who), []
    found = forms_of(browser)
    for (path, _names), fields in found.items():
        stood = {name: value for name, kind, value in fields if kind != "typed"}
        typed = [name for name, kind, _value in fields if kind == "typed"]
        tries = [stood | dict.fromkeys(typed, JUNK[junk]) for junk in ("null", "long", "huge")]
        fine = stood | dict.fromkeys(typed, "好")
        for name in stood:
            tries.append(fine | {name: JUNK["null"]})
            tries.append({other: value for other, value in fine.items() if other != name})
        for values in tries:
            answer = send(browser, path, values)
            if status(answer) >= 500:
                faults.append(f"{path} {str(values)[:300]}: {why(answer)}")
    assert faults == [], "\n".join(faults)
    assert len(found) > 5
