"""The day of a moment is the day where the house stands: `timezone.localdate`, never Greenwich's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.shape.tree import python_files, read

# What is read from a file or a command line bears no zone; deadlines count on their own axis.
PLAIN = {
    "src/linli/kernel/calendar/commands.py",
    "src/linli/kernel/calendar/deadline.py",
    "src/linli/capabilities/admission/workbook.py",
    "src/linli/capabilities/registry/commands.py",
    "src/linli/capabilities/registry/reading/table.py",
    "src/linli/capabilities/tables/reading/styles.py",
}
LEFT_OUT = ("src/linli/site/demo/", "src/linli/site/bench/")
# A moment's column cut to its day or month in SQL without naming the zone.
CUT = re.compile(
    r"date_trunc\('\w+', (?![\w.]*day\))(?![^)]*(?:AT TIME ZONE|_ZONE))"
    r"|\b(?:at|changed|closed|created|due|ended|issued|made|opened|signed)\)?::date\b"
)


def faults(text: str, plain: bool = False) -> Iterator[int]:
    """The lines where a day is taken without the zone."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and CUT.search(node.value):
                yield node.lineno
        elif not plain and isinstance(node, ast.Call) and not node.args:
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr == "date":
                moment = called.value.func if isinstance(called.value, ast.Call) else None
                if not (isinstance(moment, ast.Attribute) and moment.attr == "astimezone"):
                    yield node.lineno


def test_every_day_is_a_day_of_the_house() -> None:
    paths = [p for p in python_files() if str(p).startswith("src/") and "tests" not in p.parts]
    paths = [p for p in paths if not str(p).startswith(LEFT_OUT)]
    assert len(paths) > 300, "the source is read"
    found = [f"{p}:{line}" for p in paths for line in faults(read(p), str(p) in PLAIN)]
    assert not found, found


@pytest.mark.parametrize(
    "line",
    [
        "day = act.at.date()",
        "sql = 'm.opened::date'",
        "sql = \"date_trunc('month', m.opened)::date\"",
    ],
)
def test_a_day_of_greenwich_is_found(line: str) -> None:
    assert list(faults(line)) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "day = timezone.localdate(act.at)",
        "day = at.astimezone(SHANGHAI).date()",
        "sql = \"date_trunc('month', e.day)::date\"",
        "sql = \"date_trunc('month', m.opened AT TIME ZONE 'Asia/Shanghai')::date\"",
    ],
)
def test_a_day_of_the_house_is_not(line: str) -> None:
    assert not list(faults(line))
