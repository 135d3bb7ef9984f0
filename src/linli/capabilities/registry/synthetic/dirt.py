"""What goes wrong in real files: ten kinds of dirty rows, and people once more without their ID."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

SHARE, COPIES = 0.03, 0.05
ADDRESS = ("小区名称", "楼幢", "单元", "室号")
NAME_OF_TYPOS = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰萍红建文斌宇浩"
Row = dict[str, str | None]
_WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789X-"}


def _text(row: Row, name: str) -> str:
    return row[name] or ""


def _check(row: Row) -> None:
    number = _text(row, "公民身份号码")
    row["公民身份号码"] = number[:-1] + ("1" if number[-1] != "1" else "2")


def _length(row: Row) -> None:
    row["公民身份号码"] = _text(row, "公民身份号码")[:17]


def _fifteen(row: Row) -> None:
    number = _text(row, "公民身份号码")
    if number[6:8] == "19":
        row["公民身份号码"] = number[:6] + number[8:17]


def _birth(row: Row) -> None:
    born = _text(row, "出生日期")
    row["出生日期"] = f"{int(born[:4]) - 1}{born[4:]}" if born[5:] != "02-29" else "1971-05-05"


def _date(row: Row) -> None:
    year, month, day = _text(row, "出生日期").split("-")
    form = int(day) % 3
    serial = (np.datetime64(f"{year}-{month}-{day}") - np.datetime64("1899-12-30")).astype(int)
    row["出生日期"] = (
        f"{year}.{int(month)}.{int(day)}",
        f"{year}年{int(month)}月{int(day)}日",
        str(serial),
    )[form]


def _wide(row: Row) -> None:
    for name in ("公民身份号码", "联系电话", "出生日期"):
        row[name] = _text(row, name).translate(_WIDE) or None


def _phone_form(row: Row) -> None:
    phone = _text(row, "联系电话")
    row["联系电话"] = f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}" if phone else None


def _phone(row: Row) -> None:
    row["联系电话"] = (_text(row, "联系电话") or "13900000000")[:9]


def _sex(row: Row) -> None:
    row["性别"] = "女" if row["性别"] == "男" else "男"


def _nameless(row: Row) -> None:
    row["姓名"] = None


# What is done to a row, and what an import should make of it.
KINDS: tuple[tuple[str, Callable[[Row], None], str], ...] = (
    ("check", _check, "refused"),
    ("length", _length, "refused"),
    ("fifteen", _fifteen, "taken"),
    ("birth", _birth, "refused"),
    ("date", _date, "taken"),
    ("wide", _wide, "taken"),
    ("phone_form", _phone_form, "taken"),
    ("phone", _phone, "flawed"),
    ("sex", _sex, "flawed"),
    ("nameless", _nameless, "refused"),
)


def soiled(
    dice: Generator, rows: pl.DataFrame, truth: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with three in a hundred made dirty, and the truth with kind and expectation."""
    hit = np.sort(dice.choice(len(rows), int(len(rows) * SHARE), replace=False))
    part = rows[hit].to_dicts()
    kinds = np.arange(len(hit)) % len(KINDS)
    for row, kind in zip(part, kinds, strict=True):
        KINDS[kind][1](row)
    changed = pl.DataFrame(part, schema=rows.schema)
    columns = [
        rows[name].scatter(hit, changed[name]) if len(hit) else rows[name] for name in rows.columns
    ]
    told = {
        "dirt": [KINDS[kind][0] for kind in kinds],
        "expect": [KINDS[kind][2] for kind in kinds],
    }
    notes = [truth[name].scatter(hit, values) for name, values in told.items()]
    return pl.DataFrame(columns), truth.with_columns(notes)


NOISES = ("typo", "old_phone", "no_phone", "no_address", "no_birth", "moved", "birth_typo", "none")
_NOISE_SHARES = (0.18, 0.15, 0.15, 0.10, 0.07, 0.10, 0.10, 0.15)


def copies(
    dice: Generator, rows: pl.DataFrame, truth: pl.DataFrame, year: NDArray[np.int64]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Five in a hundred once more, without ID, as another office wrote them down; children are left out."""
    grown = np.flatnonzero(year < 2006)
    chosen = np.sort(dice.choice(grown, min(len(grown), int(len(rows) * COPIES)), replace=False))
    noise = dice.choice(len(NOISES), len(chosen), p=_NOISE_SHARES)
    part = rows[chosen].to_dicts()
    for row, kind in zip(part, noise, strict=True):
        row["公民身份号码"] = row["户号"] = row["与户主关系"] = None
        _noise(row, NOISES[kind], dice)
    told = truth[chosen].with_columns(
        kind=pl.lit("copy"), dirt=pl.Series([NOISES[kind] for kind in noise], dtype=pl.String)
    )
    return pl.DataFrame(part, schema=rows.schema), told


def _noise(row: Row, kind: str, dice: Generator) -> None:
    if kind == "typo":
        row["姓名"] = _mistyped(_text(row, "姓名"), dice)
    elif kind == "old_phone":
        row["联系电话"] = str(13_000_000_000 + int(dice.integers(0, 6_999_999_999)))
    elif kind == "no_phone":
        row["联系电话"] = None
    elif kind == "no_address":
        row.update(dict.fromkeys(ADDRESS))
    elif kind == "no_birth":
        row["出生日期"] = None
    elif kind == "moved":
        row["室号"] = str(int(dice.integers(1, 7)) * 100 + int(dice.integers(1, 5)))
        row["楼幢"] = f"{int(dice.integers(1, 19))}幢"
    elif kind == "birth_typo":
        row["出生日期"] = _misdated(_text(row, "出生日期"))


def _mistyped(name: str, dice: Generator) -> str:
    """One character of the given name is another."""
    at = int(dice.integers(1, len(name)))
    other = NAME_OF_TYPOS[int(dice.integers(0, len(NAME_OF_TYPOS)))]
    if other == name[at]:
        other = "鑫"
    return name[:at] + other + name[at + 1 :]


def _misdated(born: str) -> str:
    """Month and day change places where that is a day, else the day is one off."""
    year, month, day = born.split("-")
    if int(day) <= 12 and day != month:
        return f"{year}-{day}-{month}"
    return f"{year}-{month}-{int(day) - 1 if int(day) > 1 else 2:02d}"
