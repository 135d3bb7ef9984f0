"""Made-up people: the same seed the same file, ID numbers right, twins and namesakes told apart, dirt as declared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from python_calamine import load_workbook

from linli.capabilities.registry import synthetic
from linli.capabilities.registry.synthetic.dirt import KINDS
from linli.kernel.vault import idnumber

PLACES = [synthetic.Place(f"3202050010{n:02d}", f"试验{n}社区居委会") for n in range(1, 9)]
ID = "公民身份号码"


@pytest.fixture(scope="module")
def made() -> synthetic.Made:
    return synthetic.make(20_000, 7, synthetic.read_names(None), PLACES)


def test_the_same_seed_gives_the_same_file(made: synthetic.Made) -> None:
    again = synthetic.make(20_000, 7, synthetic.read_names(None), PLACES)
    other = synthetic.make(20_000, 8, synthetic.read_names(None), PLACES)
    assert again.rows.equals(made.rows) and again.truth.equals(made.truth)
    assert not other.rows.equals(made.rows)


def test_shares_are_as_declared(made: synthetic.Made) -> None:
    assert made.truth.filter(pl.col("kind") == "copy").height == 1000
    soiled = made.truth.filter((pl.col("kind") != "copy") & (pl.col("dirt") != ""))
    assert soiled.height == 600
    assert set(soiled["dirt"]) == {kind[0] for kind in KINDS}


def test_clean_rows_have_right_and_unlike_numbers(made: synthetic.Made) -> None:
    clean = made.rows.filter((made.truth["dirt"] == "") & (made.truth["kind"] != "copy"))
    assert clean[ID].n_unique() == clean.height
    for row in clean.head(3000).iter_rows(named=True):
        read = idnumber.parse(row[ID], date(2026, 6, 1))
        assert read.birth.isoformat() == row["出生日期"]
        assert {"male": "男", "female": "女"}[read.sex] == row["性别"]


def test_copies_have_no_number_and_twins_are_two_people(made: synthetic.Made) -> None:
    copies = made.rows.filter(made.truth["kind"] == "copy")
    assert copies[ID].null_count() == copies.height
    twins = made.rows.filter((made.truth["kind"] == "twin") & (made.truth["dirt"] == ""))
    pairs = twins.group_by("户号").agg(pl.col("姓名").n_unique(), pl.col("出生日期").n_unique())
    assert pairs.filter((pl.col("姓名") == 2) & (pl.col("出生日期") == 1)).height > 20
    assert pairs.filter(pl.col("出生日期") > 1).height == 0


def test_a_workbook_holds_what_the_csv_holds(made: synthetic.Made, tmp_path: Path) -> None:
    book, text = tmp_path / "人口.xlsx", tmp_path / "人口.csv"
    synthetic.write(made.rows, book)
    synthetic.write(made.rows, text)
    cells = load_workbook(book).get_sheet_by_index(0).to_python()
    back = pl.read_csv(text, infer_schema=False)
    assert [str(name) for name in cells[0]] == back.columns == made.rows.columns
    assert tuple(cells[1]) == tuple(value or "" for value in back.row(0))
    assert len(cells) == len(back) + 1


def test_names_follow_the_lists_of_an_installation(tmp_path: Path) -> None:
    (tmp_path / "familyname.csv").write_text("surname,n.1930_2008\n欧阳,9\n王,1\n")
    eras = ",".join(f"ppm.{n}" for n in range(6))
    (tmp_path / "givenname.csv").write_text(
        f"character,n.male,n.female,{eras}\n甲,5,5,1,1,1,1,1,1\n乙,5,5,1,1,1,1,1,1\n"
    )
    people = (
        synthetic.make(500, 1, synthetic.read_names(tmp_path), PLACES).rows["姓名"].drop_nulls()
    )
    assert people.str.starts_with("欧阳").mean() > 0.7  # type: ignore[operator]
