"""A city loads a new notice: what it changes, and who sees it."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.acts import Act, Denied, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.calendar import (
    SHANGHAI,
    Clock,
    CountedDay,
    Notice,
    Special,
    Term,
    Unpublished,
    Why,
    recount,
    selectors,
)
from linli.kernel.calendar.commands import calendar as command
from linli.kernel.calendar.labels import STATES, WHY, term_words, unpublished_words, why
from linli.kernel.calendar.models import Holiday
from linli.kernel.calendar.recount import OpenDeadline
from linli.kernel.calendar.services import load

ANNOUNCED = date(2026, 11, 5)
EVE, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def fresh(db: None) -> Iterator[None]:
    selectors.forget()
    yield
    selectors.forget()


@pytest.fixture
def deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """One open deadline that the new notice moves."""
    start = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)

    def source() -> list[OpenDeadline]:
        clock = Clock(start, Term.parse("2WD"), selectors.calendar())
        return [
            OpenDeadline("A-1", clock),
            OpenDeadline("A-2", Clock(start.replace(day=1), clock.term, clock.days)),
        ]

    monkeypatch.setattr(recount, "_sources", [source])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.json"
    days = [{"date": str(day), "name": "元旦", "isOffDay": True} for day in (EVE, NEW_YEAR)]
    path.write_text(json.dumps({"year": 2027, "papers": ["notice"], "days": days}))
    return path


def run(*words: str) -> str:
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_trial_tells_what_would_change_and_changes_nothing(file: Path, deadline: None) -> None:
    printed = run("load", str(file), "--announced", str(ANNOUNCED), "--dry-run")
    assert "2026-12-31 元旦 上班 → 休息" in printed
    assert "A-1 2027-01-01 17:30 → 2027-01-05 17:30" in printed
    assert "A-2" not in printed
    assert "变动2天，影响未办结时限1个。" in printed
    with under(system_act()):
        assert not Holiday.objects.exists()
        assert selectors.calendar().is_working(EVE)


def test_a_loaded_notice_is_in_force_at_once_and_leaves_a_fact(file: Path) -> None:
    with under(system_act()):
        assert selectors.calendar().is_working(EVE)
    assert "已载入2027年" in run("load", str(file), "--announced", str(ANNOUNCED))
    with under(system_act()):
        assert not selectors.calendar().is_working(EVE)
        assert 2027 in selectors.calendar().published
        assert selectors.calendar(date(2026, 11, 4)).is_working(EVE)
        fact = Fact.objects.get(verb="calendar.load")
        assert fact.data == {"year": 2027, "announced": "2026-11-05", "days": 2}
    assert "2027-01-01 放假 元旦" in run("show", "2027")
    assert "尚未载入" in run("show", "2028")


def test_loading_the_same_notice_again_replaces_it(file: Path) -> None:
    for _ in range(2):
        run("load", str(file), "--announced", str(ANNOUNCED))
    with under(system_act()):
        assert Holiday.objects.count() == 2
        shorter = Notice(2027, ANNOUNCED, {NEW_YEAR: Special(True, "元旦", 2027)})
        load(system_act(), shorter)
        assert selectors.calendar().is_working(EVE)


def test_the_calendar_is_kept_in_the_process() -> None:
    with under(system_act()):
        selectors.calendar()
        with CaptureQueriesContext(connection) as seen:
            selectors.calendar()
        assert len(seen) == 0


def test_a_load_by_another_process_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with under(system_act()):
        selectors.calendar()
        Holiday.objects.create(
            notice_year=2027, announced=ANNOUNCED, date=EVE, is_off=True, name="元旦"
        )
        monkeypatch.setattr(selectors, "RECHECK_SECONDS", -1.0)
        assert not selectors.calendar().is_working(EVE)


def test_only_who_holds_the_verb_may_load() -> None:
    notice = Notice(2027, ANNOUNCED, {NEW_YEAR: Special(True, "元旦", 2027)})
    guest = Act(actor=0, name="", at=datetime(2026, 11, 5, tzinfo=SHANGHAI))
    with pytest.raises(Denied):
        load(guest, notice)


def test_a_bad_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{}")
    result = CliRunner().invoke(command, ["load", str(path)])
    assert result.exit_code == 1
    assert "缺少 days" in result.output


def test_office_hours_come_from_the_pack() -> None:
    with under(system_act()):
        office = selectors.office()
    assert office.status in {"default", "known", "found"}
    assert office.spans[0][0] < office.closes
    assert isinstance(office.late_after, time)


def test_everything_has_a_label() -> None:
    assert set(WHY) == set(Why)
    assert why(CountedDay(NEW_YEAR, False, Why.HOLIDAY, "元旦")) == "节假日（元旦）"
    assert why(CountedDay(NEW_YEAR, True, Why.WORKING)) == "工作日"
    assert [term_words(Term.parse(t)) for t in ("5WD", "3.5WH", "24H", "1D")] == [
        "5个工作日",
        "3.5个工作小时",
        "24小时",
        "1日",
    ]
    assert unpublished_words(Unpublished(2027)) == Unpublished(2027).words
    assert all(str(label) for label in STATES.values())
