"""What the two templates of this room show: a page of facts and tables, made by the entrances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from linli.ui import keys
from linli.ui.keys import key_of as key_of

SHORT = 6  # characters


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words, where they lead, or the tone of a badge; a note under them."""

    text: Any
    href: str = ""
    tone: str = ""
    note: Any = ""

    @property
    def kind(self) -> str:
        """Nothing at all, which a phone leaves out; a day or a word or two, which no narrow column should break."""
        text = "" if self.text is None else str(self.text)
        whole = len(text) <= SHORT or isinstance(self.text, date)
        return "blank" if not text else "short" if whole else ""


@dataclass(frozen=True, slots=True)
class Head:
    """One column; `num` stands at the end of the line."""

    label: Any
    num: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; without rows, what to say instead and where to go.

    What of a row is no `Cell` becomes one of these words alone. `fold` shows the first rows of a long one; `keys` are what picked rows send, empty for one that cannot be picked.
    """

    heads: Sequence[Head]
    rows: Sequence[Sequence[Any]]
    title: Any = ""
    empty: Any = ""
    hint: Any = ""
    href: str | None = None
    label: Any = None
    icon: str = "inbox"
    note: Any = ""
    fold: bool = False
    keys: Sequence[Any] = ()

    def __post_init__(self) -> None:
        rows = [
            [each if isinstance(each, Cell) else Cell(each) for each in row] for row in self.rows
        ]
        object.__setattr__(self, "rows", rows)


@dataclass(frozen=True, slots=True)
class Do:
    """A button of the page's head."""

    label: Any
    href: str
    icon: str = ""
    kind: str = "quiet"


@dataclass(frozen=True, slots=True)
class Stat:
    """A number that stands big on top of the page, with what it counts and where it comes from."""

    value: Any
    label: Any
    unit: Any = ""
    hint: Any = ""
    href: str = ""
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """A map of areas, coloured by their tones, and what the tones mean."""

    areas: str
    label: Any
    legend: Sequence[Mapping[str, Any]] = ()
    center: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on top of the page."""

    text: Any
    tone: str = "info"
    title: Any = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the filter; without choices a box to type in."""

    name: str
    label: Any
    value: Any = ""
    choices: Sequence[tuple[Any, Any]] = ()


@dataclass(slots=True)
class Page:
    """Everything on one page."""

    title: Any
    lead: Any = ""
    back: str = ""
    actions: list[Do] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    story: list[Any] = field(default_factory=list)
    page: Mapping[str, Any] = field(default_factory=dict)
    chart: Any = None
    chart_title: Any = ""
    stats: list[Stat] = field(default_factory=list)
    map: Map | None = None
    bulk: list[Do] = field(default_factory=list)
    calendar: Sequence[Any] = ()
    weekdays: Sequence[Any] = ()

    @property
    def told(self) -> list[tuple[Any, Any]]:
        """The facts that say something; a cell that leads somewhere is a link."""
        return [(name, _link(value)) for name, value in self.facts if value not in (None, "")]


def _link(value: Any) -> Any:
    if not isinstance(value, Cell):
        return value
    return format_html('<a href="{}">{}</a>', value.href, value.text) if value.href else value.text


def heads(*labels: Any, nums: Iterable[int] = ()) -> list[Head]:
    """Columns by their labels; `nums` are those that hold numbers."""
    numbers = set(nums)
    return [Head(label, at in numbers) for at, label in enumerate(labels)]


def tabs(
    request: HttpRequest, name: str, offered: Iterable[tuple[str, Any]]
) -> list[dict[str, Any]]:
    """Tabs that set one value of the query and keep the others; the first is its default."""
    now = request.GET.get(name, "")
    kept = {k: v for k, v in request.GET.items() if k not in (name, "after") and v}
    return [
        {
            "label": label,
            "href": f"?{urlencode({**kept, **({name: code} if code else {})})}",
            "active": now == code,
        }
        for code, label in offered
    ]


def pager(request: HttpRequest, next_: object) -> dict[str, str | None]:
    """The way on and back to the first page, by keyset."""
    asked = {k: v for k, v in request.GET.items() if k != "after"}
    return keys.pager(asked, request.GET.get("after"), next_)


def cut(rows: list[Any], size: int) -> tuple[list[Any], int]:
    """One page of rows read one more than a page, and the key after which the next begins."""
    return rows[:size], rows[size - 1].pk if len(rows) > size else 0


def day_of(at: datetime | None) -> date | str:
    """The day of a moment where the house stands; nothing for none."""
    return timezone.localdate(at) if at else ""
