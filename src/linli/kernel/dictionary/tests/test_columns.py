"""Whole columns are read as single values are: row for row, whatever stands there."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.dictionary.columns import read_column, read_documents
from linli.kernel.dictionary.rules import Unreadable, read, read_document
from linli.kernel.dictionary.shapes import CodeTable, Element, Entry, Kind
from linli.kernel.dictionary.tests.samples import SEX, TODAY, element
from linli.kernel.vault.idnumber import check_character

FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
WRITTEN = st.sampled_from(
    ["{}", " {} ", "{}\n", "'{}", "{}.0", "+86{}", "{};13912345678", "{}岁", "0{}", "x{}", "{}X"]
)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """ID numbers right, wrong, short, full width, with blanks."""
    province = draw(st.sampled_from(["32", "11", "83", "99", "00"]))
    born = draw(st.dates(date(1880, 1, 1), date(2030, 1, 1)))
    first = f"{province}0205{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    whole = first + check_character(first)
    text = draw(
        st.sampled_from(
            [
                whole,
                whole.lower(),
                first[:6] + first[8:],
                first + "7",
                whole[:10] + " " + whole[10:],
            ]
        )
    )
    return text.translate(FULL) if draw(st.booleans()) else text


def phones() -> st.SearchStrategy[str]:
    """Phones in the spellings of registers."""
    return st.builds(
        lambda pattern, number: pattern.format(number),
        st.sampled_from(
            ["{}", "+86 {}", "0086-{}", "{}.0", "（0510）{}", "{};13912345678", "12{}"]
        ),
        st.one_of(
            st.from_regex(r"1[0-9]{10}", fullmatch=True),
            st.from_regex(r"1[0-9]{2} [0-9]{4} [0-9]{4}", fullmatch=True),
            st.from_regex(r"[0-9]{7,8}", fullmatch=True),
        ),
    )


def dates() -> st.SearchStrategy[str]:
    """Days in the spellings of registers."""
    shapes = [
        "%Y-%m-%d",
        "%Y%m%d",
        "%Y年%m月%d日",
        "%Y/%m/%d 00:00:00",
        "%Y.%m",
        "%y-%m-%d",
        "%d/%m/%Y",
    ]
    day = st.dates(date(1800, 1, 1), date(2100, 1, 1))
    return st.builds(lambda one, shape: one.strftime(shape), day, st.sampled_from(shapes))


NAMES = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    [
        "张" * 21,
        "张 三",
        "买买提·艾力",
        "买买提.艾力",
        "无",
        "王？",
        "John Smith",
        "李四1",
        "\ue123明",
        "·",
    ]
)
ANY = st.text(max_size=12) | WRITTEN | numbers() | phones() | dates()
SPELLED = {
    Kind.ID_NUMBER: numbers() | ANY,
    Kind.PHONE: phones() | ANY,
    Kind.DATE: dates() | ANY,
    Kind.NAME: NAMES,
    Kind.CODE: st.sampled_from(["男", " 1 ", "１", "1.0", "女性", "无", "01", "别的", ""]),
    Kind.BOOLEAN: st.sampled_from(["是", "否", "无", "1", "0.0", "√", "?", "也许"]),
    Kind.INTEGER: st.sampled_from(["3人", "1,234", "2.5", "3.0", "x", "9" * 30]),
    Kind.DECIMAL: st.sampled_from(
        ["94.56㎡", "１２.5", "-3", "一", ".5", "120.30512345678", "9" * 30]
    ),
    Kind.TEXT: ANY,
    Kind.ADDRESS: ANY,
    Kind.AREA: ANY,
    Kind.PERIOD: st.sampled_from(
        ["2025", "2025年", "2025-06", "2025Q2", "2025年第二季度", "2025-13"]
    ),
    Kind.USCC: st.sampled_from(["91350100M000100Y43", "91350100m000100y43", "91350100M000100Y44"]),
}


def test_every_kind_is_compared() -> None:
    assert set(SPELLED) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_column_says_what_its_rows_say(kind: Kind) -> None:
    one, table = element(kind), SEX if kind is Kind.CODE else None

    @settings(max_examples=80)
    @given(st.lists(st.none() | SPELLED[kind], max_size=12))
    def agrees(texts: list[str | None]) -> None:
        found = read_column(one, pl.Series("c", texts, dtype=pl.String), table, today=TODAY)
        assert found.values.name == "c"
        for text, value, reason in zip(texts, found.values, found.reasons, strict=True):
            assert (value, reason) == _scalar(one, text, table), text

    agrees()


def _scalar(one: Element, text: str | None, table: CodeTable | None) -> tuple[object, str | None]:
    if text is None:
        return None, None
    value = read(one, text, table, today=TODAY)
    return (None, value.code) if isinstance(value, Unreadable) else (value, None)


@settings(max_examples=100)
@given(st.lists(st.tuples(ANY, st.sampled_from(["", "111", "414", "516", None])), max_size=10))
def test_documents_are_read_by_their_kind(rows: list[tuple[str, str | None]]) -> None:
    texts = pl.Series("number", [text for text, _ in rows], dtype=pl.String)
    kinds = pl.Series("kind", [kind for _, kind in rows], dtype=pl.String)
    found = read_documents(texts, kinds, today=TODAY)
    for (text, kind), value, reason in zip(rows, found.values, found.reasons, strict=True):
        said = read_document(text, kind or "", today=TODAY)
        expected = (None, said.code) if isinstance(said, Unreadable) else (said, None)
        assert (value, reason) == expected, (text, kind)


def test_a_short_limit_holds_for_columns_too() -> None:
    short = element(Kind.NAME).model_copy(update={"longest": 2})
    found = read_column(short, pl.Series("n", ["张三", "欧阳修"]), today=TODAY)
    assert found.values.to_list() == ["张三", None]
    assert found.reasons.to_list() == [None, "long"]


def test_entries_of_a_table_are_read_once() -> None:
    wide = SEX.model_copy(update={"entries": (*SEX.entries, Entry(code="9", title="未说明"))})
    texts = pl.Series("s", ["男", "9", "女"] * 3)
    found = read_column(element(Kind.CODE), texts, wide, today=TODAY)
    assert found.values.to_list() == ["1", "9", "2"] * 3
