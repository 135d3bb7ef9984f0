"""The house stays readable: short files, short functions, honest names, imports at the top."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.shape.tree import TEXT, files, python_files, read

FILE_LINES = 400
FUNCTION_LINES = 40
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "managers", "misc"}
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/[\w.-]+")
# Locks are made by tools; this file has to name what it looks for.
UNREAD = {"requirements.lock", "package-lock.json", "test_budgets.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(read(path), filename=str(path))


def _functions() -> Iterator[tuple[Path, Function]]:
    for path in python_files():
        for node in ast.walk(_tree(path)):
            if isinstance(node, Function):
                yield path, node


def test_the_tree_is_seen() -> None:
    assert Path("pyproject.toml") in files()
    assert len(python_files()) > 50
    assert sum(1 for _ in _functions()) > 300


def test_files_are_short() -> None:
    long = {str(p): n for p in python_files() if (n := len(read(p).splitlines())) > FILE_LINES}
    assert not long, "make it a package of the same name with the same door"


def test_functions_are_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name} has {length} lines"
        for path, node in _functions()
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long


def test_displays_are_written_out() -> None:
    """A star before a literal tuple only saves lines: what belongs to a list stands in it, one by one."""
    packed = [
        f"{path}:{inner.lineno}"
        for path in python_files()
        for inner in ast.walk(_tree(path))
        if isinstance(inner, ast.Starred)
        and isinstance(inner.value, ast.Tuple | ast.List)
        and "migrations" not in path.parts
    ]
    assert not packed


def test_no_import_hides_inside_a_function() -> None:
    hidden = {
        f"{path}:{inner.lineno}"
        for path, node in _functions()
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    assert not hidden


def test_no_module_has_an_empty_name() -> None:
    assert not [str(path) for path in python_files() if EMPTY_NAMES & {path.stem, *path.parts}]


def test_public_functions_say_what_they_do() -> None:
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path in python_files()
        if path.parts[0] == "src" and "tests" not in path.parts
        for node in _tree(path).body
        if isinstance(node, Function)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    named = [
        f"{path}:{number} {found[0]}"
        for path in files()
        if path.suffix in TEXT and path.name not in UNREAD
        for number, line in enumerate(read(path).splitlines(), 1)
        if (found := MACHINE.search(line))
    ]
    assert not named


def test_locks_name_no_registry_and_pin_every_package() -> None:
    npm, pip, node = (
        read(Path(p)) for p in ("package-lock.json", "requirements.lock", "setup/node.lock")
    )
    assert '"resolved"' not in npm
    assert npm.count('"integrity"') == len(re.findall(r'"node_modules/', npm)) > 5
    for lock in (pip, node):
        assert "://" not in lock and "--index-url" not in lock
        pinned = re.findall(r"^\S+==\S+.*$", lock, re.M)
        assert pinned and all(line.endswith("\\") for line in pinned), "each is followed by hashes"
