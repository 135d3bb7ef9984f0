"""Reading one value as people and other systems write it (pure): no clock, no table, no trace of the value.

A reason never repeats the value: it may be anybody's number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from linli.kernel.dictionary.numerals import chinese_date
from linli.kernel.dictionary.reasons import REASONS
from linli.kernel.dictionary.shapes import CodeTable, Element, Entry, Kind
from linli.kernel.dictionary.uscc import uscc
from linli.kernel.vault import idnumber, phone

Value = str | int | bool | date | Decimal


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that cannot be taken; `code` is kept, `reason` is said to the user in their language."""

    code: str

    @property
    def reason(self) -> str:
        """Why, in the user's words."""
        return REASONS[self.code]


# Figures keep so many decimal places, enough for degrees of longitude.
PLACES = 8
# What people write where they have nothing to say.
_BLANK = "- -- --- — —— / // \\ . * ? 无 暂无 没有 不详 未知 不清楚 未填 未填写 空 空白 null none nil nan n/a #n/a"
BLANK = frozenset(_BLANK.split())
_SPACES = re.compile(r"\s+")
_LATIN = re.compile(r"[a-z]", re.I)
_DOTS = re.compile(r"[·•・‧∙⋅．.。]")
_LOST = re.compile(r"[?？�□\ue000-\uf8ff]")
_DIGIT = re.compile(r"[0-9]")
_SCIENCE = re.compile(r"[0-9](?:\.[0-9]+)?e\+?[0-9]{1,2}", re.I)
_POINT_ZERO = re.compile(r"(?<=[0-9])\.0+$")
_SEVERAL = re.compile(r"[;,、/|\n]")
_NUMBER = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?|[+-]?\.[0-9]+)\s*(?:k?m[23]|\D{0,6})", re.I)
_CLOCK = re.compile(r"[T\s]+[0-9]{1,2}[:时].*$")
_EIGHT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})(?:0{6})?")
_PARTS = re.compile(r"([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?")
_MONTH = re.compile(r"[12][0-9]{3}[-/.年]?(?:[0-9]{1,2}月?)?")
_SHORT_YEAR = re.compile(r"[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}[日号]?")
_SERIAL = re.compile(r"([1-9][0-9]{3,4})")
_PERIOD = re.compile(
    r"([12][0-9]{3})年?(?:[-/.]?(?:q([1-4])|第?([一二三四1-4])季度|([0-9]{1,2})月?))?"
)
_DOCUMENT = re.compile(r"[0-9A-Z]{5,20}")
_NOT_DOCUMENT = re.compile(r"[\s\-()]")
# Day 0 of the serial numbers of spreadsheets, with the day 1900-02-29 that never was.
_EPOCH = date(1899, 12, 30)
# From autumn 1902 to 2173: four or five digits, since six are a year and a month.
SERIALS = range(1000, 100_000)
YES = frozenset({"是", "有", "对", "1", "y", "yes", "true", "t", "√", "✓", "✔", "●", "在", "已"})
NO = frozenset(
    {
        "否",
        "无",
        "不是",
        "没有",
        "0",
        "n",
        "no",
        "false",
        "f",
        "×",
        "✗",
        "✘",
        "x",
        "未",
        "非",
        "不在",
    }
)
# GB 11643 holds for these documents; others have numbers of their own.
NATIONAL = frozenset({"", "111", "112", "113", "553", "P01"})


def plain(text: str) -> str:
    """Half width, one space where there were several, none around."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def read(
    element: Element, text: str, table: CodeTable | None = None, *, today: date
) -> Value | Unreadable | None:
    """The value that a text says, None where it says nothing, Unreadable where it cannot be taken.

    `table` is the element's code table; `today` bounds birthdays in numbers.
    """
    said = plain(text)
    if element.kind is Kind.CODE:
        return _code(said, table)
    if element.kind is Kind.BOOLEAN:
        return _boolean(said)
    if said.casefold() in BLANK or not said:
        return None
    if element.kind is Kind.ID_NUMBER:
        return id_number(said, today)
    value = READERS[element.kind](said)
    if isinstance(value, str) and element.longest and len(value) > element.longest:
        return Unreadable("long")
    return value


def read_document(text: str, document: str, *, today: date) -> str | Unreadable | None:
    """A document's number, by its kind (GA/T 517 code): national numbers by GB 11643, others 5–20 characters."""
    said = plain(text)
    if said.casefold() in BLANK or not said:
        return None
    if document in NATIONAL:
        return id_number(said, today)
    number = _NOT_DOCUMENT.sub("", said).upper()
    return number if _DOCUMENT.fullmatch(number) else Unreadable("document")


def id_number(said: str, today: date) -> str | Unreadable:
    """A resident ID number in 18 characters (GB 11643), the 15-digit form lengthened."""
    if _SCIENCE.fullmatch(said):
        return Unreadable("science")
    try:
        return idnumber.parse(_POINT_ZERO.sub("", said).lstrip("'`"), today).number
    except idnumber.IdNumberError as error:
        return Unreadable(f"id_number.{error.code}")


def phones(text: str) -> list[str]:
    """Every phone number of a cell that holds several, in their order; what is no number is left out."""
    found = (_phone(part.strip()) for part in _SEVERAL.split(plain(text)) if part.strip())
    return [number for number in found if isinstance(number, str)]


def _phone(said: str) -> str | Unreadable:
    if _SCIENCE.fullmatch(said):
        return Unreadable("science")
    first = next((part for part in _SEVERAL.split(said) if part.strip()), said)
    try:
        return phone.any_phone(_POINT_ZERO.sub("", first).lstrip("'`"))
    except phone.PhoneError as error:
        return Unreadable(f"phone.{error.code}")


def _name(said: str) -> str | Unreadable:
    if _LOST.search(said):
        return Unreadable("name.lost")
    if _DIGIT.search(said):
        return Unreadable("name.digits")
    if _LATIN.search(said):
        return said
    return _DOTS.sub("·", said.replace(" ", ""))


def _date(said: str) -> date | Unreadable:
    text = _CLOCK.sub("", _POINT_ZERO.sub("", said)).replace(" ", "").lstrip("'`").rstrip(".-/")
    found = _EIGHT.fullmatch(text) or _PARTS.fullmatch(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        return _day(year, month, day)
    if _SHORT_YEAR.fullmatch(text):
        return Unreadable("date.short_year")
    if _SERIAL.fullmatch(text) and int(text) in SERIALS and not _like_a_year(text):
        return _EPOCH + timedelta(days=int(text))
    if _MONTH.fullmatch(text):
        return Unreadable("date.partial")
    spelled = chinese_date(text)
    return _day(*spelled) if spelled else Unreadable("date")


def _like_a_year(text: str) -> bool:
    return len(text) == 4 and 1800 <= int(text) < 2200


def _day(year: int, month: int, day: int) -> date | Unreadable:
    try:
        found = date(year, month, day)
    except ValueError:
        return Unreadable("date.none")
    return found if year >= 1850 else Unreadable("date.none")


def _amount(said: str) -> Decimal | Unreadable:
    found = _NUMBER.fullmatch(said)
    if found is None:
        return Unreadable("number")
    try:
        return round(Decimal(found[1].replace(",", "")), PLACES)
    except InvalidOperation:
        return Unreadable("number")


def _decimal(said: str) -> Decimal | Unreadable:
    amount = _amount(said)
    if isinstance(amount, Decimal) and abs(amount) >= Decimal(10) ** 15:
        return Unreadable("number")
    return amount


def _integer(said: str) -> int | Unreadable:
    amount = _decimal(said)
    if isinstance(amount, Unreadable):
        return amount
    return int(amount) if amount == amount.to_integral_value() else Unreadable("integer")


def _boolean(said: str) -> bool | Unreadable | None:
    word = _POINT_ZERO.sub("", said).casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    return None if not word or word in BLANK else Unreadable("boolean")


def _period(said: str) -> str | Unreadable:
    found = _PERIOD.fullmatch(_POINT_ZERO.sub("", said).replace(" ", "").lower())
    if found is None:
        return Unreadable("period")
    year, short, quarter, month = found.groups()
    if quarter := short or quarter:
        return f"{year}-Q{'一二三四'.find(quarter) + 1 or quarter}"
    if month is None:
        return year
    return f"{year}-{int(month):02d}" if 1 <= int(month) <= 12 else Unreadable("period")


def _uscc(said: str) -> str | Unreadable:
    if _SCIENCE.fullmatch(said):
        return Unreadable("science")
    number = uscc(said)
    return number if number else Unreadable("uscc")


def _spaceless(said: str) -> str:
    return said.replace(" ", "")


READERS: Mapping[Kind, Callable[[str], Value | Unreadable]] = {
    Kind.TEXT: str,
    Kind.NAME: _name,
    Kind.DATE: _date,
    Kind.USCC: _uscc,
    Kind.PHONE: _phone,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.AREA: _spaceless,
    Kind.ADDRESS: _spaceless,
    Kind.PERIOD: _period,
}


def _code(said: str, table: CodeTable | None) -> str | Unreadable | None:
    if table is None:
        raise TypeError("a coded element is read with its code table")
    word = _spelling(said)
    if not word:
        return None
    known = readings(table)
    found = known.get(word) or known.get(_POINT_ZERO.sub("", word))
    if found:
        return found
    return None if word in BLANK else Unreadable("code")


def _spelling(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def variants(entry: Entry) -> set[str]:
    """Every spelling that means an entry: its code, title and synonyms, half width and small letters."""
    return {_spelling(word) for word in (entry.code, entry.title, *entry.synonyms)}


@lru_cache(maxsize=256)
def _spellings(entries: tuple[Entry, ...], *, narrower: bool) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for entry in entries:
        for word in variants(entry):
            found.setdefault(word, entry.code)
    for entry in entries if narrower else ():
        for word in map(_spelling, entry.narrower):
            found.setdefault(word, entry.code)
    for code, first in _unpadded(entries).items():
        found.setdefault(code, first)
    return found


def spellings(table: CodeTable) -> Mapping[str, str]:
    """Code by every spelling that means it; numbers also without the zeros that spreadsheets drop."""
    return _spellings(table.entries, narrower=False)


def readings(table: CodeTable) -> Mapping[str, str]:
    """Code by everything that a file may say for it: its spellings, and names of some of what it means."""
    return _spellings(table.entries, narrower=True)


def _unpadded(entries: tuple[Entry, ...]) -> dict[str, str]:
    digits = [entry.code for entry in entries if entry.code.isdigit()]
    short = {code.lstrip("0") or "0": code for code in digits}
    padded = {f"0{code}": code for code in digits if len(code) == 1}
    return {**short, **padded}
