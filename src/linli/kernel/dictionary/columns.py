"""Reading whole columns, for files of millions of rows: the same values and reasons as `rules.read`, row for row.

Numbers, phones, names and addresses have an expression that decides the usual spellings; whatever it does not
decide, and every kind with few different values, is read once per different text by the rule itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from linli.kernel.dictionary.rules import (
    BLANK,
    NATIONAL,
    PLACES,
    Unreadable,
    Value,
    read,
    read_document,
)
from linli.kernel.dictionary.shapes import CodeTable, Element, Kind
from linli.kernel.vault.idnumber import CENTENARIANS, MAINLAND, OLDEST_YEARS, PERMITS, WEIGHTS

DTYPES: Mapping[Kind, pl.DataType | type[pl.DataType]] = {
    Kind.DATE: pl.Date,
    Kind.INTEGER: pl.Int64,
    Kind.DECIMAL: pl.Decimal(24, PLACES),
    Kind.BOOLEAN: pl.Boolean,
}
_DAY = r"^[12][0-9]{3}([-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{4})$"
_MOBILE = r"^1[3-9][0-9]{9}$"
_ABROAD = r"^(?:\+|00)?86(1[3-9][0-9]{9})$"
# Characters of everyday names; anything rarer is read by the rule.
_HAN_NAME = r"^[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)*$"
# A control character may be a blank to one language and not to the other.
_CONTROL = r"[\x00-\x1f\x7f-\x9f]"


@dataclass(frozen=True, slots=True)
class Read:
    """A column as read: `values` (null where nothing or nothing readable stood) and `reasons` (code, else null)."""

    values: pl.Series
    reasons: pl.Series


def read_column(
    element: Element, texts: pl.Series, table: CodeTable | None = None, *, today: date
) -> Read:
    """Read a column of texts as one element; its name is kept. As `rules.read`, row for row."""

    texts = texts.cast(pl.String)

    def one(text: str) -> Value | Unreadable | None:
        return read(element, text, table, today=today)

    fast = FAST.get(element.kind)
    decided = fast(texts, today) if fast else None
    if decided is not None and element.longest:
        decided = _only(decided, decided.str.len_chars() <= element.longest)
    return _column(texts, DTYPES.get(element.kind, pl.String), decided, one)


def read_documents(texts: pl.Series, kinds: pl.Series, *, today: date) -> Read:
    """Read numbers of documents beside their kinds (codes; null or empty: by GB 11643). As `rules.read_document`."""
    known = kinds.cast(pl.String).fill_null("")
    values = pl.Series(texts.name, [None] * len(texts), dtype=pl.String)
    reasons = pl.Series("reason", [None] * len(texts), dtype=pl.String)
    for kind in known.unique().to_list():
        here = known == kind
        some = texts.filter(here)
        fast = id_numbers(some.cast(pl.String), today) if kind in NATIONAL else None

        def one(text: str, kind: str = kind) -> Value | Unreadable | None:
            return read_document(text, kind, today=today)

        part = _column(some, pl.String, fast, one)
        values = values.scatter(here.arg_true(), part.values)
        reasons = reasons.scatter(here.arg_true(), part.reasons)
    return Read(values, reasons)


def _column(
    texts: pl.Series,
    dtype: pl.DataType | type[pl.DataType],
    decided: pl.Series | None,
    one: Callable[[str], Value | Unreadable | None],
) -> Read:
    frame = pl.DataFrame({"text": texts.cast(pl.String)})
    rest = frame["text"] if decided is None else frame["text"].filter(decided.is_null())
    read_once = _read_once(rest.unique().drop_nulls(), dtype, one)
    joined = frame.join(read_once, on="text", how="left", maintain_order="left")
    values, reasons = joined["value"], joined["reason"]
    if decided is not None:
        values = decided.zip_with(decided.is_not_null(), values)
        reasons = reasons.zip_with(decided.is_null(), pl.Series([None], dtype=pl.String))
    return Read(values.alias(texts.name), reasons)


def _read_once(
    different: pl.Series,
    dtype: pl.DataType | type[pl.DataType],
    one: Callable[[str], Value | Unreadable | None],
) -> pl.DataFrame:
    found = [one(text) for text in different.to_list()]
    values = [None if isinstance(value, Unreadable) else value for value in found]
    reasons = [value.code if isinstance(value, Unreadable) else None for value in found]
    return pl.DataFrame(
        {
            "text": different,
            "value": pl.Series(values, dtype=dtype, strict=False),
            "reason": pl.Series(reasons, dtype=pl.String),
        }
    )


def half_width(texts: pl.Series) -> pl.Series:
    """Half width and without blanks around: what every reading begins with."""
    return texts.str.normalize("NFKC").str.strip_chars()


def id_numbers(texts: pl.Series, today: date) -> pl.Series:
    """The 18 characters of right numbers of the mainland and permits (15 digits lengthened); null: undecided."""
    steps = pl.DataFrame({"text": half_width(texts)}).with_columns(
        pl.col("text").str.replace_all(r"[\s\-]", "").str.to_uppercase()
    )
    steps = steps.select("text", _first17()).select(
        "text",
        "first",
        number=pl.col("first").cast(pl.Int64, strict=False),
        born=pl.col("first").str.slice(6, 8).str.to_date("%Y%m%d", strict=False),
    )
    return steps.with_columns(check=_check_character(pl.col("number"))).select(
        pl.when(_right(today)).then(pl.concat_str("first", "check"))
    )["first"]


def _first17() -> pl.Expr:
    text = pl.col("text")
    is_short = text.str.contains(r"^[0-9]{15}$") & ~text.str.slice(12).is_in(sorted(CENTENARIANS))
    return (
        pl.when(text.str.contains(r"^[0-9]{17}[0-9X]$"))
        .then(text.str.slice(0, 17))
        .when(is_short)
        .then(pl.concat_str(text.str.slice(0, 6), pl.lit("19"), text.str.slice(6, 9)))
        .alias("first")
    )


def _check_character(first17: pl.Expr) -> pl.Expr:
    """ISO 7064 MOD 11-2 of 17 digits held as one integer."""
    total = pl.sum_horizontal(
        (first17 // 10 ** (16 - place)) % 10 * weight for place, weight in enumerate(WEIGHTS)
    )
    rest = (12 - total % 11) % 11
    return pl.when(rest == 10).then(pl.lit("X")).otherwise(rest.cast(pl.String))


def _right(today: date) -> pl.Expr:
    text, born = pl.col("text"), pl.col("born")
    return (
        pl.col("first").str.slice(0, 2).is_in(sorted(MAINLAND | PERMITS))
        & (born <= today)
        & (born.dt.year() >= today.year - OLDEST_YEARS)
        & ((text.str.len_chars() == 15) | (text.str.slice(17) == pl.col("check")))
    )


def mobiles(texts: pl.Series) -> pl.Series:
    """The 11 digits of mobile numbers written in a usual way; null: undecided."""
    text = half_width(texts).str.replace_all(r"[ \-]", "")
    right = text.str.contains(_MOBILE)
    return text.str.extract(_ABROAD, 1).zip_with(~right.fill_null(False), text)


def names(texts: pl.Series) -> pl.Series:
    """Names in everyday Chinese characters without their blanks; null: undecided."""
    text = half_width(texts).str.replace_all(r"\s+", "").str.replace_all(r"[•・‧∙⋅．.。]", "·")
    return _only(text, text.str.contains(_HAN_NAME) & ~text.is_in(sorted(BLANK)))


def days(texts: pl.Series, today: date) -> pl.Series:
    """Days written in figures, year first; null: undecided."""
    text = half_width(texts)
    usual = _only(text, text.str.contains(_DAY)).str.replace_all(r"[/.]", "-")
    dashed = usual.str.to_date("%Y-%m-%d", strict=False)
    tight = usual.str.to_date("%Y%m%d", strict=False)
    found = tight.zip_with(
        (usual.str.len_bytes() == 8).fill_null(False) & tight.is_not_null(), dashed
    )
    nothing = pl.Series([None], dtype=pl.Date)
    return found.zip_with((found.dt.year() >= 1850).fill_null(False), nothing)


def words(texts: pl.Series) -> pl.Series:
    """Texts in half width with single blanks; null: undecided."""
    text = half_width(texts).str.replace_all(r"\s+", " ")
    plain = ~text.str.contains(_CONTROL) & (text != "") & ~texts.str.contains(_CONTROL)
    return _only(text, plain & ~text.str.to_lowercase().is_in(sorted(BLANK)))


def places(texts: pl.Series) -> pl.Series:
    """Addresses and names of areas in half width without blanks; null: undecided."""
    return words(texts).str.replace_all(" ", "")


def _only(texts: pl.Series, decided: pl.Series) -> pl.Series:
    nothing = pl.Series([None], dtype=pl.String)
    return texts.zip_with(decided.fill_null(False), nothing)


FAST: Mapping[Kind, Callable[[pl.Series, date], pl.Series]] = {
    Kind.ID_NUMBER: id_numbers,
    Kind.PHONE: lambda texts, today: mobiles(texts),
    Kind.DATE: days,
    Kind.NAME: lambda texts, today: names(texts),
    Kind.TEXT: lambda texts, today: words(texts),
    Kind.AREA: lambda texts, today: places(texts),
    Kind.ADDRESS: lambda texts, today: places(texts),
}
