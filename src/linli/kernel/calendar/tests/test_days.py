"""The calendar: years, notices, what was known when, differences."""

import json
from datetime import date
from pathlib import Path

import pytest

from linli.kernel.calendar import (
    Days,
    Notice,
    NoticeError,
    Unpublished,
    difference,
    shipped_notices,
)

KNOWN = Days.shipped()
FILES = Path(__file__).resolve().parents[6] / "shared" / "data" / "calendar"
YEARS = {
    2018: 250,
    2019: 250,
    2020: 249,
    2021: 250,
    2022: 249,
    2023: 249,
    2024: 251,
    2025: 248,
    2026: 248,
}


@pytest.mark.parametrize(("year", "working"), YEARS.items())
def test_working_days_of_a_year(year: int, working: int) -> None:
    assert KNOWN.working_in(date(year, 1, 1), date(year, 12, 31)) == working


@pytest.mark.parametrize("year", [2018, 2019, 2021, 2022, 2023, 2024, 2025])
def test_agrees_with_the_published_file(year: int) -> None:
    path = FILES / f"{year}.json"
    if not path.exists():
        pytest.skip(f"shared/data/calendar/{year}.json is absent: the cross-check did not run")
    notice = Notice.from_json(path)
    shipped = {day: s for day, s in KNOWN.exceptions.items() if s.notice_year == year}
    assert shipped == dict(notice.days)
    assert Days.of([notice]).published == {year}


def test_the_notice_of_a_year_may_move_days_of_the_december_before() -> None:
    assert not KNOWN.is_working(date(2018, 12, 31))
    assert KNOWN.is_working(date(2018, 12, 29))
    assert KNOWN.exceptions[date(2022, 12, 31)].notice_year == 2023
    before = Days.shipped(date(2018, 12, 5))
    assert before.is_working(date(2018, 12, 31))


def test_a_notice_replaced_in_the_middle_of_the_year() -> None:
    before, after = Days.shipped(date(2019, 3, 21)), Days.shipped(date(2019, 3, 22))
    assert [(c.date, c.is_working) for c in difference(before, after)] == [
        (date(2019, 4, 28), True),
        (date(2019, 5, 2), False),
        (date(2019, 5, 3), False),
        (date(2019, 5, 5), True),
    ]


def test_the_spring_festival_of_2020_was_prolonged_on_27_january() -> None:
    before, after = Days.shipped(date(2020, 1, 26)), Days.shipped(date(2020, 1, 27))
    changed = {c.date: c.is_working for c in difference(before, after)}
    assert changed == {date(2020, 1, 31): False, date(2020, 2, 1): False}
    assert before.fingerprint != after.fingerprint
    assert difference(after, after) == ()


def test_years_without_a_notice_are_named() -> None:
    assert KNOWN.warnings(date(2025, 3, 1), date(2026, 12, 24)) == ()
    assert KNOWN.warnings(date(2026, 12, 1), date(2026, 12, 28)) == (Unpublished(2027),)
    assert KNOWN.warnings(date(2026, 12, 1), date(2028, 1, 3)) == (
        Unpublished(2027),
        Unpublished(2028),
    )
    assert "2027年" in Unpublished(2027).words


def test_equal_calendars_have_equal_fingerprints() -> None:
    assert Days.of(shipped_notices()) == KNOWN
    assert len({Days.of(shipped_notices()), KNOWN}) == 1
    assert Days({}, ()) != KNOWN


def test_days_outside_the_calendar_are_refused() -> None:
    for day in (date(1989, 12, 31), date(2070, 1, 1)):
        with pytest.raises(ValueError, match="超出"):
            KNOWN.is_working(day)


GOOD = {"date": "2027-01-01", "name": "元旦", "isOffDay": True}
BAD = [
    ("[]", "缺少 days"),
    ("{", "JSON"),
    (json.dumps({"year": 2027, "days": []}), "缺少 days"),
    (json.dumps({"year": "2027", "days": [GOOD]}), "年份"),
    (json.dumps({"year": 3027, "days": [GOOD]}), "年份"),
    (json.dumps({"year": 2027, "days": [{**GOOD, "date": "2027-13-01"}]}), "第1个日期"),
    (json.dumps({"year": 2027, "days": [GOOD, "x"]}), "第2个日期"),
    (json.dumps({"year": 2027, "days": [{**GOOD, "isOffDay": 1}]}), "放假还是上班"),
    (json.dumps({"year": 2027, "days": [{**GOOD, "date": "2025-12-31"}]}), "不属于2027年"),
    (json.dumps({"year": 2027, "days": [GOOD, {**GOOD, "isOffDay": False}]}), "矛盾"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_file_that_is_no_notice_is_refused_in_words(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "2027.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NoticeError, match=words):
        Notice.from_json(path)


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NoticeError, match="读不到文件"):
        Notice.from_json(tmp_path / "none.json")


def test_a_new_notice_is_read_and_changes_the_calendar(tmp_path: Path) -> None:
    path = tmp_path / "2027.json"
    work = {"date": "2026-12-26", "name": "元旦", "isOffDay": False}
    path.write_text(json.dumps({"year": 2027, "papers": ["p"], "days": [GOOD, work]}))
    notice = Notice.from_json(path, date(2026, 11, 5))
    new = Days.of([*shipped_notices(), notice])
    assert {c.date for c in difference(KNOWN, new)} == {date(2026, 12, 26), date(2027, 1, 1)}
    assert new.warnings(date(2026, 12, 1), date(2027, 1, 4)) == ()
    assert Days.from_json(path).is_working(date(2026, 12, 26))
