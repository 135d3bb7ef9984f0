"""Deadlines: the normative vectors, pauses, extensions, warnings, and what must hold for every one."""

import timeit
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.calendar import (
    SHANGHAI,
    Clock,
    Days,
    Office,
    Pause,
    Term,
    Unit,
    Unpublished,
    Warn,
    Why,
    due,
    due_at,
    elapsed_working,
)

KNOWN = Days.shipped()
BOSTON = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def term(text: str) -> Term:
    return Term.parse(text)


def ends(start: str, length: str, *pauses: tuple[str, str | None], days: Days = KNOWN) -> str:
    found = due_at(at(start), term(length), days, pauses=stops(*pauses))
    return found.strftime("%Y-%m-%d %H:%M") if found else "停表中"


def stops(*pauses: tuple[str, str | None]) -> tuple[Pause, ...]:
    return tuple((at(a), at(b) if b else None) for a, b in pauses)


# Normative: domain facts, section 11.
VECTORS = [
    ("2025-01-24", "5WD", "2025-02-07"),
    ("2025-09-30", "5WD", "2025-10-14"),
    ("2025-10-10", "1WD", "2025-10-11"),
    ("2026-02-13", "5WD", "2026-02-27"),
    ("2026-04-30", "3WD", "2026-05-08"),
    ("2022-12-30", "1WD", "2023-01-03"),
    ("2018-07-04", "20WD", "2018-08-01"),
    ("2020-01-23", "5WD", "2020-02-07"),
    ("2025-01-24", "5D", "2025-02-05"),
    ("2024-02-09", "2D", "2024-02-18"),
]


@pytest.mark.parametrize(("start", "length", "last"), VECTORS)
@pytest.mark.parametrize("clock", ["00:00", "10:20", "23:59"])
def test_vectors(start: str, length: str, last: str, clock: str) -> None:
    assert ends(f"{start} {clock}", length) == f"{last} 17:30"


def test_recalculated_when_the_notice_changes() -> None:
    before = Days.shipped(as_known_on=date(2020, 1, 26))
    assert ends("2020-01-23 10:00", "5WD", days=before) == "2020-02-05 17:30"
    assert ends("2020-01-23 10:00", "5WD") == "2020-02-07 17:30"


HOURS = [
    ("2025-03-03 09:00", "4WH", "2025-03-03 14:30"),  # over the noon break
    ("2025-03-03 12:10", "2WH", "2025-03-03 15:30"),  # begins in the break
    ("2025-03-03 09:00", "7WH", "2025-03-03 17:30"),  # a whole day ends at its own closing
    ("2025-03-03 17:00", "2WH", "2025-03-04 10:30"),
    ("2025-03-03 20:00", "2WH", "2025-03-04 11:00"),  # after closing: the next working day
    ("2025-03-01 10:00", "0.5WH", "2025-03-03 09:30"),  # a Saturday
    ("2025-09-28 16:30", "4WH", "2025-09-29 12:00"),  # a Sunday that is worked
    ("2025-09-30 17:00", "1WH", "2025-10-09 09:30"),
    ("2025-09-30 17:00", "24H", "2025-10-01 17:00"),  # around the clock, holiday or not
    ("2025-03-03 10:00", "1.5H", "2025-03-03 11:30"),
]


@pytest.mark.parametrize(("start", "length", "end"), HOURS)
def test_hours(start: str, length: str, end: str) -> None:
    assert ends(start, length) == end


# 2025-03-03 is a Monday.
PAUSES = [
    ("3WD", [], "2025-03-06 17:30"),
    ("3WD", [("2025-03-04 10:00", "2025-03-04 16:00")], "2025-03-06 17:30"),  # running at closing
    ("3WD", [("2025-03-04 16:00", "2025-03-05 10:00")], "2025-03-07 17:30"),  # paused at closing
    ("3WD", [("2025-03-04 16:00", "2025-03-04 17:30")], "2025-03-06 17:30"),  # resumed at closing
    ("3WD", [("2025-03-04 17:30", "2025-03-05 09:00")], "2025-03-07 17:30"),  # paused at closing
    ("3WD", [("2025-03-07 18:00", "2025-03-09 09:00")], "2025-03-06 17:30"),  # after the end
    ("3WD", [("2025-03-03 11:00", "2025-03-03 20:00")], "2025-03-06 17:30"),  # the uncounted day
    ("5WD", [("2025-03-07 20:00", "2025-03-10 08:00")], "2025-03-10 17:30"),  # a weekend only
    (
        "3WD",
        [("2025-03-04 16:00", "2025-03-06 10:00"), ("2025-03-05 09:00", "2025-03-05 20:00")],
        "2025-03-10 17:30",
    ),  # overlapping pauses count once
    ("3WD", [("2025-03-05 16:00", None)], "停表中"),
    ("3WD", [("2025-03-06 17:31", None)], "2025-03-06 17:30"),
    ("4WH", [("2025-03-03 11:00", "2025-03-03 14:00")], "2025-03-03 17:00"),
    ("4WH", [("2025-03-03 11:00", None)], "停表中"),
    ("24H", [("2025-03-03 12:00", "2025-03-05 12:00")], "2025-03-06 10:00"),
    ("24H", [("2025-03-04 10:00", None)], "2025-03-04 10:00"),  # paused as it ends: it has ended
    ("5D", [("2025-03-04 09:00", "2025-03-06 09:00")], "2025-03-10 17:30"),
    ("5D", [("2025-03-09 09:00", "2025-03-12 09:00")], "2025-03-12 17:30"),  # the rolled day waits
    ("5D", [("2025-03-09 09:00", None)], "停表中"),
]


@pytest.mark.parametrize(("length", "pauses", "end"), PAUSES)
def test_pauses(length: str, pauses: list[tuple[str, str | None]], end: str) -> None:
    assert ends("2025-03-03 10:00", length, *pauses) == end


def test_an_opened_clock_tells_each_day() -> None:
    opened = due(at("2025-01-24 10:00"), term("5WD"), KNOWN)
    assert opened.at == at("2025-02-07 17:30")
    assert [day.date.day for day in opened.counted if day.counts] == [26, 27, 5, 6, 7]
    why = {day.date: (day.why, day.name) for day in opened.counted}
    assert why[date(2025, 1, 24)] == (Why.EVENT, "")
    assert why[date(2025, 1, 25)] == (Why.WEEKEND, "")
    assert why[date(2025, 1, 26)] == (Why.MAKE_UP, "春节")
    assert why[date(2025, 1, 28)] == (Why.HOLIDAY, "春节")
    assert len(why) == 15


def test_an_opened_clock_tells_pauses_rolls_and_stops() -> None:
    pauses = stops(("2025-03-04 16:00", "2025-03-05 10:00"))
    opened = due(at("2025-03-03 10:00"), term("2WD"), KNOWN, pauses=pauses)
    assert [day.why for day in opened.counted] == [Why.EVENT, Why.PAUSED, Why.WORKING, Why.WORKING]
    rolled = due(at("2025-03-03 10:00"), term("5D"), KNOWN)
    assert [(d.date.day, d.why) for d in rolled.counted[-3:]] == [
        (8, Why.NATURAL),
        (9, Why.ROLLED),
        (10, Why.ROLLED),
    ]
    stopped = due(
        at("2025-03-03 10:00"), term("3WD"), KNOWN, pauses=stops(("2025-03-05 16:00", None))
    )
    assert stopped.stopped
    assert stopped.remaining == term("2WD")
    assert [day.counts for day in stopped.counted] == [False, True, False]


def test_an_opened_clock_tells_hours() -> None:
    pauses = stops(("2025-03-03 16:30", "2025-03-04 10:00"))
    opened = due(at("2025-03-03 16:00"), term("4WH"), KNOWN, pauses=pauses)
    assert [(d.hours, d.counts) for d in opened.counted] == [(0.5, True), (3.5, True)]
    late = due(at("2025-03-07 20:00"), term("1WH"), KNOWN)
    assert [d.why for d in late.counted] == [Why.CLOSED, Why.WEEKEND, Why.WEEKEND, Why.WORKING]
    assert sum(d.hours or 0 for d in due(at("2025-03-03 16:00"), term("30H"), KNOWN).counted) == 30


def test_a_year_without_notice_is_warned_of() -> None:
    assert due(at("2026-12-28 10:00"), term("5WD"), KNOWN).warnings == (Unpublished(2027),)
    assert due(at("2026-11-02 10:00"), term("5WD"), KNOWN).warnings == ()


def test_extensions() -> None:
    start, longer = at("2025-03-03 10:00"), (term("10WD"),)
    assert due_at(start, term("20WD"), KNOWN, extensions=longer) == due_at(
        start, term("30WD"), KNOWN
    )
    mixed = due(start, term("2WD"), KNOWN, extensions=(term("24H"),))
    assert mixed.at == at("2025-03-06 17:30")
    assert [d.date.day for d in mixed.counted] == [3, 4, 5, 6]
    assert ends("2025-03-03 10:00", "2WD", ("2025-03-04 10:00", None)) == "停表中"
    halted = Clock(
        start,
        term("2WD"),
        KNOWN,
        pauses=stops(("2025-03-04 10:00", None)),
        extensions=(term("24H"),),
    )
    assert halted.due_at() is None


def test_late_receipt_where_the_pack_says_so() -> None:
    office = Office(late_after=time(17, 30))
    evening = at("2025-03-07 20:00")
    assert due_at(evening, term("1WD"), KNOWN, office) == at("2025-03-11 17:30")
    assert due_at(at("2025-03-07 17:30"), term("1WD"), KNOWN, office) == at("2025-03-10 17:30")
    assert due_at(at("2025-03-08 10:00"), term("1WD"), KNOWN, office) == at("2025-03-11 17:30")
    opened = due(evening, term("1WD"), KNOWN, office)
    assert [d.why for d in opened.counted] == [
        Why.EVENT,
        Why.WEEKEND,
        Why.WEEKEND,
        Why.LATE,
        Why.WORKING,
    ]


def test_a_cut_off_before_closing() -> None:
    office = Office(((time(9), time(12)), (time(13), time(17))), late_after=time(16, 30))
    late, early = at("2025-03-07 16:31"), at("2025-03-07 16:30")
    assert due_at(late, term("2WH"), KNOWN, office) == at("2025-03-10 11:00")
    assert due_at(early, term("2WH"), KNOWN, office) == at("2025-03-10 10:30")
    assert due_at(late, term("1WD"), KNOWN, office) == at("2025-03-11 17:00")
    opened = due(late, term("2WH"), KNOWN, office)
    assert [day.hours for day in opened.counted] == [0, 0, 0, 2]
    assert due_at(early, term("1WD"), KNOWN, office, extensions=(term("1D"),)) == at(
        "2025-03-11 17:00"
    )


def test_at_once() -> None:
    now = at("2025-03-08 10:00")
    assert due_at(now, Term(0, Unit.WORKING_DAY), KNOWN) == now
    clock = Clock(now, Term(0, Unit.HOUR), KNOWN)
    assert (clock.state(now), clock.state(now + timedelta(seconds=1))) == ("red", "overdue")


@pytest.mark.parametrize(
    ("now", "state", "left"),
    [
        ("2025-03-03 10:00", "ok", "5WD"),
        ("2025-03-05 09:00", "ok", "4WD"),
        ("2025-03-07 09:00", "yellow", "2WD"),
        ("2025-03-10 12:00", "red", "1WD"),
        ("2025-03-10 17:30", "red", "1WD"),
        ("2025-03-10 17:31", "overdue", "0WD"),
    ],
)
def test_how_a_clock_stands(now: str, state: str, left: str) -> None:
    clock = Clock(at("2025-03-03 10:00"), term("5WD"), KNOWN)
    assert clock.state(at(now), Warn(0.6, 0.8)) == state
    assert str(clock.remaining(at(now))) == left


def test_a_paused_clock_keeps_what_is_left() -> None:
    clock = Clock(
        at("2025-03-03 10:00"), term("4WH"), KNOWN, pauses=stops(("2025-03-03 11:00", None))
    )
    for now in ("2025-03-03 11:00", "2025-03-09 11:00", "2026-03-03 11:00"):
        assert clock.state(at(now)) == "paused"
        assert str(clock.remaining(at(now))) == "3WH"
    late = Clock(
        at("2025-03-03 10:00"), term("1WH"), KNOWN, pauses=stops(("2025-03-03 15:00", None))
    )
    assert late.state(at("2025-03-03 16:00")) == "overdue"


def test_elapsed_office_time() -> None:
    gone = elapsed_working(at("2025-03-07 16:00"), at("2025-03-10 10:00"), KNOWN)
    assert gone == timedelta(hours=2.5)
    paused = stops(("2025-03-07 17:00", "2025-03-10 09:30"))
    assert elapsed_working(
        at("2025-03-07 16:00"), at("2025-03-10 10:00"), KNOWN, pauses=paused
    ) == (timedelta(hours=1.5))
    assert elapsed_working(at("2025-03-10 10:00"), at("2025-03-07 10:00"), KNOWN) == timedelta(0)


def test_other_time_zones_and_summer_time() -> None:
    start = datetime(2025, 3, 8, 12, tzinfo=BOSTON)  # clocks go forward in the night
    assert due_at(start, term("24H"), KNOWN, tz=BOSTON) == datetime(2025, 3, 9, 13, tzinfo=BOSTON)
    utc = datetime.fromisoformat("2025-03-03T20:00:00+00:00")  # already the fourth in Shanghai
    assert due_at(utc, term("1WD"), KNOWN) == at("2025-03-05 17:30")
    with pytest.raises(ValueError, match="时区"):
        due_at(datetime(2025, 3, 3), term("1WD"), KNOWN)


@pytest.mark.parametrize(
    "text", ["5", "WD", "-5WD", "0WD", "5 days", "", "0.5WD", "99999WD", None, 5]
)
def test_terms_that_are_none(text: object) -> None:
    with pytest.raises(ValueError):
        Term.parse(text)


def test_terms_read_and_write() -> None:
    for text in ("5WD", "3.5WH", "24H", "30D"):
        assert str(Term.parse(text)) == text
    assert Term.parse({"amount": 5, "unit": "WD"}) == Term.parse(Term(5, Unit.WORKING_DAY))
    assert Term.parse(" 5 wd ").words == "5个工作日"
    with pytest.raises(ValueError, match="先后"):
        Office(((time(9), time(8)),))
    with pytest.raises(ValueError, match="预警"):
        Warn(0.9, 0.5)


MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2028, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
TERMS = st.one_of(
    st.builds(Term, st.integers(1, 80), st.sampled_from(["WD", "D"])),
    st.builds(Term, st.integers(1, 400).map(lambda n: n / 4), st.sampled_from(["WH", "H"])),
)
GAPS = st.timedeltas(timedelta(0), timedelta(days=40))
SPELLS = st.lists(st.tuples(MOMENTS, GAPS).map(lambda p: (p[0], p[0] + p[1])), max_size=4)


@st.composite
def paused_terms(draw: st.DrawFn) -> tuple[datetime, Term, list[Pause]]:
    """A start, a term and closed pauses near them."""
    start = draw(MOMENTS)
    offsets = draw(st.lists(st.tuples(GAPS, GAPS), max_size=4))
    return start, draw(TERMS), [(start + a, start + a + b) for a, b in offsets]


def _ends(start: datetime, length: Term, pauses: list[Pause]) -> datetime:
    found = due_at(start, length, KNOWN, pauses=pauses)
    assert found is not None
    return found


@given(MOMENTS, GAPS, TERMS)
def test_later_is_never_due_earlier(start: datetime, gap: timedelta, length: Term) -> None:
    assert _ends(start, length, []) <= _ends(start + gap, length, [])


@given(MOMENTS, TERMS)
def test_more_is_never_due_earlier(start: datetime, length: Term) -> None:
    longer = Term(length.amount + 1, length.unit)
    assert start <= _ends(start, length, []) <= _ends(start, longer, [])


@given(paused_terms())
def test_never_due_on_a_day_off_and_never_shortened(
    case: tuple[datetime, Term, list[Pause]],
) -> None:
    start, length, pauses = case
    end = _ends(start, length, pauses)
    assert end >= _ends(start, length, [])
    if length.unit != "H":
        assert KNOWN.is_working(end.date())


@given(paused_terms(), GAPS, GAPS)
def test_one_more_pause_never_shortens(
    case: tuple[datetime, Term, list[Pause]], after: timedelta, long: timedelta
) -> None:
    start, length, pauses = case
    more = [*pauses, (start + after, start + after + long)]
    assert _ends(start, length, more) >= _ends(start, length, pauses)


@given(paused_terms())
def test_the_opened_clock_counts_exactly_its_term(
    case: tuple[datetime, Term, list[Pause]],
) -> None:
    start, length, pauses = case
    opened = due(start, length, KNOWN, pauses=pauses)
    assert opened.at == _ends(start, length, pauses)
    if length.counts_days:
        assert sum(day.counts for day in opened.counted) == length.amount
    else:
        assert sum(day.hours or 0 for day in opened.counted) == pytest.approx(
            length.amount, abs=0.1
        )


@given(MOMENTS, TERMS, GAPS)
def test_an_open_pause_keeps_what_is_left(start: datetime, length: Term, after: timedelta) -> None:
    clock = Clock(start, length, KNOWN, pauses=((start + after, None),))
    end = _ends(start, length, [])
    if clock.due_at() is None:
        assert clock.remaining(start + after) == clock.remaining(start + after + timedelta(days=99))
        assert start + after <= end
    else:
        assert clock.due_at() == end


@given(MOMENTS, TERMS, GAPS)
def test_remaining_never_grows(start: datetime, length: Term, gap: timedelta) -> None:
    clock = Clock(start, length, KNOWN)
    assert clock.remaining(start) == length
    assert clock.remaining(start + gap).amount <= length.amount
    assert clock.remaining(_ends(start, length, []) + timedelta(seconds=1)).amount == 0


@pytest.mark.parametrize("text", ["5WD", "4WH", "24H", "30D"])
def test_fast_enough_for_replays(text: str) -> None:
    start, length = at("2025-01-24 10:20"), term(text)
    best = min(timeit.repeat(lambda: due_at(start, length, KNOWN), number=500, repeat=5)) / 500
    assert best < 60e-6, (
        f"{best * 1e6:.1f} µs (wanted 20 µs; the bound leaves room for a busy machine)"
    )
