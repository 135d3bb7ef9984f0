"""Single values as people and other systems write them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.dictionary.reasons import REASONS
from linli.kernel.dictionary.rules import Unreadable, phones, read, read_document
from linli.kernel.dictionary.shapes import Kind
from linli.kernel.dictionary.tests.samples import SEX, TODAY, element
from linli.kernel.dictionary.uscc import ALPHABET, check_character, inner_check, uscc
from linli.kernel.vault.idnumber import check_character as id_check

DAY = date(1985, 4, 12)
READ = [
    *[
        (Kind.DATE, text, DAY)
        for text in (
            "19850412",
            "1985-04-12",
            "1985-4-12",
            "1985.4.12",
            "1985/04/12",
            "1985年4月12日",
            "1985 年 4 月 12 日",
            "１９８５年４月１２日",
            "1985-04-12 00:00:00",
            "1985/4/12 8:30",
            "1985-04-12T00:00:00",
            "19850412000000",
            "31149",
            "31149.0",
            "一九八五年四月十二日",
            "1985年4月12号",
            "'1985-04-12",
        )
    ],
    (Kind.DATE, "二〇二五年十二月三十一日", date(2025, 12, 31)),
    (Kind.DATE, "二○○○年二月二十九日", date(2000, 2, 29)),
    (Kind.ID_NUMBER, "11010519491231002x", "11010519491231002X"),
    (Kind.ID_NUMBER, "110105491231002", "11010519491231002X"),
    (Kind.ID_NUMBER, " １１０１０５ 19491231 002Ｘ ", "11010519491231002X"),
    (Kind.ID_NUMBER, "'440524188001010014", Unreadable("id_number.too_old")),
    (Kind.PHONE, "+86 138 1234 5678", "13812345678"),
    (Kind.PHONE, "0086-13812345678", "13812345678"),
    (Kind.PHONE, "13812345678.0", "13812345678"),
    (Kind.PHONE, "13812345678；13912345678", "13812345678"),
    (Kind.PHONE, "（0510）8270 1234", "051082701234"),
    (Kind.NAME, "张　三", "张三"),
    (Kind.NAME, "买买提.艾力", "买买提·艾力"),
    (Kind.NAME, "John  Smith", "John Smith"),
    (Kind.BOOLEAN, "是", True),
    (Kind.BOOLEAN, "√", True),
    (Kind.BOOLEAN, "１", True),
    (Kind.BOOLEAN, "无", False),
    (Kind.BOOLEAN, "0.0", False),
    (Kind.INTEGER, "1,234", 1234),
    (Kind.INTEGER, "３人", 3),
    (Kind.INTEGER, "3.0", 3),
    (Kind.DECIMAL, "94.56㎡", Decimal("94.56")),
    (Kind.DECIMAL, "120.30512345", Decimal("120.30512345")),
    (Kind.CODE, "男", "1"),
    (Kind.CODE, "女性", "2"),
    (Kind.CODE, "１", "1"),
    (Kind.CODE, "2.0", "2"),
    (Kind.CODE, "01", "1"),
    (Kind.PERIOD, "2025年", "2025"),
    (Kind.PERIOD, "2025年6月", "2025-06"),
    (Kind.PERIOD, "2025年第二季度", "2025-Q2"),
    (Kind.PERIOD, "2025Q4", "2025-Q4"),
    (Kind.USCC, "91350100m000100y43", "91350100M000100Y43"),
    (Kind.ADDRESS, "春江花园 １幢 101 室", "春江花园1幢101室"),
    (Kind.TEXT, " 第一  小学 ", "第一 小学"),
]
REFUSED = [
    (Kind.DATE, "1985.13.1", "date.none"),
    (Kind.DATE, "2025-02-29", "date.none"),
    (Kind.DATE, "一九八五年十十月一日", "date.none"),
    (Kind.DATE, "1985年4月", "date.partial"),
    (Kind.DATE, "1985", "date.partial"),
    (Kind.DATE, "85.4.12", "date.short_year"),
    (Kind.DATE, "春天", "date"),
    (Kind.ID_NUMBER, "110105194912310021", "id_number.check"),
    (Kind.ID_NUMBER, "3.20205E+17", "science"),
    (Kind.ID_NUMBER, "32020519850230123X", "id_number.birth"),
    (Kind.ID_NUMBER, "1234", "id_number.length"),
    (Kind.PHONE, "1.38123E+10", "science"),
    (Kind.PHONE, "82701234", "phone.phone"),
    (Kind.PHONE, "找老王", "phone.characters"),
    (Kind.NAME, "张？", "name.lost"),
    (Kind.NAME, "李\ue123", "name.lost"),
    (Kind.NAME, "张三1", "name.digits"),
    (Kind.BOOLEAN, "也许", "boolean"),
    (Kind.INTEGER, "2.5", "integer"),
    (Kind.INTEGER, "许多", "number"),
    (Kind.DECIMAL, "1.2.3", "number"),
    (Kind.CODE, "外星人", "code"),
    (Kind.PERIOD, "2025-13", "period"),
    (Kind.USCC, "91350100M000100Y44", "uscc"),
]


@pytest.mark.parametrize(("kind", "text", "value"), READ)
def test_what_is_read(kind: Kind, text: str, value: object) -> None:
    assert read(element(kind), text, SEX, today=TODAY) == value


@pytest.mark.parametrize(("kind", "text", "code"), REFUSED)
def test_what_is_refused_and_why(kind: Kind, text: str, code: str) -> None:
    found = read(element(kind), text, SEX, today=TODAY)
    assert found == Unreadable(code)
    assert isinstance(found, Unreadable) and found.reason
    assert text not in found.reason


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("text", ["", "  ", "—", "/", "不详", "N/A", "null"])
def test_nothing_said_is_nothing(kind: Kind, text: str) -> None:
    assert read(element(kind), text, SEX, today=TODAY) is None


def test_a_table_is_asked_before_a_blank_word() -> None:
    wide = SEX.model_copy(
        update={"entries": (SEX.entries[0].model_copy(update={"synonyms": ("无",)}),)}
    )
    assert read(element(Kind.CODE), "无", wide, today=TODAY) == "1"
    assert read(element(Kind.CODE), "无", SEX, today=TODAY) is None


@given(st.dates(date(1902, 9, 26), date(2173, 10, 13)))
def test_every_day_survives_every_spelling(day: date) -> None:
    one = element(Kind.DATE)
    serial = str((day - date(1899, 12, 30)).days)
    spelled = [f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}", f"{day:%Y年%m月%d日}"]
    if not (len(serial) == 4 and 1800 <= int(serial) < 2200):
        spelled.append(serial)
    for text in spelled:
        assert read(one, text, today=TODAY) == day, text


@given(st.dates(date(1900, 1, 1), TODAY - timedelta(days=1)), st.integers(0, 995))
def test_the_old_number_becomes_the_new_one(born: date, sequence: int) -> None:
    first = f"320205{born:%Y%m%d}{sequence:03d}"
    whole, one = first + id_check(first), element(Kind.ID_NUMBER)
    assert read(one, whole, today=TODAY) == whole
    if born.year < 2000:
        assert read(one, first[:6] + first[8:], today=TODAY) == whole


@given(st.text())
def test_no_text_breaks_a_reading_and_no_reason_repeats_it(text: str) -> None:
    for kind in Kind:
        found = read(element(kind), text, SEX, today=TODAY)
        assert not isinstance(found, Unreadable) or found.code in REASONS


def test_several_phones_in_a_cell() -> None:
    assert phones("13812345678、0510-82701234；不详") == ["13812345678", "051082701234"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("E1234 5678", "414", "E12345678"),
        ("h60123456", "516", "H60123456"),
        ("12", "414", Unreadable("document")),
        ("11010519491231002X", "111", "11010519491231002X"),
        ("E12345678", "", Unreadable("id_number.characters")),
        ("无", "414", None),
    ],
)
def test_documents_by_their_kind(text: str, kind: str, value: object) -> None:
    assert read_document(text, kind, today=TODAY) == value


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110108551385082Q"])
def test_credit_codes_of_the_standard(code: str) -> None:
    assert uscc(code) == code
    assert inner_check(code[8:16]) == code[16]


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17), st.integers(0, 16))
def test_one_wrong_character_is_found(first: str, place: int) -> None:
    code = first + check_character(first)
    assert uscc(code) == code
    other = ALPHABET[(ALPHABET.index(code[place]) + 1) % 31]
    assert uscc(code[:place] + other + code[place + 1 :]) == ""
