"""Replays of tiny files made here, and of slices of the real ones where they are at hand."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linli.site import cluster
from linli.site.replay import messages, requests, throwaway
from tests import database

DATA = Path(__file__).resolve().parents[6] / "shared/data"
HEAD = [
    "CASE_ENQUIRY_ID",
    "OPEN_DT",
    "TARGET_DT",
    "CLOSED_DT",
    "OnTime_Status",
    "TYPE",
    "neighborhood",
]
ROWS = [
    ["1", "01/05/2015 12:40:41 PM", "01/07/2015 08:30:00 AM", "01/06/2015 01:46:56 PM", "ONTIME", "Pothole", "Back Bay"],
    ["2", "01/05/2015 12:40:41 PM", "01/07/2015 08:30:00 AM", "01/07/2015 08:30:01 AM", "OVERDUE", "Pothole", ""],
    ["3", "01/05/2015 12:40:41 PM", "01/07/2015 08:30:00 AM", "01/07/2015 08:30:00 AM", "ONTIME", "Graffiti", "Roxbury"],
    ["4", "01/05/2015 12:40:41 PM", "", "01/06/2015 01:46:56 PM", "ONTIME", "Graffiti", "Roxbury"],
    ["5", "01/05/2015 12:40:41 PM", "01/07/2015 08:30:00 AM", "", "OVERDUE", "Graffiti", "Roxbury"],
    ["6", "01/05/2015 12:40:41 PM", "01/09/2015 08:30:00 AM", "01/05/2015 12:40:30 PM", "ONTIME", "Graffiti", "Roxbury"],
    ["7", "01/05/2015 12:40:41 PM", "01/07/2015 08:30:00 AM", "02/07/2015 08:30:00 AM", "", "Pothole", "Roxbury"],
    ["7", "01/05/2015 12:40:41 PM", "", "", "", "Pothole", "Roxbury"],
    ["8", "soon", "", "", "", "Pothole", "Roxbury"],
    ["", "01/05/2015 12:40:41 PM", "", "", "", "Pothole", "Roxbury"],
]  # fmt: skip


@pytest.fixture
def here(own_database: str) -> Iterator[str]:
    """A database that is ours before and after."""
    yield own_database


def _log(path: Path, columns: list[str]) -> Path:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in ROWS:
            cells = dict(zip(HEAD, row, strict=True)) | {"Extra": "x"}
            writer.writerow([cells[c] for c in columns])
    return path


def _names() -> list[str]:
    with psycopg.connect(cluster.address("owner"), autocommit=True) as link:
        rows = link.execute("SELECT datname FROM pg_database").fetchall()
    return [name for (name,) in rows if name.startswith(throwaway.PREFIX)]


@pytest.mark.row("R107")
def test_linlis_clock_says_what_the_log_says(here: str, tmp_path: Path) -> None:
    plain = requests.replay(_log(tmp_path / "log.csv", HEAD), processes=1)
    assert plain["rows"] == 10 and plain["accepted"] == 7 and plain["refused"] == 3
    assert set(plain["refused_reasons"]) == {"编号重复", "时间读不懂", "没有编号"}
    assert plain["with_target"] == plain["on_time_equal"] == 5 and plain["unequal"] == []
    assert (plain["on_time"], plain["overdue"], plain["without_target"]) == (3, 2, 1)
    assert plain["closed"] == plain["closed_kept"] == 6 and plain["open"] == 1
    turned = [*reversed([c for c in HEAD if c != "OnTime_Status"]), "Extra"]
    other = requests.replay(_log(tmp_path / "log.csv.gz", turned), processes=1)
    same = ("with_target", "on_time_equal", "on_time", "overdue", "closed")
    assert [other[k] for k in same] == [plain[k] for k in same]


def test_a_wrong_flag_is_found(here: str, tmp_path: Path) -> None:
    path = _log(tmp_path / "log.csv", HEAD)
    path.write_text(path.read_text().replace(",OVERDUE,Pothole", ",ONTIME,Pothole"))
    found = requests.replay(path, processes=1)
    assert found["on_time_equal"] == found["with_target"] - 1
    assert [row["number"] for row in found["unequal"]] == ["2"]


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("A,B\n1,2\n")
    with pytest.raises(requests.BadFile, match="CASE_ENQUIRY_ID"):
        list(requests.read_requests(path))


def test_messages_are_taken_or_refused_with_the_forms_words(here: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    lines = [
        ("路灯坏了不亮", "", "城建"),
        ("幼儿园学位不够", "", "教育"),
        ("", "垃圾没人清。天天臭", "城建"),
    ]
    lines += [("没有标签的一条", "", ""), ("长", "长" * 5000, "城建"), ("题" * 130, "", "教育")]
    lines += [("路灯又坏了", "", "城建"), ("学校放学太晚", "", "教育"), ("", "", "教育")]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("留言主题", "留言详情", "一级标签"), *lines])
    found = messages.replay(path)
    assert found["accepted"] == 6 and found["refused"] == 3 and found["unlabelled"] == 1
    assert any("太长" in reason for reason in found["refused_reasons"])
    assert found["macro_f1"] is not None and found["per_s"] > 0
    taught = messages.replay(path, learn_from=path)
    assert taught["n_test"] == 5


def test_the_throwaway_database_goes_even_when_interrupted(here: str) -> None:
    before = _names()
    with pytest.raises(KeyboardInterrupt), throwaway.throwaway() as name:
        assert name in _names()
        raise KeyboardInterrupt
    assert set(_names()) <= set(before)


def test_what_a_killed_run_left_is_swept(here: str) -> None:
    left = f"{throwaway.PREFIX}left"
    database.drop(left)
    database.create(left)
    assert left in throwaway.sweep()
    assert left not in _names()


def _real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"not run: {name} is not at hand (../shared/data)")
    return path


def _printed(command: list[str], where: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(database.run([*command, "--json"], where))
    return found


def test_a_slice_of_the_real_log(here: str) -> None:
    path = _real("requests_311/boston_2015_first_half.csv.gz")
    found = _printed(["replay", "requests", str(path), "--limit", "150"], here)
    assert found["rows"] == 150 and found["with_target"] == found["on_time_equal"] > 50


def test_the_whole_real_log_is_read(tmp_path: Path) -> None:
    path = _real("requests_311/boston_2015_first_half.csv.gz")
    rows = list(requests.read_requests(path))
    good = [r for r in rows if isinstance(r, requests.Request)]
    assert len(rows) == len(good) == 58_219
    assert sum(r.expected is not None for r in good) == 37_359


def test_a_slice_of_real_messages(here: str) -> None:
    path = _real("messages/titles.csv")
    found = _printed(["replay", "messages", str(path), "--limit", "200"], here)
    assert found["accepted"] == 200 and found["macro_f1"] > 0.3
