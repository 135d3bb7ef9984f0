"""What is wrong with an installation, and how to mend it (体检)."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from linli.kernel.calendar import shipped_notices
from linli.site import cluster

UI = Path(__file__).resolve().parents[1] / "ui"
LOCALE = UI.parent / "locale"
VENDOR = ("htmx/htmx.min.js", "tabler/css/tabler.min.css", "icons/sprite.svg")
PYTHON = (3, 11)
POSTGRESQL = 150000
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it stands, what was seen, and how to mend it."""

    level: Literal["ok", "warn", "bad"]
    what: str
    mend: str = ""


def checks() -> list[Finding]:
    """Look at everything; a check that breaks is itself a finding."""
    return [finding for check in CHECKS for finding in _look(check)]


def python() -> Iterator[Finding]:
    """Whether this Python is new enough."""
    seen = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= PYTHON
    yield _judge(good, f"Python {seen}", _("请安装 Python 3.11 或更新的版本。"))


def database() -> Iterator[Finding]:
    """Whether both roles reach the database, and neither wall nor text order has a hole."""
    for role, title in (("app", _("应用角色")), ("owner", _("属主角色"))):
        try:
            url = cluster.address("owner" if role == "owner" else "app")
            with psycopg.connect(url, connect_timeout=5) as link:
                yield Finding("ok", _("数据库可以连接：{role}").format(role=title))
                if role == "app":
                    yield from _server(link)
        except (psycopg.OperationalError, cluster.ClusterError) as error:
            what = _("数据库连接不上：{role}（{why}）").format(role=title, why=str(error).strip())
            yield Finding(
                "bad", what, _("运行 make run；外接数据库请检查 DATABASE_URL 和 LINLI_OWNER_URL。")
            )


def _server(link: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    version = link.info.server_version
    yield _judge(
        version >= POSTGRESQL,
        f"PostgreSQL {version // 10000}",
        _("请升级到 PostgreSQL 15 或更新的版本。"),
    )
    faults = cluster.weaknesses(link, link.info.user)
    what = (
        _("应用角色不能绕过行级权限")
        if not faults
        else _("应用角色可能绕过行级权限：") + "; ".join(faults)
    )
    yield _judge(not faults, what, _("请数据库管理员收回这些权限，再运行 linli doctor。"))
    row = link.execute(
        "SELECT getdatabaseencoding(), cardinality(regexp_split_to_array('路 灯', '\\s')), "  # words: a probe
        "lower('É')"
    )
    good = row.fetchone() == ("UTF8", 2, "é")
    yield _judge(
        good,
        _("数据库的编码和字符规则"),
        _("请用 UTF8 编码、C.UTF-8 规则重建数据库，否则中文检索不全。"),
    )


def files() -> Iterator[Finding]:
    """Whether what set-up makes is there: front-end files and compiled translations."""
    missing = [name for name in VENDOR if not (UI / "static/vendor" / name).is_file()]
    yield _judge(not missing, _("前端文件"), _("运行 make setup。"))
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo")
        fresh = made.exists() and made.stat().st_mtime >= source.stat().st_mtime
        what = _("译文已编译：{name}").format(name=source.parts[-3])
        yield _judge(fresh, what, _("运行 linli words compile。"), worse="warn")


def migrations() -> Iterator[Finding]:
    """Whether the tables are up to date."""
    if not apps.ready:
        yield Finding(
            "warn", _("没有检查数据表：程序没有完整加载"), _("先解决上面的问题，再运行一次。")
        )
        return
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    what = (
        _("数据表是最新的") if not plan else _("还有 {n} 项数据表变更没有执行").format(n=len(plan))
    )
    yield _judge(not plan, what, _("运行 linli migrate。"))


def disk() -> Iterator[Finding]:
    """Whether the data and the uploads have room."""
    places = {cluster.state_folder(), cluster.status().data, Path(settings.MEDIA_ROOT)}
    seen: set[int] = set()
    for place in places:
        if place is None or not place.exists() or place.stat().st_dev in seen:
            continue
        seen.add(place.stat().st_dev)
        free = shutil.disk_usage(place).free
        what = _("剩余空间 {free:.1f} GiB").format(free=free / GIB)
        worse: Literal["warn", "bad"] = "bad" if free < GIB else "warn"
        yield _judge(free >= 5 * GIB, what, _("清理磁盘，至少留出 5 GiB。"), worse=worse)


def secrets() -> Iterator[Finding]:
    """Whether nobody but the owner can read the keys."""
    for key in sorted(cluster.state_folder().glob("*.key")):
        private = not stat.S_IMODE(key.stat().st_mode) & 0o077
        what = _("密钥文件权限：{name}").format(name=key.name)
        yield _judge(private, what, f"chmod 600 {key}")


def calendar() -> Iterator[Finding]:
    """Whether the holidays of next year are known, once they are usually announced (November)."""
    today = date.today()
    wanted = today.year + (today.month >= 11)
    known = wanted in {notice.year for notice in shipped_notices()}
    what = _("{year} 年放假安排").format(year=wanted)
    mend = _("国务院办公厅公布后请更新日历；在此之前，跨年时限按周末推算，并在页面上注明。")
    yield _judge(known, what, mend, worse="warn")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python,
    database,
    migrations,
    files,
    secrets,
    disk,
    calendar,
)


def _look(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:  # whatever is broken here is what the doctor was asked for
        name = check.__name__
        yield Finding(
            "bad",
            _("检查“{name}”没有完成：{why}").format(name=name, why=error),
            _("请先解决上面的问题。"),
        )


def _judge(good: bool, what: str, mend: str, *, worse: Literal["warn", "bad"] = "bad") -> Finding:
    return Finding("ok" if good else worse, what, "" if good else mend)
