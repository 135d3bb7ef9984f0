"""A newer year's file: renamed, re-coded, moved and gone are told apart, on a small city and on a whole province."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.kernel.access.models import Unit
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.places import commands, divisions, moving, orders, selectors, services
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.kernel.places.tests.little import ROWS
from linli.kernel.places.tests.test_areas import DATA, real

ACT = system_act()
# 春街道 is merged into 秋街道: its communities get new codes there; 花社区 also a new title.
NEWER = """\
code,name,level,parent
990100000000,试点市,city,
990101000000,南区,district,990100000000
990101002000,秋街道,street,990101000000
990101002001,风社区居委会,community,990101002000
990101002011,花社区居民委员会,community,990101002000
990101002012,月社区居委会,community,990101002000
"""


@pytest.fixture
def city(db: None, tmp_path: Path) -> Path:
    """The small city of an older file, with an office in 花社区."""
    selectors.forget()
    file = tmp_path / "rows.csv"
    file.write_text(ROWS, encoding="utf-8")
    with under(ACT):
        services.import_divisions(ACT, divisions.read_all([file]))
        flower = selectors.by_code("990101001001")
        Unit.objects.create(code="flower", name="花社区居委会", kind="committee", area=flower)
    file.write_text(NEWER, encoding="utf-8")
    return file


def test_a_street_that_is_merged_moves_its_communities(
    city: Path, tmp_path: Path, settings: object
) -> None:
    settings.PLACES_STAMP_SECONDS = 0  # type: ignore[attr-defined]
    plan_file = tmp_path / "orders.yaml"
    run = CliRunner().invoke
    shown = run(commands.places, ["import", str(city), "--orders", str(plan_file), "--apply"])
    assert shown.exit_code == 0, shown.output
    assert "划转（用 places rezone 办理）（2）" in shown.output and "新增" not in shown.output
    assert selectors.by_code("990101001000").until is None, "it still holds what will move"
    moved = run(commands.places, ["rezone", str(plan_file), "--apply"])
    assert moved.exit_code == 0, moved.output
    flower = selectors.by_code("990101002011")
    assert flower.name == "花社区居民委员会"
    assert Unit.objects.get(code="flower").area_id == flower.pk
    last = run(commands.places, ["import", str(city), "--apply"])
    assert "撤销（1）" in last.output and "已写入" in last.output, last.output
    assert "没有变化" in run(commands.places, ["import", str(city), "--apply"]).output
    assert [each.name for each in selectors.children(selectors.by_code("990101"))] == ["秋街道"]


def test_what_is_occupied_is_not_ended(city: Path) -> None:
    gone = NEWER.replace("990101002011,花社区居民委员会,community,990101002000\n", "")
    city.write_text(gone, encoding="utf-8")
    table = divisions.read_all([city])
    with under(ACT):
        with pytest.raises(Refusal, match="办事机构 1"):
            services.import_divisions(ACT, table)
        assert selectors.by_code("990101001001").until is None
        services.import_divisions(ACT, table, occupied=True)
        kept = Unit.objects.get(code="flower").area
        assert kept.name == "花社区居委会" and kept.until is not None


def test_nobody_changes_areas_beyond_their_own(city: Path) -> None:
    city.write_text(ROWS.replace("花社区", "梅社区"), encoding="utf-8")
    table, flower = divisions.read_all([city]), selectors.by_code("990101001001")
    act = ACT.on(actor=2, spans=(selectors.by_code("990101002000").span,))
    seeds = [services.Seed(flower.pk, Level.GRID, "网格", "990101001001001", "general")]
    shape = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}
    drawn = [services.Outline(flower.pk, shape)]
    with under(act):
        for attempt in (
            lambda: services.import_divisions(act, table, occupied=True),
            lambda: services.add(act, seeds),
            lambda: services.end(act, flower),
            lambda: services.outline(act, drawn, datum="WGS-84", source="x"),
        ):
            with pytest.raises(Refusal, match="管理范围"):
                attempt()


def _altered(rows: list[dict[str, str]]) -> tuple[list[dict[str, str]], dict[str, int]]:
    """A year later: a hundred renamed, fifty re-coded, thirty gone, forty new, twenty under another street."""
    communities = [each for each in rows if each["code"].startswith("3202")]
    steps: dict[str, list[dict[str, str]]] = {
        "renamed": communities[0:100],
        "recoded": communities[100:150],
        "removed": communities[150:180],
        "moved": communities[180:200],
    }
    told = {each["code"]: each["name"] for each in rows}
    for each in steps["renamed"]:
        told[each["code"]] = f"新{each['name']}"
    for number, each in enumerate(steps["recoded"]):
        told[f"{each['code'][:9]}{900 + number % 90:03d}"] = told.pop(each["code"])
    for each in steps["removed"]:
        del told[each["code"]]
    streets = sorted({each["code"][:9] for each in communities})
    for number, each in enumerate(steps["moved"]):
        own = each["code"][:9]
        other = next(s for s in streets if s[:6] == own[:6] and s != own)
        told[f"{other}{800 + number:03d}"] = f"独名{number}社区居委会"
        del told[each["code"]]
    for number in range(40):
        told[f"{streets[number]}{700 + number:03d}"] = f"全新{number}社区居委会"
    counts = {name: len(members) for name, members in steps.items()}
    return [{"code": code, "name": name} for code, name in told.items()], counts | {"added": 40}


@real
@pytest.mark.django_db
def test_a_whole_province_a_year_later(tmp_path: Path) -> None:
    folder = DATA / "divisions"
    upper = [folder / n for n in ("provinces.csv", "cities.csv", "areas.csv", "streets.csv.gz")]
    with gzip.open(
        folder / "jiangsu_villages_2022_reconstructed.csv.gz", "rt", encoding="utf-8"
    ) as lines:
        rows = list(csv.DictReader(lines))
    moved = [each for each in rows if each["code"].startswith("3202")][180:200]
    for number, each in enumerate(moved):
        each["name"] = f"独名{number}社区居委会"
    selectors.forget()
    with under(ACT):
        services.import_divisions(ACT, _read(upper, tmp_path / "2022.csv", rows))
        before = len(selectors.at_level(Level.COMMUNITY))
        altered, expected = _altered(rows)
        table = _read(upper, tmp_path / "2023.csv", altered)
        plan = services.import_divisions(ACT, table)
        known = {code for each in plan.refused if (code := each.code)}
        assert len(plan.moves) == expected["moved"]
        assert {n: plan.counts[n] for n in ("renamed", "recoded", "removed", "added")} == {
            n: expected[n] for n in ("renamed", "recoded", "removed", "added")
        }
        assert {each.row.code for each in plan.moves} <= known
        assert len(selectors.at_level(Level.COMMUNITY)) == before + 40 - 30
        given = [
            {"move": e.known.code, "under": e.row.parent, "code": e.row.code} for e in plan.moves
        ]
        ordered = orders.parse({"on": "2023-10-31", "source": "民政厅", "changes": given})
        moving.finish(ACT, moving.begin(ACT, ordered))
        again = services.preview(table)
        assert not again.changes and not again.moves
        assert Area.objects.filter(level=Level.COMMUNITY).count() == before + 40 + 20
    selectors.forget()


def _read(upper: list[Path], file: Path, rows: list[dict[str, str]]) -> divisions.Table:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["code", "name"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return divisions.read_all([*upper, file], "32")
