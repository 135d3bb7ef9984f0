"""Merge rules, provenance, hash and differences."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.policy.compare import diff
from linli.kernel.policy.pack import NoSuchSection, Pack, canonical, fingerprint
from linli.kernel.policy.shapes import Status, Strict
from tests.packs.sketch import GOOD, NORM, SECTIONS, Small, faults, merged, write

OWN = "{source: {document: 本地规定}, status: default, in_force: {}}"


def _city(tmp_path: Path, text: str) -> Path:
    write(tmp_path, "one", a=GOOD)
    return write(tmp_path, "two", extends="one", b=text)


def _small(raw: Any) -> Small:
    return Pack(1, raw.head.code, raw.hash, raw.body, SECTIONS).section(Small)


def test_an_entry_is_changed_by_its_code_and_keeps_its_place(tmp_path: Path) -> None:
    text = f"small:\n  fines:\n    - {{code: litter, <<: {OWN}, amount: 80}}\n"
    raw = merged(_city(tmp_path, text), "two")
    assert [(f.code, f.amount) for f in _small(raw).fines] == [("litter", 80), ("noise", 200)]
    assert [str(s) for s in raw.origins[("small", "fines", "litter", "amount")]] == [
        "one/a.yaml:5",
        "two/b.yaml:3",
    ]
    assert ("small", "fines", "litter", "amount") in raw.overrides()
    assert ("small", "fines", "noise", "amount") not in raw.overrides()


def test_a_new_entry_comes_last(tmp_path: Path) -> None:
    text = f"small:\n  fines:\n    - {{code: dogs, <<: {OWN}, amount: 10}}\n"
    raw = merged(_city(tmp_path, text), "two")
    assert [f.code for f in _small(raw).fines] == ["litter", "noise", "dogs"]


def test_a_source_is_replaced_whole(tmp_path: Path) -> None:
    text = f"small:\n  fines:\n    - {{code: litter, <<: {OWN}, amount: 80}}\n"
    source = _small(merged(_city(tmp_path, text), "two")).fines[0].source
    assert (source.document, source.clause) == ("本地规定", "")


def test_changing_a_norm_needs_a_source_of_its_own(tmp_path: Path) -> None:
    root = _city(tmp_path, "small:\n  fines:\n    - {code: litter, amount: 80}\n")
    assert faults(root, "two") == [
        "two/b.yaml:3 small.fines.litter: changes a norm without naming its own source, status and in_force"
    ]


def test_an_entry_may_be_removed_with_a_reason(tmp_path: Path) -> None:
    root = _city(tmp_path, "small:\n  shops:\n    - {code: hall, removed: true, reason: 已撤并}\n")
    raw = merged(root, "two")
    assert _small(raw).shops == ()
    assert raw.removed[("small", "shops", "hall")][1] == "已撤并"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{code: hall, removed: true}", "a removal is `removed: true` with a `reason`"),
        (
            "{code: hall, removed: true, reason: ' '}",
            "a removal is `removed: true` with a `reason`",
        ),
        (
            "{code: hall, removed: false, reason: 否}",
            "a removal is `removed: true` with a `reason`",
        ),
        ("{code: hall, removed: true, reason: 撤, first: noise}", "a removal carries nothing else"),
    ],
)
def test_a_removal_says_why_and_nothing_else(entry: str, message: str, tmp_path: Path) -> None:
    root = _city(tmp_path, f"small:\n  shops:\n    - {entry}\n")
    assert any(message in fault for fault in faults(root, "two"))


def test_what_refers_to_a_removed_entry_is_a_problem(tmp_path: Path) -> None:
    root = _city(tmp_path, "small:\n  fines:\n    - {code: noise, removed: true, reason: 废止}\n")
    found = faults(root, "two")
    assert any("`noise` is not in small.fines" in fault for fault in found), found


def test_a_plain_value_is_replaced(tmp_path: Path) -> None:
    raw = merged(_city(tmp_path, "small:\n  opens: '10:00'\n"), "two")
    assert _small(raw).opens == "10:00"


def test_three_layers_in_order(tmp_path: Path) -> None:
    _city(tmp_path, "small:\n  opens: '10:00'\n")
    write(tmp_path, "three", extends="two", c="small:\n  opens: '11:00'\n")
    raw = merged(tmp_path, "three")
    assert raw.chain == ("one", "two", "three")
    assert _small(raw).opens == "11:00"


def test_the_norm_around_a_path(tmp_path: Path) -> None:
    raw = merged(write(tmp_path, "one", a=GOOD), "one")
    pack = Pack(1, "one", raw.hash, raw.body, SECTIONS)
    norm = pack.norm("small.fines.litter.amount")
    assert (norm.source.document, norm.status) == ("试验文件", Status.FOUND)
    with pytest.raises(LookupError):
        pack.norm("small.opens")
    with pytest.raises(LookupError):
        pack.norm("small.fines.nothing")


def test_an_undeclared_section_is_refused(tmp_path: Path) -> None:
    raw = merged(write(tmp_path, "one", a=GOOD), "one")
    with pytest.raises(NoSuchSection):
        Pack(1, "one", raw.hash, raw.body, SECTIONS).section(Strict)


def test_the_hash_ignores_the_order_of_keys_in_the_files(tmp_path: Path) -> None:
    shuffled = f"""\
small:
  shops:
    - {{first: noise, takes: [litter, "noi*"], code: hall}}
  fines:
    - amount: 50
      code: litter
      <<: {NORM}
    - {{amount: 200, code: noise, <<: {NORM}}}
"""
    one = merged(write(tmp_path / "x", "one", a=GOOD), "one")
    two = merged(write(tmp_path / "y", "one", a=shuffled), "one")
    assert one.hash == two.hash
    three = merged(write(tmp_path / "z", "one", a=GOOD.replace("50", "51")), "one")
    assert three.hash != one.hash


# What YAML and JSON write in different ways; all of Unicode took seconds to begin with and showed nothing more.
WORDS = st.text('aZ09甲乙é"\\\n: -', max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def _reordered(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _reordered(value[key], chance) for key in keys}
    return [_reordered(entry, chance) for entry in value] if isinstance(value, list) else value


@given(VALUES, st.randoms(use_true_random=False))
def test_the_hash_never_depends_on_the_order_of_keys(value: Any, chance: random.Random) -> None:
    other = _reordered(value, chance)
    assert canonical(other) == canonical(value)
    assert fingerprint(other) == fingerprint(value)


def test_differences_name_entries_by_code(tmp_path: Path) -> None:
    text = f"""\
small:
  fines:
    - {{code: litter, <<: {NORM}, amount: 80}}
    - {{code: dogs, <<: {OWN}, amount: 10}}
  shops:
    - {{code: hall, removed: true, reason: 已撤并}}
"""
    root = _city(tmp_path, text)
    changes = diff(merged(root, "one").body["small"], merged(root, "two").body["small"])
    assert [(c.kind, c.path, c.before, c.after) for c in changes if c.path.endswith("amount")] == [
        ("changed", "fines.litter.amount", 50, 80)
    ]
    assert [(c.kind, c.path) for c in changes] == [
        ("changed", "fines.litter.amount"),
        ("added", "fines.dogs"),
        ("changed", "shops"),
    ]
