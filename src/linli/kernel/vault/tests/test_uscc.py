"""Unified social credit codes: the standard's examples, the sum that divides by 31, and every wrong digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.vault import uscc
from linli.kernel.vault.uscc import UsccError

VECTORS = ("91350100M000100Y43", "91110108551385082Q")


@pytest.mark.parametrize("code", VECTORS)
def test_known_codes_reproduce(code: str) -> None:
    found = uscc.read(code)
    assert found.code == code
    assert uscc.check_character(code[:17]) == code[17]
    assert uscc.inner_check(found.organisation[:8]) == found.organisation[8]
    assert not found.is_self_governing


def test_the_organisation_code_alone() -> None:
    assert uscc.inner_check("D2143569") == "X"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("9135010", "length"),
        ("91350100M000100Y433", "length"),
        ("9135O100M000100Y43", "characters"),
        ("91350100M000100V43", "characters"),
        ("统一社会信用代码统一社会信用代码一二", "characters"),
        ("Q1350100M000100Y43", "department"),
        ("9135010AM000100Y43", "area"),
        ("91350100M000100Y53", "organisation"),
        ("91350100M000100Y44", "check"),
        ("91350101M000100Y43", "check"),
    ],
)
def test_wrong_codes_say_why(typed: str, reason: str) -> None:
    with pytest.raises(UsccError) as refused:
        uscc.read(typed)
    assert refused.value.code == reason
    assert str(refused.value)


@pytest.mark.parametrize(
    "typed",
    ["９１３５０１００Ｍ０００１００Ｙ４３", "91350100 M000100Y4-3", "91350100m000100y43\n"],
)
def test_the_same_code_in_other_spellings(typed: str) -> None:
    assert uscc.read(typed).code == "91350100M000100Y43"


BODY = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)


@given(BODY, st.integers(110000, 659999))
def test_composed_codes_are_read_back(body: str, area: int) -> None:
    code = uscc.compose("54", str(area), body)
    assert uscc.read(code).is_self_governing


def test_a_sum_that_divides_by_31_ends_in_zero() -> None:
    """The trap of the published snippets: A[31 - Σ%31] has no thirty-second character."""
    found = [
        code
        for number in range(400)
        if (code := uscc.compose("54", "320205", f"MD{number:06d}"))
        and sum(w * uscc.ALPHABET.index(c) for w, c in zip(uscc.WEIGHTS, code[:17], strict=True))
        % 31
        == 0
    ]
    assert found
    assert {code[17] for code in found} == {"0"}
    assert all(uscc.read(code) for code in found)


@given(BODY, st.integers(0, 17), st.integers(1, 30))
def test_one_wrong_character_never_passes(body: str, place: int, step: int) -> None:
    code = uscc.compose("91", "320205", body)
    at = uscc.ALPHABET.index(code[place])
    wrong = code[:place] + uscc.ALPHABET[(at + step) % 31] + code[place + 1 :]
    with pytest.raises(UsccError):
        uscc.read(wrong)
