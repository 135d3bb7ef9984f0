"""The database and what lives in it: roles, tables, policy, keys that fit, the worker, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from linli.kernel.acts import queue, system_act, under
from linli.kernel.files import store
from linli.kernel.policy import NoPolicy, NoSuchPack, current, load
from linli.kernel.vault import ring
from linli.kernel.vault.crypto import VaultError
from linli.site import cluster
from linli.site.doctor.finding import Finding, first_line, judge
from linli.site.doctor.finding import said as _

POSTGRESQL = 150000
SILENT_SECONDS = 90
LATE_SECONDS = 120
FORGOTTEN_SECONDS = 900
SKEW_SECONDS = 5
SAMPLE = 20


def database() -> Iterator[Finding]:
    """Whether both roles reach the database, and neither wall nor text order has a hole."""
    for role, title in (("app", _("应用角色")), ("owner", _("属主角色"))):
        try:
            url = cluster.address("owner" if role == "owner" else "app")
            with psycopg.connect(url, connect_timeout=5) as link:
                yield Finding("ok", _("数据库可以连接：{role}").format(role=title))
                if role == "app":
                    yield from _server(link)
        except (psycopg.Error, cluster.ClusterError) as error:
            what = _("数据库连接不上：{role}（{why}）").format(role=title, why=first_line(error))
            yield Finding(
                "bad", what, _("运行 make run；外接数据库请检查 DATABASE_URL 和 LINLI_OWNER_URL。")
            )


def _server(link: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    version = link.info.server_version
    yield judge(
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
    yield judge(not faults, what, _("请数据库管理员收回这些权限，再运行 linli doctor。"))
    row = link.execute(
        "SELECT getdatabaseencoding(), cardinality(regexp_split_to_array('路 灯', '\\s')), "  # words: a probe
        "lower('É'), clock_timestamp()"
    ).fetchone()
    good = row is not None and row[:3] == ("UTF8", 2, "é")
    what = _("数据库的编码和字符规则") if good else _("数据库的编码或字符规则不对")
    yield judge(good, what, _("请用 UTF8 编码、C.UTF-8 规则重建数据库，否则中文检索不全。"))
    if row is not None and isinstance(row[3], datetime):
        yield _together(abs((datetime.now(UTC) - row[3]).total_seconds()))


def _together(apart: float) -> Finding:
    good = apart < SKEW_SECONDS
    what = _("本机与数据库的时钟一致")
    if not good:
        what = _("本机与数据库的时钟相差 {n} 秒").format(n=round(apart))
    return judge(good, what, _("两台机器都要对时（chrony 或 systemd-timesyncd），时限才算得准。"))


def migrations() -> Iterator[Finding]:
    """Whether the tables are those of this programme."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    what = (
        _("数据表是最新的") if not plan else _("还有 {n} 项数据表变更没有执行").format(n=len(plan))
    )
    yield judge(not plan, what, _("运行 linli migrate。"))
    ours = {config.label for config in apps.get_app_configs()}
    newer = {m for m in loader.applied_migrations if m[0] in ours} - set(loader.disk_migrations)
    if newer:
        names = "、".join(".".join(each) for each in sorted(newer)[:5])
        what = _("数据库比程序新，程序不认识这些变更：{names}").format(names=names)
        yield Finding("bad", what, _("请装回写入这个数据库的版本，或更新的版本。"))


def policy() -> Iterator[Finding]:
    """Whether a policy pack is in force, and whether it is the one in the folder."""
    try:
        pack = current()
    except NoPolicy:
        mend = _("运行 linli policy apply wuxi（或您的城市），没有它就不能登记。")
        yield Finding("bad", _("还没有政策包生效"), mend)
        return
    if misfits := pack.misfits():
        what = _("政策包 {code} 第 {n} 版是给旧程序的，缺少或不合：{names}")
        mend = _("运行 linli policy apply {code}，换上这一版程序带的政策包。")
        names = "、".join(misfits)
        what = what.format(code=pack.code, n=pack.id, names=names)
        yield Finding("bad", what, mend.format(code=pack.code))
        return
    yield Finding("ok", _("政策包 {code} 第 {n} 版有效").format(code=pack.code, n=pack.id))
    try:
        same = load(pack.code).hash == pack.hash
    except NoSuchPack:
        return  # applied from a folder that is not here: nothing to compare with
    if not same:
        what = _("政策包 {code} 的文件改过，还没有应用").format(code=pack.code)
        mend = _("先看改了什么：linli policy diff；再运行 linli policy apply {code}。")
        yield Finding("warn", what, mend.format(code=pack.code))


def vault() -> Iterator[Finding]:
    """Whether the keys are there, private, and open what is sealed."""
    path = ring.key_path()
    back = _("从备份取回密钥文件；不要新建，新的密钥打不开已有的数据。")
    try:
        ring.ring()
    except VaultError as error:
        mend = f"chmod 600 {path}" if "chmod" in str(error) else back
        if not path.exists() and not _any_sealed():
            mend = _("运行 linli vault init。")
        what = _("保险柜的密钥用不了：{why}").format(why=str(error))
        yield Finding("bad", what, mend)
        return
    shut = [field.place for field in ring.protected() if not _opens(field)]
    what = _("密钥打不开已有的数据：{places}").format(places="、".join(shut))
    yield judge(not shut, what if shut else _("保险柜的密钥打得开已有的数据"), back)


def _any_sealed() -> bool:
    with under(system_act()):
        return any(_rows(field).exists() for field in ring.protected())


def _rows(field: Any) -> Any:
    return field.model._base_manager.filter(**{f"{field.name}__isnull": False})


def _opens(field: Any) -> bool:
    with under(system_act()):
        value = _rows(field).order_by("-pk").values_list(field.name, flat=True).first()
    try:
        return value is None or bool(value.open() or True)
    except VaultError:
        return False


def cast() -> Iterator[Finding]:
    """In demo mode: whether the city that stands has everybody whom this programme offers to look at it as."""
    if not settings.DEMO:
        return
    roles = import_string("linli.kernel.access.views.signing.ROLES")
    with under(system_act()):
        there = apps.get_model("access", "Unit").objects.exists()
        shown = apps.get_model("access", "Account").objects.exclude(demo="")
        known = set(shown.values_list("demo", flat=True))
    missing = [str(role["title"]) for role in roles if role["role"] not in known] if there else []
    what = _("演示城市里的人都在") if there else _("还没有演示城市")
    if missing:
        what = _("演示城市是旧程序建的，缺少这些身份：{names}").format(names="、".join(missing))
    mend = _("运行 linli demo reset，清空后按新程序重建；要留着这座城市就不用管。")
    mend = mend if there else _("运行 linli demo build。")
    yield judge(there and not missing, what, mend, worse="warn")


def worker() -> Iterator[Finding]:
    """Whether somebody carries notices and deadlines, and nothing waits for it too long."""
    with under(system_act()), connection.cursor() as cursor:
        beat = queue.beat()
        cursor.execute(
            "SELECT count(*), extract(epoch FROM now() - min(f.at)) FROM"
            " (SELECT id, at FROM acts_fact ORDER BY id DESC LIMIT 1000) f"
            " WHERE NOT EXISTS (SELECT FROM acts_seal s WHERE s.fact_id = f.id)"
        )
        waiting, late = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM acts_stuck")
        stuck = cursor.fetchone()[0]
    lives = beat is not None and beat < SILENT_SECONDS
    behind = bool(waiting) and late > (LATE_SECONDS if lives else FORGOTTEN_SECONDS)
    what = _("后台任务在运行") if lives else _("后台任务没有在运行")
    if behind:
        what += _("，有 {n} 条记录等了 {m} 分钟还没有处理").format(n=waiting, m=round(late / 60))
    mend = _(
        "运行 linli serve（自带后台任务），或另开 linli worker；没有它就没有通知，到期也不提醒。"
    )
    yield judge(lives and not behind, what, mend, worse="bad" if behind else "warn")
    if stuck:
        what = _("有 {n} 条记录处理失败").format(n=stuck)
        yield Finding("warn", what, _("看后台任务的日志；改好后运行 linli audit retry。"))


def uploads() -> Iterator[Finding]:
    """Whether the newest uploads that the database names stand on the disk."""
    with under(system_act()):
        rows = apps.get_model("files", "File").objects.order_by("-pk")
        kept = list(rows.values_list("digest", flat=True)[:SAMPLE])
    gone = [digest for digest in kept if not store.path_of(digest).is_file()]
    what = _("上传的文件都在")
    if gone:
        what = _("最近 {n} 个上传的文件里，有 {m} 个不在 {place}").format(
            n=len(kept), m=len(gone), place=store.root()
        )
    yield judge(not gone, what, _("从备份恢复这个文件夹，或用 LINLI_MEDIA 指向它现在的位置。"))
