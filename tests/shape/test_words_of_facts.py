"""Whatever a verb writes into its fact has a name that an auditor can read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

import linli
from linli.kernel.access.selectors.terms import NAMES
from linli.kernel.acts import verbs
from linli.ui.manifest import Room

ROOT = Path(linli.__file__).parent
LEFT_OUT = {"tests", "migrations"}


def _noted() -> Iterator[tuple[str, str]]:
    """Every name that `note(…)` writes, with where."""
    for file in ROOT.rglob("*.py"):
        if LEFT_OUT & set(file.parts):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note"):
                continue
            where = f"{file.relative_to(ROOT)}:{node.lineno}"
            yield from ((each.arg, where) for each in node.keywords if each.arg)
            spread = [each.value for each in node.keywords if each.arg is None]
            keys = [k for each in spread for d in ast.walk(each) for k in getattr(d, "keys", [])]
            yield from ((str(key.value), where) for key in keys if isinstance(key, ast.Constant))


def test_every_name_in_a_fact_has_a_word() -> None:
    wanted = dict(_noted())
    declared = (verb for verb in verbs().values() if ".tests." not in f".{verb.door}")
    for verb in declared:  # tests declare some of their own in this process
        wanted |= {name: verb.code for name in (*verb.codes, *verb.keep)}
    assert len(wanted) > 100, "the source is read"
    nameless = {name: where for name, where in wanted.items() if name not in NAMES}
    assert not nameless, nameless


@pytest.mark.parametrize("room", [r for r in apps.get_app_configs() if isinstance(r, Room)])
def test_what_a_room_says_of_codes_is_there(room: Room) -> None:
    for path in (*room.codes.values(), *room.names.values()):
        known = import_string(path)
        assert callable(known) or hasattr(known, "get"), path
