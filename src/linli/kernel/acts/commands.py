"""Command line of acts: the audit chain and parked facts."""

from __future__ import annotations

import click

from linli.kernel.acts.act import system_act
from linli.kernel.acts.conveyor import broken_links, drain, retry_stuck
from linli.kernel.acts.models import Fact, Seal, Stuck, Words
from linli.kernel.acts.record import words_digest
from linli.kernel.acts.scope import under


@click.group()
def audit() -> None:
    """审计：谁做了什么。"""


@audit.command()
def verify() -> None:
    """Walk the hash chain and the kept words; exit 1 when a link is broken."""
    broken = list(broken_links()) + list(_altered_words())
    for line in broken:
        click.echo(f"✗ {line}")
    with under(system_act()):
        sealed = Seal.objects.count()
        waiting = Fact.objects.count() - sealed
        stuck = Stuck.objects.count()
    click.echo(f"已封存 {sealed} 条，待封存 {waiting} 条，处理失败待重试 {stuck} 条。")
    if broken:
        raise SystemExit(1)
    click.echo("审计链完整。")


def _altered_words() -> list[str]:
    altered: list[str] = []
    kept: dict[int, list[tuple[str, str, bytes]]] = {}
    with under(system_act()):
        for row in Words.objects.order_by("fact_id").iterator(chunk_size=2000):
            kept.setdefault(row.fact_id, []).append((row.name, row.body, bytes(row.salt)))
        for fact in Fact.objects.filter(digest__isnull=False).iterator(chunk_size=2000):
            words = kept.get(fact.pk)
            if words and words_digest(words) != bytes(fact.digest or b""):
                altered.append(f"记录 {fact.pk} 的文字与其摘要不符")
    return altered


@audit.command()
def seal() -> None:
    """Seal and deliver what waits, then stop."""
    click.echo(f"推进 {drain()} 步。")


@audit.command()
def retry() -> None:
    """Try parked facts again."""
    healed, left = retry_stuck()
    click.echo(f"恢复 {healed} 条，仍失败 {left} 条。")


COMMANDS = (audit,)
