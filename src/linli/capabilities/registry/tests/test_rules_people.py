"""Rules about people, as tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.capabilities.registry.rules import days, people, precedence, search
from linli.capabilities.registry.rules.people import Identity
from linli.capabilities.registry.rules.precedence import Said, Verdict
from linli.kernel.acts.act import Refusal

TODAY = date(2026, 6, 1)
CARD = "11010519491231002X"  # the standard's own example


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        (Identity(" "), "no-name"),
        (Identity("王5"), "name"),
        (Identity("王小梅", "111", "110105194912310021"), "number-check"),
        (Identity("王小梅", "111", "123"), "number-length"),
        (Identity("王小梅", "", CARD), "no-kind"),
        (Identity("王小梅", "414", "E1"), "number"),
        (Identity("王小梅", "111", CARD, born=date(1950, 1, 1)), "born-contradicts"),
        (Identity("王小梅", "111", CARD, sex="1"), "sex-contradicts"),
        (Identity("王小梅", born=date(2026, 6, 2)), "born-future"),
        (Identity("王小梅", born=date(1890, 1, 1)), "born-early"),
    ],
)
def test_who_may_not_be_registered(identity: Identity, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        people.may_register(identity, TODAY)
    assert refused.value.code == code


def test_a_card_says_birth_and_sex_in_any_spelling() -> None:
    said = people.may_register(Identity("王 小梅", "111", " 110105491231002 "), TODAY)
    assert said == Identity("王小梅", "111", CARD, date(1949, 12, 31), "2")
    passport = people.may_register(Identity("John Smith", "414", "e 1234-5678"), TODAY)
    assert (passport.name, passport.number) == ("John Smith", "E12345678")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 6, 1), TODAY, 18),
        (date(2008, 6, 2), TODAY, 17),
        (TODAY, TODAY, 0),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert people.age_on(born, day) == age
    assert people.needs_guardian(born, day, 18) == (age < 18)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 100), st.integers(0, 30))
def test_birthdays_of_an_age_range(born: date, youngest: int, more: int) -> None:
    first, last = people.born_between(youngest, youngest + more, TODAY)
    assert (first <= born <= last) == (youngest <= people.age_on(born, TODAY) <= youngest + more)


def test_a_minor_needs_a_guardian() -> None:
    people.guarded(date(2008, 6, 1), TODAY, 0, 18)
    people.guarded(None, TODAY, 0, 18)
    people.guarded(date(2020, 1, 1), TODAY, 1, 18)
    with pytest.raises(Refusal, match="监护人"):
        people.guarded(date(2020, 1, 1), TODAY, 0, 18)
    assert people.consents_alone(date(2012, 6, 1), TODAY, 14)
    assert not people.consents_alone(date(2012, 6, 2), TODAY, 14)


@pytest.mark.parametrize(
    ("name", "shown"), [("王小梅", "王*"), ("欧阳建国", "欧阳*"), ("王", "*"), ("", "")]
)
def test_shown_names(name: str, shown: str) -> None:
    assert people.shown_name(name) == shown


@pytest.mark.parametrize(
    ("sensitive", "may", "roles", "held", "seen"),
    [
        (False, False, (), (), True),
        (True, False, (), ("clerk",), False),
        (True, True, (), (), True),
        (False, False, ("clerk",), ("clerk", "x"), True),
        (False, True, ("clerk",), ("grid_worker",), False),
    ],
)
def test_who_sees_a_tag(
    sensitive: bool, may: bool, roles: tuple[str, ...], held: tuple[str, ...], seen: bool
) -> None:
    found = people.tag_visible(sensitive=sensitive, may_sensitive=may, roles=roles, held=held)
    assert found == seen


@pytest.mark.parametrize(
    ("former", "lived", "now", "lives", "end", "leaves"),
    [
        ("registered", True, "registered", True, "transferred", False),
        ("registered", False, "registered", False, "transferred", False),
        ("registered", True, "floating", True, None, True),
        ("registered", True, "lodging", False, None, False),
        ("floating", True, "permanent", True, "moved", False),
        ("floating", True, "registered", False, None, False),
        ("permanent", False, "floating", True, None, False),
    ],
)
def test_what_an_arrival_ends(
    former: str, lived: bool, now: str, lives: bool, end: Any, leaves: bool
) -> None:
    assert days.on_arrival(former, lived=lived, now=now, lives=lives) == days.Stay(end, leaves)


def test_days() -> None:
    june = date(2026, 6, 1)
    assert days.holds_on(None, None, june) and days.holds_on(june, None, june)
    assert not days.holds_on(None, june, june), "the last day is not counted"
    assert days.months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert days.months_after(date(2026, 12, 5), 12) == date(2027, 12, 5)
    with pytest.raises(Refusal):
        days.not_ahead(date(2026, 6, 2), june)
    with pytest.raises(Refusal):
        days.not_before(date(2026, 5, 1), june)


MON, TUE = date(2026, 6, 1), date(2026, 6, 2)


@pytest.mark.parametrize(
    ("new", "held", "facts", "found"),
    [
        (Said(10, MON), Said(50, TUE), {}, Verdict.TAKE),
        (Said(50, TUE), Said(10, MON), {}, Verdict.KEEP),
        (Said(50, TUE), Said(10, MON), {"id_backed": True}, Verdict.CONFLICT),
        (Said(50, TUE), Said(50, MON), {}, Verdict.TAKE),
        (Said(50, MON), Said(50, TUE), {}, Verdict.KEEP),
        (Said(50, MON), Said(50, MON), {}, Verdict.CONFLICT),
        (Said(90, None), Said(10, MON), {"empty": True}, Verdict.TAKE),
        (Said(10, MON), Said(50, MON), {"same": True}, Verdict.SAME),
    ],
)
def test_precedence(new: Said, held: Said, facts: dict[str, bool], found: Verdict) -> None:
    assert precedence.verdict(new, held, **({"same": False} | facts)) is found


@pytest.mark.parametrize(
    ("text", "kind", "plain"),
    [
        ("王小梅", "name", "王小梅"),
        (" 王 小梅 ", "name", "王小梅"),
        ("11010519491231002x", "number", CARD),
        ("１３９００００００２４", "phone", "13900000024"),
        ("110105 491231 002", "number", "110105491231002"),
        ("139-0000-0024", "phone", "13900000024"),
        ("+8613900000024", "phone", "13900000024"),
        ("E12345678", "number", "E12345678"),
        ("春江花园1幢", "address", "春江花园1幢"),
        ("太湖花园 12-1-201", "address", "太湖花园 12-1-201"),
        ("  ", "nothing", ""),
    ],
)
def test_what_is_asked(text: str, kind: str, plain: str) -> None:
    assert search.asked(text) == search.Asked(kind, plain)  # type: ignore[arg-type]


def test_texts_between() -> None:
    assert "王" < "王小梅" < search.next_text("王") == "玌"
