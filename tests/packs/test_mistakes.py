"""Each kind of mistake in a pack gives its file, line, key, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.kernel.policy.load import NoSuchPack, load
from tests.packs.sketch import GOOD, NORM, faults, write

ONE = f"small:\n  fines:\n    - code: litter\n      <<: {NORM}\n"
MISTAKES = {
    "unknown key, near": (
        ONE + "      amuont: 5\n      amount: 5\n",
        "one/a.yaml:5 small.fines.litter.amuont: unknown key `amuont`; did you mean `amount`?",
    ),
    "unknown key, far": (
        ONE + "      amount: 5\n      zzz: 1\n",
        "one/a.yaml:6 small.fines.litter.zzz: unknown key `zzz`; known: amount, code, in_force, note, source, status",
    ),
    "unknown key inside a source": (
        ONE.replace("clause:", "clauses:") + "      amount: 5\n",
        "one/a.yaml:4 small.fines.litter.source.clauses: unknown key `clauses`; did you mean `clause`?",
    ),
    "unknown key under in_force": (
        ONE.replace("{from:", "{form:") + "      amount: 5\n",
        "one/a.yaml:4 small.fines.litter.in_force.form: unknown key `form`; did you mean `from`?",
    ),
    "missing key": (ONE, "one/a.yaml:3 small.fines.litter.amount: `amount` is missing"),
    "norm without a source": (
        "small:\n  fines:\n    - {code: litter, amount: 5, status: default, in_force: {}}\n",
        "one/a.yaml:3 small.fines.litter.source: `source` is missing",
    ),
    "unknown status": (
        ONE.replace("status: found", "status: sure") + "      amount: 5\n",
        "one/a.yaml:4 small.fines.litter.status: Input should be 'found', 'known' or 'default'",
    ),
    "text where a number belongs": (
        ONE + "      amount: five\n",
        "one/a.yaml:5 small.fines.litter.amount: Input should be a valid integer",
    ),
    "number in quotes is not changed silently": (
        ONE + '      amount: "5"\n',
        "one/a.yaml:5 small.fines.litter.amount: Input should be a valid integer",
    ),
    "a code that YAML reads as a number": (
        f"small:\n  fines:\n    - code: 0101\n      <<: {NORM}\n      amount: 5\n",
        'one/a.yaml:3 small.fines.0101.code: a code is text: write it in quotes, "0101"',
    ),
    "ends before it begins": (
        ONE.replace("2026-01-01", "2026-01-01, to: 2025-01-01") + "      amount: 5\n",
        "one/a.yaml:4 small.fines.litter.in_force: in_force: `to` is before `from`",
    ),
    "unknown section": (
        GOOD + "smal: {}\n",
        "one/a.yaml:11 smal: unknown section `smal`; did you mean `small`?",
    ),
    "key said twice": (
        ONE + "      amount: 5\n      amount: 6\n",
        "one/a.yaml:6 small.fines.litter.amount: said twice in the same place",
    ),
    "code used twice": (
        ONE + f"      amount: 5\n    - code: litter\n      <<: {NORM}\n      amount: 6\n",
        "one/a.yaml:6 small.fines.litter: this code is used twice in the list",
    ),
    "reference that does not exist": (
        GOOD.replace("first: noise", "first: noize"),
        "one/a.yaml:10 small.shops.hall.first: `noize` is not in small.fines; did you mean `noise`?",
    ),
    "glob that matches nothing": (
        GOOD.replace('"noi*"', '"x*"'),
        "one/a.yaml:10 small.shops.hall.takes.1: `x*` is not in small.fines; known: litter, noise",
    ),
    "not YAML": ("small: [1,\n", "one/a.yaml:2: not valid YAML"),
    "not a mapping": ("- 1\n", "one/a.yaml:1: a pack file is a mapping of sections"),
    "removes what is not there": (
        GOOD + "    - {code: desk, removed: true, reason: 已撤并}\n",
        "one/a.yaml:11 small.shops.desk: removes an entry that the extended pack does not have",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_message(case: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[case]
    found = faults(write(tmp_path, "one", a=text), "one")
    assert any(fault.startswith(expected) for fault in found), found


def test_the_good_pack_is_clean(tmp_path: Path) -> None:
    assert faults(write(tmp_path, "one", a=GOOD), "one") == []


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    assert faults(write(tmp_path, "one"), "one") == ["pack.yaml:1: section `small` is missing"]


def test_two_files_of_a_place_may_not_say_the_same(tmp_path: Path) -> None:
    again = "small:\n  opens: '10:00'\n"
    write(tmp_path, "one", a=GOOD + "  opens: '08:00'\n", b=again)
    assert faults(tmp_path, "one") == [
        "one/b.yaml:2 small.opens: already said at one/a.yaml:11 in the same place"
    ]


def test_two_files_of_a_place_may_not_share_an_entry(tmp_path: Path) -> None:
    write(tmp_path, "one", a=GOOD, b=ONE + "      amount: 1\n")
    assert faults(tmp_path, "one") == [
        "one/b.yaml:3 small.fines.litter: already said at one/a.yaml:3 in the same place"
    ]


def test_an_unknown_place_names_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, "one", a=GOOD)
    with pytest.raises(NoSuchPack, match="no pack `two`.*known: one"):
        load("two", tmp_path)


def test_packs_may_not_extend_each_other(tmp_path: Path) -> None:
    write(tmp_path, "one", extends="two", a=GOOD)
    write(tmp_path, "two", extends="one")
    assert any("packs extend each other" in fault for fault in faults(tmp_path, "one"))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("code: one\nname: 试验\n", "jurisdiction"),
        ("code: one\nname: 试验\njurisdiction: 地\nexted: x\n", "exted"),
    ],
)
def test_a_bad_head_is_refused(head: str, message: str, tmp_path: Path) -> None:
    write(tmp_path, "one", a=GOOD)
    (tmp_path / "one/pack.yaml").write_text(head, encoding="utf-8")
    with pytest.raises(NoSuchPack, match=message):
        load("one", tmp_path)


def test_the_folder_must_carry_the_code(tmp_path: Path) -> None:
    write(tmp_path, "one", a=GOOD)
    (tmp_path / "one/pack.yaml").write_text(
        "code: other\nname: 试验\njurisdiction: 地\n", encoding="utf-8"
    )
    assert faults(tmp_path, "one") == ["one/pack.yaml:1 code: the folder is called `one`"]
