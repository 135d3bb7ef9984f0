"""Command line of policy: check, diff, apply and show packs."""

from __future__ import annotations

import json
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from linli.kernel.acts import system_act, under
from linli.kernel.policy.compare import diff
from linli.kernel.policy.load import NoSuchPack, RawPack, load, places
from linli.kernel.policy.pack import Pack, step
from linli.kernel.policy.versions import BadPack, NoPolicy, apply, check, current, version
from linli.kernel.policy.yamlfile import Json

SHORT = 60
KINDS = {"added": ("＋", "green"), "removed": ("－", "red"), "changed": ("～", "yellow")}


@click.group()
def policy() -> None:
    """政策包：检查、比较、应用、查看。"""


def _loaded(place: str) -> RawPack:
    try:
        return load(place)
    except NoSuchPack as error:
        raise click.ClickException(str(error)) from None


def _brief(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


@policy.command("check")
@click.argument("place", required=False)
def check_(place: str | None) -> None:
    """Check one place's pack, or all of them; exit 1 when anything is wrong."""
    console, wrong = Console(), 0
    table = _table("政策包", "地方", "层次", "校验码", "问题")
    for name in [place] if place else places():
        raw = _loaded(name)
        found = check(name)
        wrong += len(found)
        table.add_row(name, " → ".join(raw.chain), raw.hash[:12], str(len(found)))
        for problem in found:
            click.echo(f"✗ {problem}")
    console.print(table)
    if wrong:
        raise SystemExit(1)


def _side(name: str) -> dict[str, Any]:
    """A body by name: a place, `current`, or the number of an applied version."""
    if name != "current" and not name.isdigit():
        return _loaded(name).body
    try:
        with under(system_act()):
            return (current() if name == "current" else version(int(name))).body
    except NoPolicy as error:
        raise click.ClickException(str(error)) from None


@policy.command("diff")
@click.argument("before")
@click.argument("after")
def diff_(before: str, after: str) -> None:
    """What changes from one pack to another: places, `current`, or version numbers."""
    changes = diff(_side(before), _side(after))
    table = _table(f"{before} → {after}", "", "条目", "原来", "现在")
    for change in changes:
        sign, colour = KINDS[change.kind]
        cells = ("" if value is None else _brief(value) for value in (change.before, change.after))
        table.add_row(f"[{colour}]{sign}[/]", change.path, *cells)
    Console().print(table)
    click.echo(f"共 {len(changes)} 处变化。")


@policy.command("apply")
@click.argument("place", required=False)
@click.option("--note", default="", help="Why it is applied, kept with the version.")
def apply_(place: str | None, note: str) -> None:
    """Check a place's pack (default: this installation's city) and put it in force."""
    name = place or settings.CITY
    try:
        act = system_act()
        with under(act):
            row = apply(name, act, note=note)
    except NoSuchPack as error:
        raise click.ClickException(str(error)) from None
    except BadPack as error:
        for problem in error.problems:
            click.echo(f"✗ {problem}")
        raise SystemExit(1) from None
    click.echo(f"政策包 {row.code} 第 {row.pk} 版已生效，校验码 {row.hash[:12]}。")


@policy.command()
@click.argument("place")
@click.argument("path", required=False)
def show(place: str, path: str | None) -> None:
    """Show a pack: its sections, or what stands at a dotted path and who said so."""
    raw = _loaded(place)
    if path is None:
        _summary(raw)
        return
    trail, here = tuple(path.split(".")), raw.body
    try:
        for key in trail:
            here = step(here, key)
    except LookupError:
        raise click.ClickException(f"{place} 里没有 {path}") from None
    click.echo(json.dumps(here, ensure_ascii=False, indent=2))
    for spot in raw.origins.get(trail, ()):
        click.echo(f"  ← {spot}")
    _source(raw, path)


def _source(raw: RawPack, path: str) -> None:
    try:
        norm = Pack(0, raw.head.code, raw.hash, raw.body, {}).norm(path)
    except LookupError:
        return
    clause = f"，{norm.source.clause}" if norm.source.clause else ""
    click.echo(f"来源：{norm.source.document}{clause}（{norm.status.value}）")


def _summary(raw: RawPack) -> None:
    console = Console()
    table = _table(f"{raw.head.name}（{' → '.join(raw.chain)}）", "部分", "条目", "数量")
    for name, body in raw.body.items():
        for key, value in body.items() if name != "pack" else ():
            table.add_row(name, key, str(len(value)) if isinstance(value, (list, dict)) else "")
    console.print(table)
    changed = _table("被覆盖的条目", "条目", "依次由谁写明（最后一处生效）")
    for trail, spots in raw.overrides().items():
        changed.add_row(".".join(trail), " → ".join(map(str, spots)))
    for trail, (spot, reason) in raw.removed.items():
        changed.add_row(".".join(trail), f"{spot} 移除：{reason}")
    console.print(changed)


COMMANDS = (policy,)
