"""Reading whole columns at once: the usual spellings by vectors, the rest one by one by the dictionary's rules.

Each reader gives two series of the same length: the values (null where nothing or nothing readable stands) and
the codes of what is wrong (null where nothing is).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linli.kernel.dictionary import rules
from linli.kernel.dictionary.shapes import CodeTable, Element, Kind
from linli.kernel.vault.idnumber import CHECKS, MAINLAND, OLDEST_YEARS, PERMITS, WEIGHTS

Read = tuple[pl.Series, pl.Series]
One = Callable[[str], rules.Value | rules.Unreadable | None]
_DATE = r"^[12][0-9]{3}([-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{4})$"


def plain(texts: pl.Series) -> pl.Series:
    """Half width, single spaces, no words that say nothing."""
    said = texts.str.normalize("NFKC").str.replace_all(r"\s+", " ").str.strip_chars()
    low = said.str.to_lowercase()
    return _only(said, (said != "") & ~low.is_in(list(rules.BLANK)))


def _only(values: pl.Series, keep: pl.Series) -> pl.Series:
    return pl.select(pl.when(keep).then(values)).to_series()


def _none(length: int) -> pl.Series:
    return pl.repeat(None, length, dtype=pl.String, eager=True)


def one_by_one(texts: pl.Series, read: One, dtype: type[pl.DataType] = pl.String) -> Read:
    """Every different text read once by a rule."""
    different = texts.drop_nulls().unique()
    values: list[object] = []
    wrong: list[str | None] = []
    for text in different:
        value = read(text)
        bad = isinstance(value, rules.Unreadable)
        values.append(None if bad else value)
        wrong.append(value.code if isinstance(value, rules.Unreadable) else None)
    table = pl.DataFrame(
        {
            "text": different,
            "value": pl.Series(values, dtype=dtype, strict=False),
            "wrong": pl.Series(wrong, dtype=pl.String),
        }
    )
    joined = pl.DataFrame({"text": texts}).join(table, on="text", how="left", maintain_order="left")
    return joined["value"], joined["wrong"]


def _rest(texts: pl.Series, quick: pl.Series, read: One, dtype: type[pl.DataType]) -> Read:
    """What was read at once, completed by the rule for what was not."""
    left = _only(texts, quick.is_null() & texts.is_not_null())
    if left.null_count() == len(left):
        return quick, _none(len(texts))
    slow, wrong = one_by_one(left, read, dtype)
    return pl.select(pl.coalesce(quick, slow)).to_series(), wrong


def names(texts: pl.Series, element: Element, today: date) -> Read:
    """Names of people."""
    said = plain(texts)
    easy = _only(said, said.str.contains(r"^\p{Han}{2,12}$"))
    return _rest(said, easy, lambda text: rules.read(element, text, today=today), pl.String)


def dates(texts: pl.Series, element: Element, today: date) -> Read:
    """Days, in any usual spelling."""
    said = plain(texts)
    easy = _only(said, said.str.contains(_DATE))
    parts = easy.str.replace_all(r"[/.]", "-")
    dashed = parts.str.to_date("%Y-%m-%d", strict=False)
    tight = parts.str.to_date("%Y%m%d", strict=False)
    quick = pl.select(
        pl.when(parts.str.len_bytes() == 8).then(pl.coalesce(tight, dashed)).otherwise(dashed)
    ).to_series()
    quick = _only(quick, quick.dt.year() >= 1850)
    return _rest(said, quick, lambda text: rules.read(element, text, today=today), pl.Date)


def phones(texts: pl.Series, element: Element, today: date) -> Read:
    """Phone numbers."""
    said = plain(texts)
    easy = _only(said, said.str.contains(r"^1[3-9][0-9]{9}$"))
    return _rest(said, easy, lambda text: rules.read(element, text, today=today), pl.String)


def documents(texts: pl.Series, kinds: pl.Series | None, today: date) -> Read:
    """Numbers of identity documents; national ones by GB 11643."""
    said = plain(texts)
    usual = said.str.to_uppercase().str.replace_all(r"[\s\-]", "")
    national = usual.str.contains(r"^[1-9][0-9]{16}[0-9X]$")
    if kinds is not None:
        national &= kinds.fill_null("").is_in(list(rules.NATIONAL))
    quick = _only(usual, national.fill_null(False) & _right(_only(usual, national), today))
    if kinds is None:
        return _rest(said, quick, lambda text: rules.id_number(rules.plain(text), today), pl.String)
    both = pl.select(pl.concat_str(kinds.fill_null(""), pl.lit("|"), said)).to_series()

    def read(text: str) -> str | rules.Unreadable | None:
        kind, _bar, number = text.partition("|")
        return rules.read_document(number, kind, today=today)

    return _rest(both, quick, read, pl.String)


def _digits(numbers: pl.Series, width: int) -> NDArray[np.uint8]:
    filled = numbers.fill_null("0" * width).to_numpy().astype(f"S{width}")
    return filled.view(np.uint8).reshape(-1, width)


def _right(numbers: pl.Series, today: date) -> pl.Series:
    """Whether 18-character numbers bear the right check, a province and a day that was."""
    cells = _digits(numbers, 18)
    total = (cells[:, :17].astype(np.int64) - 48) @ np.array(WEIGHTS)
    check = np.frombuffer(CHECKS.encode(), dtype=np.uint8)[total % 11] == cells[:, 17]
    province = numbers.str.slice(0, 2).is_in([*MAINLAND, *PERMITS])
    born = numbers.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    past = (born <= today) & (born.dt.year() >= today.year - OLDEST_YEARS)
    return (pl.Series(check) & province & past).fill_null(False)


def codes(texts: pl.Series, element: Element, table: CodeTable, today: date) -> Read:
    """Codes by code, title or synonym."""
    return one_by_one(texts, lambda text: rules.read(element, text, table, today=today))


def others(texts: pl.Series, element: Element, today: date) -> Read:
    """Texts within their length; numbers and yes or no as texts by the rules."""
    if element.kind in (Kind.TEXT, Kind.ADDRESS, Kind.AREA):
        said = plain(texts)
        most = element.longest or 200
        long = said.str.len_chars() > most
        wrong = pl.select(pl.when(long).then(pl.lit("long"))).to_series()
        return _only(said, ~long), wrong
    if element.kind is Kind.BOOLEAN:
        return one_by_one(texts, lambda text: rules.read(element, text, today=today), pl.Boolean)

    def read(text: str) -> rules.Value | rules.Unreadable | None:
        value = rules.read(element, text, today=today)
        return value if value is None or isinstance(value, rules.Unreadable) else str(value)

    return one_by_one(texts, read)


def read_column(texts: pl.Series, element: Element, table: CodeTable | None, today: date) -> Read:
    """A column by the kind of its element."""
    if table is not None and element.kind is Kind.CODE:
        return codes(texts, element, table, today)
    readers = {Kind.NAME: names, Kind.DATE: dates, Kind.PHONE: phones}
    return readers.get(element.kind, others)(texts, element, today)
