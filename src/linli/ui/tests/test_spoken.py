"""Words of packs: stored in Chinese, said in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.utils import translation
from jinja2 import Environment

from linli.ui import spoken
from linli.ui.spoken import Spoken

ENGLISH = {"办结": "Close", "“%(what)s”最多%(n)s次。": "“%(what)s” at most %(n)s times."}


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def said(text: str) -> str:
        return ENGLISH.get(text, text) if translation.get_language() == "en" else text

    monkeypatch.setattr(spoken, "gettext", said)
    with translation.override("en"):
        yield


def test_it_is_stored_and_compared_as_written() -> None:
    title = Spoken("办结")
    assert title == "办结"
    seen: dict[str, int] = {title: 1}
    assert seen["办结"] == 1
    assert json.dumps([title], ensure_ascii=False) == '["办结"]'


def test_it_is_said_in_the_readers_language() -> None:
    title = Spoken("办结")
    page = Environment(autoescape=True).from_string("{{ t }}|{{ t ~ '!' }}|{{ '%s' % t }}")
    assert (str(title), f"{title}") == ("Close", "Close")
    assert page.render(t=title) == "Close|Close!|Close"
    with translation.override("zh-hans"):
        assert f"{title}" == "办结"


def test_a_filled_sentence_keeps_its_template() -> None:
    why = Spoken("“%(what)s”最多%(n)s次。") % {"what": Spoken("办结"), "n": 2}
    assert why == "“办结”最多2次。"
    assert str(why) == "“Close” at most 2 times."


def test_it_is_escaped_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGLISH, "甲", "<b>")
    assert Environment(autoescape=True).from_string("{{ t }}").render(t=Spoken("甲")) == "&lt;b&gt;"
