"""`linli rows`: requirements are found by their marks, and a wrong mark is an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import override_settings

from linli.site.rows import in_source, rows, stories, titles
from tests.shape.tree import ROOT

SOURCE = """
import pytest
pytestmark = [pytest.mark.row("R107"), pytest.mark.browser]

@pytest.mark.row("R104", "R101")
def test_one(): ...

class TestLife:
    @pytest.mark.row("R132")
    def test_two(self): ...

def test_three(): ...
"""


def test_marks_of_functions_classes_and_modules_are_found() -> None:
    found = {(story.row, story.test) for story in in_source(SOURCE, "tests/test_x.py")}
    assert found == {
        ("R107", "test_x"),
        ("R104", "test_one"),
        ("R101", "test_one"),
        ("R132", "TestLife::test_two"),
    }


@pytest.mark.parametrize("mark", ["R104", "NAME", "*ROWS", ""])
def test_a_mark_that_names_no_id_in_quotes_is_an_error(mark: str) -> None:
    with pytest.raises(ValueError, match="t.py:1"):
        in_source(f"@pytest.mark.row({mark})\ndef test_x(): ...", "t.py")


def test_every_mark_of_the_project_names_a_known_requirement() -> None:
    known = titles(ROOT)
    assert not [s for s in stories(ROOT) if s.row not in known]


def test_the_command_prints_one_requirement_or_all() -> None:
    one = CliRunner().invoke(rows, ["R104", "--json"])
    assert one.exit_code == 0
    table = json.loads(one.output)
    assert list(table) == ["R104"]
    assert {"file", "line", "test"} == set(table["R104"]["shown"][0])
    every = CliRunner().invoke(rows, [])
    assert every.exit_code == 0
    assert all(row in every.output for row in titles(ROOT))


def test_an_id_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    asked = CliRunner().invoke(rows, ["R999"])
    assert asked.exit_code == 1
    assert "R999" in asked.output
    (tmp_path / "docs/reference").mkdir(parents=True)
    (tmp_path / "docs/reference/rows.csv").write_text("id,title\nR101,one\n", encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_y.py").write_text('@pytest.mark.row("R102")\ndef test_y(): ...\n')
    with override_settings(ROOT=tmp_path):
        marked = CliRunner().invoke(rows, [])
    assert marked.exit_code == 1
    assert "tests/test_y.py:2" in marked.output
