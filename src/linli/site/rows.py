"""Which requirement is shown by which story test: read from the tests' text, nothing is imported."""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from django.conf import settings

TITLES = Path("docs/reference/rows.csv")
FOLDERS = ("src", "tests")
Marked = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Story:
    """One test that shows a requirement: its file from the root of the project, its line, its name."""

    row: str
    file: str
    line: int
    test: str


def titles(root: Path) -> dict[str, str]:
    """The requirements by id, as the project's table words them."""
    with (root / TITLES).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["title"] for row in csv.DictReader(file)}


def stories(root: Path) -> list[Story]:
    """Every story below `root`, by row, file and line. ValueError for a mark that cannot be read."""
    found = [
        story
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("test_*.py"))
        for story in in_source(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    ]
    return sorted(found, key=lambda story: (story.row, story.file, story.line))


def in_source(source: str, file: str) -> list[Story]:
    """The stories of one test file: marks on functions and classes, and of the whole module."""
    tree = ast.parse(source, file)
    whole = [row for node in tree.body for row in _of_module(node, file)]
    found = [Story(row, file, 1, Path(file).stem) for row in whole]
    return found + list(_inside(tree, "", file))


def _inside(parent: ast.AST, path: str, file: str) -> Iterator[Story]:
    for node in ast.iter_child_nodes(parent):
        if not isinstance(node, Marked):
            continue
        name = f"{path}{node.name}"
        for mark in node.decorator_list:
            for row in _rows(mark, file):
                yield Story(row, file, node.lineno, name)
        if isinstance(node, ast.ClassDef):
            yield from _inside(node, f"{name}::", file)


def _of_module(node: ast.stmt, file: str) -> list[str]:
    if not isinstance(node, ast.Assign) or ast.unparse(node.targets[0]) != "pytestmark":
        return []
    marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return [row for mark in marks for row in _rows(mark, file)]


def _rows(mark: ast.expr, file: str) -> list[str]:
    if not isinstance(mark, ast.Call) or ast.unparse(mark.func) != "pytest.mark.row":
        return []
    rows = [arg.value if isinstance(arg, ast.Constant) else None for arg in mark.args]
    good = [row for row in rows if isinstance(row, str)]
    if not rows or len(good) != len(rows):
        raise ValueError(f"{file}:{mark.lineno}: a row is named by its id in quotes")
    return good


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="机器可读。")
def rows(ids: tuple[str, ...], as_json: bool) -> None:
    """Print which requirements are shown by which tests; exit 1 for an id that nobody knows."""
    known = titles(settings.ROOT)
    try:
        shown = stories(settings.ROOT)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    strange = [f"{s.row}（{s.file}:{s.line}）" for s in shown if s.row not in known]
    strange += [wanted for wanted in ids if wanted not in known]
    if strange:
        raise click.ClickException(f"{TITLES} 里没有这些条目：{'、'.join(strange)}")
    table = {row: [s for s in shown if s.row == row] for row in (ids or sorted(known))}
    click.echo(_json(table, known) if as_json else _lines(table, known))


def _json(table: dict[str, list[Story]], known: dict[str, str]) -> str:
    body = {
        row: {
            "title": known[row],
            "shown": [{"file": s.file, "line": s.line, "test": s.test} for s in found],
        }
        for row, found in table.items()
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


def _lines(table: dict[str, list[Story]], known: dict[str, str]) -> str:
    lines: list[str] = []
    for row, found in table.items():
        lines.append(f"{'✓' if found else '·'} {row}  {known[row]}")
        lines += [f"      {story.file}:{story.line}  {story.test}" for story in found]
    done = sum(bool(found) for found in table.values())
    return "\n".join([*lines, f"{len(table)} 条，已有故事演示的 {done} 条。"])
