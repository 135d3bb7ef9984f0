"""Command line of places: import divisions, load outlines, look a point up."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import yaml
from django.conf import settings

from linli.kernel.acts import Refusal, system_act, under

from . import divisions, locating, moving, orders, outlines, rules, selectors, services
from .datum import DATUMS, GCJ02, WGS84
from .models import Rezoning
from .moving import Preview
from .planning import Plan
from .rules import LABELS_ZH, Level

SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def places() -> None:
    """区域：行政区划、网格与边界。"""


def _listing(title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    click.echo(f"{title}（{len(lines)}）：")
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo(f"  …… 另有 {len(lines) - SHOWN} 条")


def _show(plan: Plan) -> None:
    _listing("新增", [f"{e.row.code} {e.row.name}" for e in plan.added])
    _listing("更名", [f"{e.row.code} {e.known.name} → {e.row.name}" for e in plan.renamed])
    _listing(
        "变更代码",
        [f"{e.known.code} → {e.row.code} {e.known.name}"
         + ("" if e.known.name == e.row.name else f" → {e.row.name}") for e in plan.recoded],
    )  # fmt: skip
    _listing("归入上级", [f"{known.code} {known.name}" for known, _above in plan.adopted])
    _listing("撤销", [f"{e.code} {e.name}" for e in plan.removed])
    _listing("未采用", [f"{e.code} {e.name}：{e.reason}" for e in plan.refused])
    click.echo(f"不变：{plan.unchanged}")


def _propose(plan: Plan, orders: Path | None) -> None:
    """Communities that went under another street: shown, and written down as orders for a rezoning."""
    _listing("划转（用 places rezone 办理）", [
        f"{e.known.code} → {e.row.code} {e.row.name}" for e in plan.moves
    ])  # fmt: skip
    _listing("将撤销的区域上还有数据", [
        f"{title} {count}" for title, count in services.left_behind(plan).items()
    ])  # fmt: skip
    if orders is None or not plan.moves:
        return
    changes = [
        {"move": e.known.code, "under": e.row.parent, "code": e.row.code, "name": e.row.name}
        for e in plan.moves
    ]
    told = {"on": str(date.today()), "source": "请写明批复文号", "changes": changes}
    orders.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    click.echo(f"划转方案已写入 {orders}；核对日期和依据后用 places rezone 执行。")


@places.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--root", default="", metavar="CODE", help="只导入该区划代码及其下级。")
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写入。")
@click.option("--source", default="", help="数据来源，记入每个区域。")
@click.option("--apply", "--yes", "yes", is_flag=True, help="有区域将被撤销时不再询问。")
@click.option("--end-occupied", is_flag=True, help="区域上还有数据也撤销，数据留在原处。")
@click.option(
    "--orders",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把划转到别处的社区写成区划调整方案，供 places rezone 使用。",
)
def import_(
    files: tuple[Path, ...],
    root: str,
    dry_run: bool,
    source: str,
    yes: bool,
    end_occupied: bool,
    orders: Path | None,
) -> None:
    """Import division tables: shows what is added, renamed, re-coded and ended, then applies it."""
    started = time.perf_counter()
    try:
        table = divisions.read_all(files, root)
        with under(system_act()) as act:
            plan = services.preview(table)
            _show(plan)
            _propose(plan, orders)
            if dry_run or not plan.changes:
                click.echo("未写入。" if dry_run else "没有变化。")
            else:
                if plan.removed and not yes:
                    click.confirm(f"将撤销 {len(plan.removed)} 个区域，继续？", abort=True)
                told = source or "、".join(path.name for path in files)
                services.import_divisions(act, table, source=told[:200], occupied=end_occupied)
                click.echo("已写入。")
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"共 {len(table.rows)} 行，用时 {time.perf_counter() - started:.1f} 秒。")


@places.command("rezone")
@click.argument("plan", type=FILE)
@click.option("--apply", "apply_", is_flag=True, help="看过以后执行；中断后用同一个方案接着执行。")
def rezone(plan: Path, apply_: bool) -> None:
    """Change the map with all that hangs on it: split, merge, move, rename, re-code; shown first."""
    started = time.perf_counter()
    try:
        ordered = orders.read(plan)
        with under(system_act()) as act:
            waiting = moving.unfinished()
            if waiting is None or waiting.digest != ordered.digest:
                _foresee(moving.preview(act, ordered), ordered)
        if not apply_:
            click.echo("未写入；确认无误后加 --apply 执行。")
            return
        act = system_act()
        _move(moving.begin(act, ordered, source=ordered.source))
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"已生效，用时 {time.perf_counter() - started:.1f} 秒。")


def _foresee(found: Preview, ordered: orders.Orders) -> None:
    click.echo(f"生效日期 {ordered.on}，依据：{ordered.source}")
    drawn = found.print
    olds = {each.id: each for each in found.ended}
    _listing(
        "设立或划转",
        [f"{e.code} {e.name}" + (f"（原 {olds[e.old].code} {olds[e.old].name}）" if e.old else "")
         for e in drawn.fresh],
    )  # fmt: skip
    areas = selectors.tree().by_id
    _listing("更名或变更代码", [f"{areas[lo].code} {areas[lo].name} → {code} {name}"
                         for lo, code, name in drawn.told])  # fmt: skip
    _listing("撤销", [f"{olds[lo].code} {olds[lo].name}" for lo, _to in drawn.dissolved])
    _listing("调整前 → 调整后", found.told)
    _listing("随之移动的数据", [f"{title} {count}" for title, count in found.rows.items()])


def _move(found: Rezoning) -> None:
    """Batch by batch, each kept by itself; then the switch, and once more for who wrote meanwhile."""
    moved = 0
    while True:
        with under(system_act()) as act:
            step = next(moving.carry(act, found), None)
        if step is None:
            break
        moved += step[1]
        click.echo(f"  {step[0]} {step[1]}（共 {moved}）")
    moving.finish(system_act(), found)
    # Other processes look whether areas changed every few seconds; who wrote in between is met here.
    time.sleep(2 * float(getattr(settings, "PLACES_STAMP_SECONDS", 2.0)))
    with under(system_act()):
        late = moving.sweep(found)
    if late:
        click.echo(f"  生效后补移 {sum(late.values())} 行")


@places.command("boundaries")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--datum", type=click.Choice(DATUMS), default=GCJ02, show_default=True)
@click.option("--source", default="", help="数据来源，记入每个区域。")
def boundaries(files: tuple[Path, ...], datum: str, source: str) -> None:
    """Load GeoJSON outlines; a feature's ``adcode`` names its area."""
    for path in files:
        try:
            found = outlines.read(path)
            with under(system_act()) as act:
                codes = selectors.tree().by_code
                known = [
                    services.Outline(codes[code].id, shape)
                    for code, shape in found
                    if code in codes
                ]
                services.outline(act, known, datum=datum, source=(source or path.name)[:200])
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        strange = [code for code, _shape in found if code not in codes]
        click.echo(f"{path.name}：{len(known)} 个边界已写入。")
        _listing("没有对应区域的代码", strange)


@places.command("coverage")
@click.argument("code")
@click.option("--level", type=click.Choice([str(each) for each in Level]), default="grid")
@click.option("--json", "as_json", is_flag=True, help="机器可读。")
def coverage(code: str, level: str, as_json: bool) -> None:
    """Check that areas of a level cover an area exactly once; exit 1 when they do not."""
    with under(system_act()):
        found = locating.coverage(Level(level), selectors.by_code(code))
    if as_json:
        click.echo(json.dumps({"whole": found.whole, "gaps_m2": round(found.gaps_m2, 1),
                               "overlaps_m2": round(found.overlaps_m2, 1)}))  # fmt: skip
    else:
        click.echo(f"空白 {found.gaps_m2:.0f} 平方米，重叠 {found.overlaps_m2:.0f} 平方米。")
        _listing("空白处（经度、纬度）", [f"{lon}, {lat}" for lon, lat in found.gaps])
        _listing("互相重叠", [f"{one} 与 {other}" for one, other in found.overlapping])
    if not found.whole:
        raise SystemExit(1)


@places.command("locate")
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option("--datum", type=click.Choice(DATUMS), default=WGS84, show_default=True)
def locate(lon: float, lat: float, datum: str) -> None:
    """Say which grid a position lies in."""
    with under(system_act()):
        found = locating.locate(lon, lat, datum=datum)
        if found.area is None:
            raise click.ClickException(
                f"这个位置不在本市范围内（距最近的网格 {found.metres:.0f} 米）。"
            )
        label = LABELS_ZH[rules.Level(found.area.level)]
        click.echo(f"{label} {found.area.code} {found.area.full_name}")


COMMANDS = (places,)
