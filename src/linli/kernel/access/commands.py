"""Command line of access: what an installer needs before anybody can sign in."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import click
from django.utils import timezone

from linli.kernel.access import offices, services
from linli.kernel.access.models import Account, Unit
from linli.kernel.access.services import tokens
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area

COLUMNS = ("code", "name", "kind", "area")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def access() -> None:
    """账号与岗位：开通、任命、解锁、导入单位。"""


def _account(login: str) -> Account:
    found = Account.objects.filter(login=login, kind=Account.Kind.STAFF).first()
    if found is None:
        raise click.ClickException(f"没有用户名“{login}”，请先 linli access hire")
    return found


def _area(code: str) -> Area:
    try:
        return places.by_code(code)
    except Area.DoesNotExist as error:
        raise click.ClickException(f"没有区划代码“{code}”，请先 linli places import") from error


@access.command()
@click.argument("login")
@click.argument("name")
@click.password_option(prompt="初始密码", confirmation_prompt="再输一遍")
def hire(login: str, name: str, password: str) -> None:
    """Open a staff account; asks for its first password."""
    try:
        with under(system_act(channel="job")) as act:
            services.hire(act, login=login, name=name, password=password)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"已开通 {login}（{name}）。接着任命：linli access appoint {login} …")


@access.command()
@click.argument("login")
@click.option("--unit", required=True, metavar="CODE", help="单位代码")
@click.option("--area", required=True, metavar="CODE", help="区划代码")
@click.option("--post", required=True, metavar="CODE", help="政策包里的岗位代码")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="任职日期，默认今天")
def appoint(login: str, unit: str, area: str, post: str, since: date | None) -> None:
    """Give an account a post in a unit over an area."""
    office = Unit.objects.select_related("area").filter(code=unit).first()
    if office is None:
        raise click.ClickException(f"没有单位代码“{unit}”，请先 linli access units")
    try:
        with under(system_act(channel="job")) as act:
            made = services.appoint(
                act,
                _account(login),
                unit=office,
                area=_area(area),
                post=post,
                since=since or timezone.localdate(),
            )
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"已任命 {made.account.name}：{made.area.name} {made.post}")


@access.command()
@click.argument("login")
@click.option("--second", is_flag=True, help="同时重置动态口令（换了手机）")
def unlock(login: str, second: bool) -> None:
    """Let a locked account try again at once."""
    with under(system_act(channel="job")) as act:
        account = services.unlock(act, _account(login))
        if second:
            services.reset_second(act, account)
    click.echo(f"已解锁 {login}{'，动态口令待重新绑定' if second else ''}。")


@access.command()
@click.argument("file", type=FILE)
def units(file: Path) -> None:
    """Add or rename units from a CSV (code,name,kind,area[,phone]; area is a division code)."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
        if missing:
            raise click.ClickException(f"缺少列：{'、'.join(missing)}")
        rows = list(reader)
    kept, refused = 0, []
    with under(system_act(channel="job")) as act:
        for number, row in enumerate(rows, start=2):
            try:
                services.found_unit(
                    act,
                    code=row["code"] or "",
                    name=row["name"] or "",
                    kind=row["kind"] or "",
                    area=_area(row["area"] or ""),
                    phone=row.get("phone") or "",
                )
                kept += 1
            except (Refusal, click.ClickException) as error:
                refused.append(f"第 {number} 行：{error}")
    offices.forget()
    click.echo(f"已登记 {kept} 个单位，未采用 {len(refused)} 行。")
    for line in refused:
        click.echo(f"  {line}")
    if refused:
        raise SystemExit(1)


@access.command()
@click.argument("login")
@click.option("--name", required=True, help="用途，例如“城管平台对接”")
@click.option("--days", default=365, show_default=True, help="有效天数")
@click.option("--revoke", is_flag=True, help="吊销这个用途的令牌，不再签发")
def token(login: str, name: str, days: int, revoke: bool) -> None:
    """Issue a key for a machine client (shown once), or take it back."""
    try:
        with under(system_act(channel="job")) as act:
            account = _account(login)
            if revoke:
                held = list(account.tokens.filter(name=name, revoked=None))
                for each in held:
                    tokens.revoke_token(act, each)
                click.echo(f"已吊销 {len(held)} 个令牌。")
                return
            key = tokens.new_key()
            made = tokens.issue_token(act, account, name=name, key=key, days=days)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(key)
    click.echo(
        f"有效至 {timezone.localtime(made.expires):%Y-%m-%d}。只显示这一次，请妥善保存。", err=True
    )


COMMANDS = (access,)
