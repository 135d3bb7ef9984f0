"""How a value is written in a field: codes by the form's own words, days as the cell shows them, numbers as texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal

from linli.capabilities.tables.mapping.evidence import offered
from linli.capabilities.tables.reading.grid import TICK
from linli.capabilities.tables.reading.shapes import Field
from linli.capabilities.tables.reading.styles import serial
from linli.capabilities.tables.writing.rows import Value
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.rules import NO, YES, spellings
from linli.kernel.dictionary.shapes import CodeTable, Element, Kind

_MONTH = re.compile(r"年月$")
_SAMPLES = (
    (re.compile(r"^[0-9]{8}$|YYYYMMDD", re.I), "%Y%m%d"),
    (re.compile(r"^[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}$"), "%Y.%m.%d"),
    (re.compile(r"^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}$"), "%Y/%m/%d"),
    (re.compile(r"^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$"), "%Y年%m月%d日"),
    (re.compile(r"^[0-9]{4}\.[0-9]{1,2}$"), "%Y.%m"),
    (re.compile(r"^[0-9]{4}-[0-9]{1,2}$"), "%Y-%m"),
    (re.compile(r"^[0-9]{4}年[0-9]{1,2}月$"), "%Y年%m月"),
    (re.compile(r"^[0-9]{6}$"), "%Y%m"),
)
_WHETHER = re.compile(r"^(是否|有无|是不是|有没有)")
_ISO = "%Y-%m-%d"
SHORT = 4  # longer titles of codes are written by a shorter name that means the same


@dataclass(slots=True)
class Writer:
    """Writes values of one element into one field; what recurs – codes, days' style – is found once."""

    field: Field
    element: Element | None
    table: CodeTable | None = None
    _codes: dict[str, str | None] = dataclass_field(default_factory=dict)
    _form: str = ""
    _whether: bool = False  # the form only asks whether there is such a thing

    def __post_init__(self) -> None:
        named = self.element is not None and self.element.kind in (Kind.TEXT, Kind.NAME)
        self._whether = named and bool(_WHETHER.match(normal(self.field.path[-1])))

    def write(self, value: object) -> Value:
        """A value as the cell's content; None leaves the cell as it is."""
        if value is None or value == "":
            return None
        if self._whether:
            return self._boolean(True)
        return value if isinstance(value, str) and not self._coded else self._told(value)

    def _told(self, value: object) -> Value:
        if isinstance(value, list | tuple):
            told = [str(self.write(each)) for each in value if each not in (None, "")]
            return "、".join(told) or None
        if isinstance(value, bool):
            return self._boolean(value)
        if isinstance(value, date):
            return self._day(value)
        if self.element is not None and self.element.kind is Kind.CODE and self.table is not None:
            code = str(value)
            if code not in self._codes:
                self._codes[code] = self._code(code)
            return self._codes[code]
        if isinstance(value, (int, float, Decimal)):
            return str(value) if self.field.form == "@" else _number(value)
        return str(value)

    @property
    def _coded(self) -> bool:
        return self.table is not None and self.element is not None

    def _boolean(self, value: bool) -> str:
        for choice in offered(self.field):
            if choice.casefold() in (YES if value else NO):
                return choice
        if "1=是" in self.field.hint.replace(" ", ""):
            return "1" if value else "0"
        return "是" if value else "否"

    def _day(self, value: date) -> Value:
        if self.field.day:
            return serial(value)
        self._form = self._form or self._style()
        return value.isoformat() if self._form == _ISO else value.strftime(self._form)

    def _style(self) -> str:
        for text in (*self.field.values[:3], self.field.hint):
            for pattern, style in _SAMPLES:
                if pattern.search(text.strip()):
                    return style
        return "%Y-%m" if _MONTH.search(normal(self.field.path[-1])) else _ISO

    def _code(self, code: str) -> str | None:
        table = self.table
        if table is None:
            return code
        known = spellings(table)
        for choice in offered(self.field):
            if known.get(normal(choice)) == code or known.get(choice.casefold()) == code:
                return choice
        entry = table.by_code.get(code)
        if entry is None:
            return code
        return _short(str.__str__(entry.title), tuple(str.__str__(each) for each in entry.synonyms))


def _short(title: str, synonyms: tuple[str, ...]) -> str:
    """The name of a code as it is usually written in forms: 男 for 男性, 中共党员 for 中国共产党党员."""
    if title.endswith("性") and title[:-1] in synonyms:
        return title[:-1]
    if len(title) <= SHORT:
        return title
    return next(
        (each for each in synonyms if len(each) < len(title) and _drawn_from(each, title)), title
    )


def _drawn_from(short: str, title: str) -> bool:
    rest = iter(title)
    return len(short) > 1 and all(letter in rest for letter in short)


def _number(value: int | float | Decimal) -> Value:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def day_as_drawn(standing: str, value: object) -> str:
    """A day as the blanks of a cell draw it (    年   月   日); empty where none are drawn."""
    if not isinstance(value, date) or "年" not in standing or "月" not in standing:
        return ""
    day = f"{value.day}日" if "日" in standing else ""
    return f"{value.year}年{value.month}月{day}"


def ticked(text: str, chosen: str) -> str | None:
    """The text of a cell with the box before a choice ticked; None where the choice is not offered."""
    for found in TICK.finditer(text):
        rest = text[found.end() :].lstrip()
        if rest.startswith(chosen):
            return text[: found.start()] + "☑" + text[found.end() :]
    return None
