"""What is wrong with an installation, and how to mend it (体检)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
import psycopg
from django.apps import apps
from django.db import DatabaseError

from linli.site.doctor import base, machine
from linli.site.doctor.finding import Finding, first_line
from linli.site.doctor.finding import said as _

Check = Callable[[], Iterator[Finding]]

ALONE: tuple[Check, ...] = (machine.python, base.database, machine.files, machine.secrets)
LOADED: tuple[Check, ...] = (
    base.migrations,
    base.policy,
    base.vault,
    base.cast,
    base.worker,
    machine.folders,
    base.uploads,
    machine.disk,
    machine.calendar,
)
MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}


def checks(broken: Exception | None = None) -> list[Finding]:
    """Look at everything; `broken` is what kept the programme from loading. A check that breaks is itself a finding."""
    found = [finding for check in (*ALONE, machine.zone) for finding in _look(check)]
    if broken is not None:
        what = _("程序没有完整加载：{why}").format(why=first_line(broken))
        found.append(Finding("bad", what, _mend(broken)))
    if broken is None and apps.ready:
        found += [finding for check in LOADED for finding in _look(check)]
    else:
        mend = _("先解决上面的问题，再运行一次 linli doctor。")
        found.append(Finding("warn", _("数据表、政策包、密钥和后台任务没有检查"), mend))
    return found


def examine(broken: Exception | None = None) -> bool:
    """Print what was found and how to mend it; whether nothing is bad."""
    findings = checks(broken)
    for finding in findings:
        click.echo(f"{MARKS[finding.level]} {finding.what}")
        if finding.level != "ok" and finding.mend:
            click.echo(f"    → {finding.mend}")
    return not any(finding.level == "bad" for finding in findings)


def unready() -> str:
    """What keeps this database from being served or built into, and the command that mends it; empty when nothing."""
    for check in (base.migrations, base.policy):
        for finding in _look(check):
            if finding.level == "bad":
                return f"{finding.what}\n→ {finding.mend}"
    return ""


def _look(check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:  # whatever is broken here is what the doctor was asked for
        what = _("检查“{name}”没有完成：{why}")
        yield Finding("bad", what.format(name=check.__name__, why=first_line(error)), _mend(error))


def _mend(error: BaseException) -> str:
    cause = error.__cause__ or error
    if isinstance(error, PermissionError):
        return _("请用安装邻里的用户运行，或让管理员改正属主。")
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.InsufficientPrivilege):
        return _("运行 linli migrate：它建好数据表，并给应用角色授权。")
    if isinstance(error, DatabaseError | psycopg.Error):
        return _("先让数据库连得上，再运行一次 linli doctor。")
    return _("请先解决上面的问题。")


__all__ = ["Finding", "checks", "examine", "unready"]
