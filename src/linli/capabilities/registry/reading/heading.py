"""Where the headings of a table stand: below notes, in one row or two, over merged cells; and what is no row of data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import polars as pl

from linli.capabilities.registry.reading.table import Heading
from linli.kernel.dictionary.rows import KNOWN, TOTAL, VALUE, like_heading

LOOKED = 40  # rows from the top in which the headings are sought

# 省, 市, 区 below 户籍所在地 say where somebody is registered, not where the row belongs.
_PARTS = frozenset(
    {
        "省",
        "市",
        "区",
        "县",
        "区县",
        "县区",
        "省份",
        "城市",
        "街道",
        "乡镇",
        "镇",
        "详址",
        "详细地址",
    }
)
_PLACE = re.compile(r"^(户籍|户口|籍贯|现住|居住|现居|家庭)")
Score = Callable[[str], float]


def _points(row: Sequence[str], score: Score) -> float:
    """How much a row looks like headings: cells that the dictionary knows, others a little; values count against."""
    texts = [cell.strip() for cell in row if cell.strip()]
    if len(set(texts)) < 2:
        return 0.0
    known = sum(1.0 for text in set(texts) if like_heading(text) and score(text) >= KNOWN)
    other = sum(0.1 for text in texts if like_heading(text))
    values = sum(0.7 for text in texts if VALUE.match(text))
    return known + min(other, known + 0.5) - values


def find(rows: Sequence[Sequence[str]], score: Score) -> Heading:
    """The headings of a table from its first rows; `score` says how well the dictionary knows a name (0..1)."""
    points = [_points(row, score) for row in rows[:LOOKED]]
    if not points or max(points) <= 0:
        return Heading((), 0)
    at = points.index(max(points))
    parents: Sequence[str] = ()
    last = at
    # Of two rows of headings either may be the better known one.
    if at + 1 < len(rows) and _goes_on(rows[at], rows[at + 1], points[at + 1]):
        parents, last = rows[at], at + 1
    elif at > 0 and _goes_on(rows[at - 1], rows[at], points[at]) and _spans(rows[at - 1]):
        parents = rows[at - 1]
    names = _names(parents, rows[last], score)
    return Heading(names, last + 1, tuple(parents))


def _spans(row: Sequence[str]) -> bool:
    """Whether a row has one heading over several columns, but not one over all (that is a title)."""
    texts = [cell.strip() for cell in row]
    return len({text for text in texts if text}) >= 2


def _goes_on(upper: Sequence[str], lower: Sequence[str], points: float) -> bool:
    """Whether the lower row says more exactly what the upper one says over several columns."""
    pairs = [
        (above.strip(), below.strip())
        for above, below in zip(upper, lower, strict=False)
        if below.strip()
    ]
    if not pairs or any(VALUE.match(below) for _above, below in pairs):
        return False
    groups = [above for above, below in pairs if above != below]
    merged = any(groups.count(group) > 1 for group in groups) or any(
        not above for above, _b in pairs
    )
    repeated = sum(above == below for above, below in pairs)
    return (
        merged and points >= 0 and (len(groups) <= len(pairs) or repeated > 0) and len(pairs) >= 2
    )


def _names(parents: Sequence[str], row: Sequence[str], score: Score) -> tuple[str, ...]:
    names, above = [], ""
    for at, cell in enumerate(row):
        own = " ".join(cell.split())
        above = (
            " ".join(parents[at].split()) if at < len(parents) and parents[at].strip() else above
        )
        names.append(_name(above if parents else "", own, score))
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _name(above: str, own: str, score: Score) -> str:
    if not above or above == own:
        return own
    if not own:
        return above
    both = f"{above}{own}"
    if own in _PARTS and _PLACE.match(above):
        return both
    return both if score(both) > score(own) or score(own) < KNOWN else own


def data_rows(frame: pl.DataFrame, heading: Heading, first: int) -> pl.DataFrame:
    """The rows of data of a frame whose first row is row `first` of the file, with their `line`.

    Blanks become null; rows above the data, blank rows, repeated headings, totals and signatures fall away.
    """
    columns = [pl.col(name).str.strip_chars(" \t\r\n\u3000\u00a0\ufeff") for name in frame.columns]
    tidy = frame.with_columns(columns).with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in frame.columns
    )
    names = [f"c{at}" for at in range(len(heading.names))]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in names)
    total = pl.coalesce(names).str.contains(TOTAL) & (filled <= max(3, len(names) // 2))
    again = pl.all_horizontal(
        pl.col(name).fill_null("") == heading.names[at] for at, name in enumerate(names[:3])
    )
    line = pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("line")
    return tidy.with_columns(line).filter(
        (pl.col("line") > heading.data) & (filled > 0) & ~total & ~again
    )
