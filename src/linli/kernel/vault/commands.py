"""Command line of the vault: the key file and rotation."""

from __future__ import annotations

import click

from linli.kernel.acts import system_act, under
from linli.kernel.vault.ring import ensure, key_path, protected, ring
from linli.kernel.vault.services import add_keys, rotate_batch


@click.group()
def vault() -> None:
    """保险柜：受保护的字段与密钥。"""


@vault.command()
def init() -> None:
    """Make the key file if it is absent; an existing one is never replaced."""
    with under(system_act()):
        ensure()
    click.echo(f"密钥文件：{key_path()}（请单独备份，勿与数据库放在一起）")


@vault.command()
@click.option("--new-key/--no-new-key", default=True, help="先启用一把新密钥。")
@click.option("--index", is_flag=True, help="同时更换检索密钥。")
@click.option("--batch", default=500, show_default=True, help="每批行数。")
def rotate(new_key: bool, index: bool, batch: int) -> None:
    """Seal every protected value anew with the newest key, in batches; may be stopped and run again."""
    if new_key:
        add_keys(system_act(), index=index)
    for field in protected():
        after = total = 0
        while True:
            after, changed = rotate_batch(system_act(), field, after, batch)
            total += changed
            if not after:
                break
        click.echo(f"{field.place}：{total} 条")
    click.echo(f"当前密钥编号 {ring().current.id}（{ring().current.algorithm}）")


COMMANDS = (vault,)
