"""A matter as its resident reads it: the picture of its steps, the promise opened, photos with their lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import selectors
from linli.capabilities.matters.clocks import standing
from linli.capabilities.matters.forms.placing import place_words
from linli.capabilities.matters.words import Line
from linli.kernel.acts import Act
from linli.kernel.calendar import labels
from linli.kernel.files import selectors as files
from linli.kernel.flow import StageClock

# The steps a resident counts by; every state stands on one of them.
ROAD = (
    ("reported", _("已收到")),
    ("handling", _("办理")),
    ("handled", _("核实")),
    ("closed", _("办结")),
    ("rated", _("评价")),
)
STANDS = {"waiting": "handling", "verified": "handled"}
ENDS = {"refused": _("不予受理"), "withdrawn": _("已撤回"), "merged": _("已并案")}
TONES = {
    "closed": "good",
    "refused": "bad",
    "withdrawn": "neutral",
    "merged": "neutral",
    "waiting": "warn",
}
USES = {
    "report": _("反映情况"),
    "handle": _("处理结果"),
    "verify": _("现场核实"),
    "message": _("补充材料"),
}
CHIP = {
    "ok": "ok",
    "yellow": "soon",
    "red": "soon",
    "overdue": "late",
    "paused": "paused",
    "met": "done",
    "late": "late",
    "stopped": "done",
}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of an opened clock."""

    day: date
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class Promise:
    """The promise in words, and the days behind it."""

    term: str
    due: Any
    tone: str
    label: str
    started: Any
    met: Any
    days: tuple[DayLine, ...]
    counted: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Album:
    """The photos of one round and use."""

    round: int
    use: str
    files: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything a resident's page of a matter shows."""

    detail: selectors.Detail
    tone: str
    steps: list[dict[str, Any]]
    lines: list[Line]
    messages: list[dict[str, Any]]
    promise: Promise | None
    clocks: list[StageClock]
    albums: list[Album]
    question: str
    place: str
    may: dict[str, bool]
    own: bool


def story(act: Act, matter: Any) -> Story:
    """The matter as the resident may read it (three statements with its finding)."""
    found = selectors.detail(act, matter, public=True)
    own = bool(
        (act.actor and act.actor == matter.reporter_id) or (act.key and act.key == matter.visitor)
    )
    verbs = ("answer", "urge", "withdraw", "rate", "reopen", "message")
    may = {verb: own and found.may(f"matters.{verb}") for verb in verbs}
    may["rate"] = may["rate"] and matter.rating is None
    return Story(
        detail=found,
        tone=TONES.get(matter.state, "info"),
        steps=_steps(matter),
        lines=_lines(found, own=own),
        messages=[m for m in found.messages if m["side"] != "internal"],
        promise=_promise(found.promise, act.at),
        clocks=[c for c in found.clocks if c.code != "resolve"],
        albums=_albums(found.files),
        question=_question(found),
        place=place_words(matter.area_id),
        may=may,
        own=own,
    )


def _steps(matter: Any) -> list[dict[str, Any]]:
    here = STANDS.get(matter.state, matter.state)
    if here in ENDS:
        last = {"label": ENDS[here], "state": "current"}
        return [{"label": ROAD[0][1], "state": "done"}, last]
    if here == "closed":
        here = "closed" if matter.rating is None else "rated"
    codes = [code for code, _label in ROAD]
    at = codes.index(here) if here in codes else 0
    ended = here in ("closed", "rated")
    return [
        {"label": label, "state": _stage(place, at + 1 if ended else at)}
        for place, (_code, label) in enumerate(ROAD)
    ]


def _stage(place: int, at: int) -> str:
    return "done" if place < at else "current" if place == at else "todo"


def _told(line: Line, own: bool) -> Line:
    """The reporter reads “you”; whoever the title names is not named twice."""
    who, title = line.who, line.title
    if own and who == _t("反映人"):
        title = title.replace(who, _t("您"), 1)
    return replace(line, title=title, who="")


def _lines(found: selectors.Detail, *, own: bool) -> list[Line]:
    """Newest first; a photo stands with the line it came with."""
    by_time: dict[Any, list[dict[str, Any]]] = {}
    for file in found.files:
        by_time.setdefault(file["at"], []).append(
            files.shown(file["file"], file["name"], file["type"])
        )
    told = [_told(line, own) for line in found.lines if line.verb != "matters.message"]
    lines = [replace(line, files=tuple(by_time.get(line.when, ()))) for line in reversed(told)]
    if lines and found.matter.closed is None:
        lines[0] = replace(lines[0], current=True)
    return lines


def _albums(kept: list[dict[str, Any]]) -> list[Album]:
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for file in kept:
        found.setdefault((file["round"], file["use"]), []).append(
            files.shown(file["file"], file["name"], file["type"])
        )
    return [Album(n, str(USES.get(use, use)), tuple(shown)) for (n, use), shown in found.items()]


def _question(found: selectors.Detail) -> str:
    """What the office asked, while it waits for the resident."""
    if found.matter.state != "waiting":
        return ""
    asked = [m["body"] for m in found.messages if m["side"] == "office"]
    return str(asked[-1]) if asked else ""


def _promise(clock: StageClock | None, now: datetime) -> Promise | None:
    if clock is None:
        return None
    days: tuple[DayLine, ...] = ()
    warnings: tuple[str, ...] = ()
    term, by_day = "", False
    if clock.clock is not None:
        opened = clock.clock.due()
        days = tuple(DayLine(d.date, d.counts, labels.why(d)) for d in opened.counted)
        warnings = tuple(labels.unpublished_words(w) for w in opened.warnings)
        term, by_day = labels.term_words(clock.clock.term), clock.clock.term.counts_days
    return Promise(
        term=term,
        due=clock.due,
        tone=CHIP.get(clock.state, "ok"),
        label=_chip_words(clock, now),
        started=clock.started,
        met=clock.met_at,
        days=days,
        counted=sum(1 for d in days if d.counts) if by_day else 0,
        warnings=warnings,
    )


def _chip_words(clock: StageClock, now: datetime) -> str:
    """Nothing while there is time; by how much it is over; otherwise how it stands."""
    if clock.state == "overdue":
        return standing(clock, now)
    return "" if clock.state == "ok" else str(labels.STATES.get(clock.state, ""))
