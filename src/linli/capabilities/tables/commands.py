"""Command line of tables: what a form asks, and the form filled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from linli.capabilities.tables.mapping import Mapped, Meaning
from linli.capabilities.tables.selectors import editions
from linli.capabilities.tables.selectors.words import recognised, words
from linli.capabilities.tables.services import fill as fill_form
from linli.capabilities.tables.services import fill_cards
from linli.capabilities.tables.services import take as take_edition
from linli.capabilities.tables.writing.told import WHY, Report
from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.policy.versions import NoPolicy

FILE = click.Path(dir_okay=False, path_type=Path)
SHAPES = {"list": "名册（一行一条）", "card": "登记卡（一人一表）", "statistics": "统计表"}


@click.group("tables")
def tables() -> None:
    """一表通：读懂部门的表，用已有的数据填好。"""


@contextmanager
def _told() -> Iterator[Act]:
    """Refusals become what the command says."""
    act = system_act(channel="job")
    try:
        with under(act):
            yield act
    except (Refusal, NoPolicy) as error:
        raise click.ClickException(str(error)) from None


@tables.command("read")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="machine-readable")
def read(file: Path, as_json: bool) -> None:
    """Print what was recognised in a form: regions, headings, elements, how surely and why."""
    with _told():
        form, mapped = recognised(file, words(date.today()))
        found = [as_data(each) for each in mapped]
    if as_json:
        told = {
            "file": file.name,
            "sheets": list(form.sheets),
            "regions": found,
            "warnings": list(form.warnings),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each in mapped:
        _region(each)
    for warning in form.warnings:
        click.echo(f"注意：{warning}")


def as_data(mapped: Mapped) -> dict[str, Any]:
    """A region as plain data."""
    region = mapped.region
    box = region.box
    return {
        "sheet": region.sheet,
        "shape": region.shape.value,
        "rows": mapped.kind,
        "title": region.title,
        "notes": list(region.notes),
        "unit": region.unit,
        "box": [box.top, box.left, box.bottom, box.right],
        "head": list(region.head),
        "body": list(region.body),
        "fields": [_field(each) for each in mapped.meanings],
        "lines": [
            {"path": list(line.path), "row": line.row, "element": each.element}
            for line, each in zip(region.lines, mapped.lines, strict=True)
        ],
    }


def _field(each: Meaning) -> dict[str, Any]:
    return {
        "path": list(each.field.path),
        "row": each.field.box.top,
        "column": each.field.box.left,
        "unit": each.field.unit,
        "choices": list(each.field.choices),
        "element": each.taken,
        "part": each.part,
        "confidence": each.confidence,
        "sure": each.sure,
        "why": each.why,
        "offers": list(each.offers),
    }


def _region(mapped: Mapped) -> None:
    region = mapped.region
    click.echo(f"\n工作表“{region.sheet}”：{region.title or '（无标题）'}，{SHAPES[region.shape]}")
    drawn = Table(header_style="bold")
    for title in ("栏目", "数据元", "把握", "定吗", "原因"):
        drawn.add_column(title, overflow="fold")
    for each in (*mapped.meanings, *mapped.lines):
        element = each.taken + (f"（{each.part}）" if each.part else "")
        sure = "定" if each.sure else "请确认" if each.taken else ""
        drawn.add_row(
            each.field.label,
            element,
            f"{each.confidence:.2f}" if each.taken else "",
            sure,
            each.why,
        )
    Console(markup=False).print(drawn)  # names of counts hold brackets


@tables.command("fill")
@click.argument("file", type=FILE)
@click.option("--area", "code", required=True, help="区划代码：填哪个区、街道、社区")
@click.option("--out", required=True, type=FILE, help="填好的表写到哪里")
@click.option("--all", "everybody", is_flag=True, help="不按标题缩小范围，填所有人")
@click.option(
    "--reason", default="填报表格", show_default=True, help="为什么取这些数据，会记入台账"
)
@click.option("--json", "as_json", is_flag=True, help="machine-readable")
def fill(file: Path, code: str, out: Path, everybody: bool, reason: str, as_json: bool) -> None:
    """Fill a form from what is held of an area: only what is sure, the file's own layout kept."""
    if out.resolve() == file.resolve():
        raise click.ClickException("填好的表请写到另一个文件，原表要留着。")
    with _told() as act:
        told = words(date.today())
        _form, mapped = recognised(file, told)
        area = _area(code)
        report = fill_form(
            act,
            area,
            file=file,
            out=out,
            mapped=mapped,
            words=told,
            reason=reason,
            everybody=everybody,
        )
    if as_json:
        click.echo(json.dumps(reported(report), ensure_ascii=False, indent=1))
        return
    _report(report, out)


@tables.command("cards")
@click.argument("file", type=FILE)
@click.option("--area", "code", required=True, help="区划代码：填哪个社区的人")
@click.option("--out", required=True, type=FILE, help="填好的写到哪里：每人一份时为 .zip")
@click.option("--person", type=int, help="登记库里的编号：只填这一个人")
@click.option(
    "--reason", default="填登记卡", show_default=True, help="为什么取这些数据，会记入台账"
)
@click.option("--json", "as_json", is_flag=True, help="machine-readable")
def cards(file: Path, code: str, out: Path, person: int | None, reason: str, as_json: bool) -> None:
    """Fill a form of one page for each person: for one of them, or for everybody into a bundle."""
    if person is None and out.suffix.lower() != ".zip":
        raise click.ClickException(
            "每人一份会打成一包，请写到 .zip 文件；只填一个人请加 --person。"
        )
    with _told() as act:
        told = words(date.today())
        _form, mapped = recognised(file, told)
        given: dict[str, Any] = {"file": file, "out": out, "mapped": mapped, "words": told}
        report = fill_cards(act, _area(code), **given, reason=reason, person=person)
    if as_json:
        click.echo(json.dumps(reported(report), ensure_ascii=False, indent=1))
        return
    _report(report, out)


def _area(code: str) -> Area:
    try:
        return places.by_code(code)
    except (Area.DoesNotExist, ValueError):
        raise click.ClickException(f"没有代码为 {code} 的区域。") from None


def reported(report: Report) -> dict[str, Any]:
    """What became of a form as plain data."""
    return {
        "asked": report.asked,
        "filled": report.filled,
        "blank": report.blank,
        "blanks": dict(report.blanks),
        "share": round(report.share, 4),
        "scope": report.scope,
        "regions": [
            {
                "sheet": sheet,
                "title": title,
                "fields": [
                    {
                        "field": e.label,
                        "element": e.element,
                        "filled": e.filled,
                        "blank": e.blank,
                        "blanks": {cause: many for cause, many in e.blanks.items() if many},
                        "why": e.why,
                    }
                    for e in told
                ],
            }
            for sheet, title, _rows, told in report.regions
        ],
    }


def _report(report: Report, out: Path) -> None:
    for sheet, title, _rows, told in report.regions:
        drawn = Table(title=f"{sheet}：{title}" if title else sheet, header_style="bold")
        for name in ("栏目", "数据元", "已填", "空着", "没有填的原因"):
            drawn.add_column(name, overflow="fold")
        for each in told:
            drawn.add_row(each.label, each.element, str(each.filled), str(each.blank), each.why)
        Console(markup=False).print(drawn)  # names of counts hold brackets
    if report.scope:
        click.echo(f"范围——{report.scope}")
    causes = "，".join(f"{WHY[cause]} {many} 格" for cause, many in report.blanks.items() if many)
    summary = f"填了 {report.filled} 格，空着 {report.blank} 格{f'（{causes}）' if causes else ''}"
    share = f"能填的填了 {report.share:.1%}" if report.asked else "没有一栏是有把握、又有登记的"
    click.echo(f"{summary}；{share}：{out}")


@tables.command("verify")
@click.argument("edition", type=int)
def verify(edition: int) -> None:
    """Say whether an edition's file is as it was frozen; exit 1 where it is not."""
    with _told() as act:
        found = _edition(act, edition)
        same = editions.intact(found)
    if not same:
        raise click.ClickException(f"定版 {edition}：文件不在了，或和定版时不一样。")
    click.echo(f"定版 {edition}（{found.round} 第 {found.number} 版）和定版时一样：{found.digest}")


@tables.command("take")
@click.argument("edition", type=int)
@click.option("--out", required=True, type=FILE, help="写到哪里：.xlsx、.docx、.csv 或 .pdf")
@click.option("--reason", required=True, help="下载的用途，会记入台账")
def take(edition: int, out: Path, reason: str) -> None:
    """Take an edition's file out, in the format that the name of the output says."""
    with _told() as act:
        kind = out.suffix.lower().removeprefix(".")
        taken = take_edition(act, _edition(act, edition), format=kind, reason=reason)
        out.write_bytes(taken.content)
    click.echo(f"{out}：{len(taken.content)} 字节")


@tables.command("differ")
@click.argument("earlier", type=int)
@click.argument("later", type=int)
def differ(earlier: int, later: int) -> None:
    """Print what changed from one edition of a form to another."""
    with _told() as act:
        found = editions.changes(_edition(act, earlier), _edition(act, later))
    for each in found:
        counts = f"新增 {len(each.came)}，减少 {len(each.went)}，改动 {len(each.changed)}"
        click.echo(f"{each.title or each.record_set}：{counts}")
        for sign, rows in (("＋", each.came), ("－", each.went), ("～", each.changed)):
            for row in rows:
                cells = "；".join(
                    f"{c.label} {c.before or '空'}→{c.now or '空'}" for c in row.cells
                )
                click.echo(f"  {sign} {row.name} {cells}".rstrip())


def _edition(act: Act, pk: int) -> Any:
    found = editions.edition(act, pk)
    if found is None:
        raise click.ClickException(f"没有编号为 {pk} 的定版。")
    return found


COMMANDS = (tables,)
