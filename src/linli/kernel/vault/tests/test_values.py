"""What people type: ID numbers, phones, their comparable and their masked forms."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.vault import idnumber, phone
from linli.kernel.vault.masking import masked
from linli.kernel.vault.normal import normalise

TODAY = date(2026, 3, 1)


def made(first17: str) -> str:
    return first17 + idnumber.check_character(first17)


@pytest.mark.parametrize(
    ("typed", "number", "document", "sex", "birth"),
    [
        ("11010519491231002X", "11010519491231002X", "id_card", "female", date(1949, 12, 31)),
        ("440524188001010014", None, None, None, None),
        ("11010519491231002x", "11010519491231002X", "id_card", "female", date(1949, 12, 31)),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "id_card", "female", None),
        (" 110105 19491231 002X ", "11010519491231002X", "id_card", "female", None),
        ("110105491231002", "11010519491231002X", "id_card", "female", date(1949, 12, 31)),
        (made("81000019900307123"), made("81000019900307123"), "permit", "male", None),
        (made("82000019900307124"), made("82000019900307124"), "permit", "female", None),
        (made("83000019900307123"), made("83000019900307123"), "permit", "male", None),
        (made("93284019900307123"), made("93284019900307123"), "foreign_card", "male", None),
        (made("32020020000229001"), made("32020020000229001"), "id_card", "male", None),
        (made("32020020260301001"), made("32020020260301001"), "id_card", "male", TODAY),
    ],
)
def test_a_right_id_number_is_understood(
    typed: str, number: str | None, document: str | None, sex: str | None, birth: date | None
) -> None:
    if number is None:
        # The standard's second example was born in 1880: its check digit holds, its age cannot.
        assert idnumber.check_character(typed[:17]) == typed[17]
        assert idnumber.parse(typed, date(1980, 1, 1)).sex == "male"
        return
    parsed = idnumber.parse(typed, TODAY)
    assert (parsed.number, parsed.document, parsed.sex) == (number, document, sex)
    assert birth is None or parsed.birth == birth


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("1101051949123100", "length"),
        ("11010519491231002X1", "length"),
        ("1101051949123100２三", "characters"),
        ("1101051949X2310023", "characters"),
        ("11010549123100X", "characters"),
        ("110105194912310021", "check"),
        (made("00010519491231002"), "province"),
        (made("84010519491231002"), "province"),
        (made("99910519491231002"), "province"),
        (made("32020020010229001"), "birth"),
        (made("32020020011301001"), "birth"),
        (made("32020000000101001"), "birth"),
        (made("32020020260302001"), "future"),
        ("440524188001010014", "too_old"),
        ("110105801231998", "too_old"),
        ("'; drop table", "characters"),
    ],
)
def test_a_wrong_id_number_is_refused_in_plain_words(typed: str, code: str) -> None:
    with pytest.raises(idnumber.IdNumberError) as refusal:
        idnumber.parse(typed, TODAY)
    assert refusal.value.code == code
    assert str(refusal.value).endswith("。")


@given(st.text(max_size=40))
def test_no_text_breaks_the_judges(value: str) -> None:
    for judge, error in (
        (lambda v: idnumber.parse(v, TODAY), idnumber.IdNumberError),
        (phone.mobile, phone.PhoneError),
        (phone.any_phone, phone.PhoneError),
    ):
        with contextlib.suppress(error):
            judge(value)


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(position: int, shift: int) -> None:
    right = "11010519491231002X"
    wrong = right[:position] + str((int(right[position]) + shift) % 10) + right[position + 1 :]
    assert idnumber.check_character(wrong[:17]) != wrong[17]


@pytest.mark.parametrize(
    "typed",
    [
        "13800005678",
        "138 0000 5678",
        "138-0000-5678",
        "+8613800005678",
        "+86 138 0000 5678",
        "008613800005678",
        "8613800005678",
        "１３８００００５６７８",
        "（+86）13800005678",
    ],
)
def test_one_mobile_number_has_one_form(typed: str) -> None:
    assert phone.mobile(typed) == "13800005678"
    assert normalise("phone", typed) == "13800005678"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("1380000567", "length"),
        ("138000056789", "length"),
        ("12800005678", "mobile"),
        ("03800005678", "mobile"),
        ("1380000567八", "characters"),
        ("<b>13800005678</b>", "characters"),
    ],
)
def test_a_wrong_mobile_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(phone.PhoneError) as refusal:
        phone.mobile(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0510-82701234", "051082701234"),
        ("010 66660000", "01066660000"),
        ("(028)86661234", "02886661234"),
        ("13800005678", "13800005678"),
    ],
)
def test_landlines_count_where_any_phone_will_do(typed: str, digits: str) -> None:
    assert phone.any_phone(typed) == digits


@pytest.mark.parametrize("typed", ["82701234", "12345", "0510-1270123", "051082"])
def test_a_landline_needs_its_area_code(typed: str) -> None:
    with pytest.raises(phone.PhoneError):
        phone.any_phone(typed)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("id_number", "11010519491231002x", "１１０１０５ 19491231 002X"),
        ("name", "阿依古丽·买买提", "阿依古丽・买买提"),
        ("name", "王 小梅", "王小梅"),
        ("name", "John Smith", "john  smith"),
        ("text", "  a   b ", "a b"),
    ],
)
def test_equal_values_meet(kind: str, one: str, other: str) -> None:
    assert normalise(kind, one) == normalise(kind, other)


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        normalise("bank", "1")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "张三", "张*"),
        ("name", "张三丰", "张*"),
        ("name", "欧阳修文", "欧阳*"),
        ("name", "欧阳修", "欧阳*"),
        ("name", "东方", "东*"),
        ("name", "阿依古丽·买买提", "阿*"),
        ("name", "王", "*"),
        ("name", "", ""),
        ("id_number", "320201199001011234", "320***********1234"),
        ("id_number", "11010519491231002x", "110***********002X"),
        ("id_number", "110105491231002", "110********1002"),
        ("id_number", "E12345678", "E******78"),
        ("id_number", "A123", "****"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "+86 138 1234 5678", "138****5678"),
        ("phone", "0510-82701234", "0510****1234"),
        ("phone", "82701234", "****1234"),
        ("phone", "12345", "*****"),
        ("text", "梁溪区某路 1 号", "****"),
    ],
)
def test_masked_forms(kind: str, value: str, shown: str) -> None:
    assert masked(kind, value) == shown


@given(st.text(min_size=1, max_size=30), st.sampled_from(["name", "id_number", "phone", "text"]))
def test_a_mask_never_shows_the_whole(value: str, kind: str) -> None:
    shown = masked(kind, value)
    assert shown == "" or "*" in shown
