"""Pieces of a matter's page that are kept belong to one state, one sight and one language."""

from __future__ import annotations

import re

import pytest

from linli.capabilities.matters import services
from linli.capabilities.matters.tests.test_desk import entered, lamp
from linli.capabilities.matters.tests.visitors import visitor
from linli.kernel.acts import under
from linli.ui import kept
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    kept.forget()


def test_the_steps_follow_the_state_and_the_person(town: Town) -> None:
    first, second = lamp(town), lamp(town, "另一盏灯")
    clerk, other = entered(town, "chen"), entered(town, "wu")
    here = f"/desk/matters/{first.number}/"
    drawn = clerk.get(here).content.decode()
    assert f'href="{here}accept/"' in drawn
    beside = clerk.get(f"/desk/matters/{second.number}/").content.decode()
    assert f'href="/desk/matters/{second.number}/accept/"' in beside
    assert f'href="{here}' not in beside, "a kept piece led to another matter"
    assert f'href="{here}accept/"' not in other.get(here).content.decode()
    with under(town.act("chen")) as act:
        services.accept(act, first)
    after = clerk.get(here).content.decode()
    assert f'href="{here}accept/"' not in after and f'href="{here}handle/"' in after


def test_the_picture_follows_what_was_done(town: Town) -> None:
    first, second = lamp(town), lamp(town, "另一盏灯")
    clerk = entered(town, "chen")
    with under(town.act("chen")) as act:
        services.accept(act, first)
    pages = [clerk.get(f"/desk/matters/{m.number}/").content.decode() for m in (first, second)]
    pictures = [re.findall(r"<svg viewBox.*?</svg>", page, re.S)[0] for page in pages]
    assert "is-done" in pictures[0] and pictures[0] != pictures[1]


def test_kept_pieces_speak_the_readers_language(town: Town) -> None:
    matter = lamp(town)
    clerk, here = entered(town, "chen"), f"/desk/matters/{matter.number}/"
    chinese = clerk.get(here).content.decode()
    clerk.cookies["lang"] = "en"
    english = clerk.get(here).content.decode()
    assert "办理流程图" in chinese and "办理流程图" not in english
    del clerk.cookies["lang"]
    assert "办理流程图" in clerk.get(here).content.decode()


def test_empty_forms_are_kept_and_refused_ones_are_not(town: Town) -> None:
    matter = lamp(town)
    resident = visitor(town, "wang")
    here = f"/matters/{matter.number}/"
    assert 'name="message-body"' in resident.get(here).content.decode()
    again = resident.post(here, {"do": "message", "message-body": "甲" * 1001})
    assert again.status_code == 422 and "甲" * 1001 in again.content.decode()
    clean = resident.get(here).content.decode()
    assert "甲甲" not in clean and 'name="message-body"' in clean
