"""The machine and the files: Python, what set-up makes, secrets, folders, room on the disk, the time zone."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.kernel.calendar import shipped_notices
from linli.site import cluster
from linli.site.doctor.finding import Finding, judge
from linli.site.doctor.finding import said as _

UI = Path(__file__).resolve().parents[2] / "ui"
LOCALE = UI.parent / "locale"
VENDOR = (
    "htmx/htmx.min.js",
    "tabler/css/tabler.min.css",
    "icons/sprite.svg",
    "echarts/echarts.esm.min.js",
    "maplibre/maplibre-gl.mjs",
    "maplibre/maplibre-gl.css",
)
PYTHON = (3, 11)
GIB = 1024**3


def python() -> Iterator[Finding]:
    """Whether this Python is new enough."""
    seen = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= PYTHON
    yield judge(good, f"Python {seen}", _("请安装 Python 3.11 或更新的版本。"))


def files() -> Iterator[Finding]:
    """Whether what set-up makes is there: front-end files and compiled translations."""
    missing = [name for name in VENDOR if not (UI / "static/vendor" / name).is_file()]
    what = _("前端文件缺少：{names}").format(names="、".join(missing)) if missing else _("前端文件")
    yield judge(not missing, what, _("运行 make setup。"))
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo")
        fresh = made.exists() and made.stat().st_mtime >= source.stat().st_mtime
        what = _("译文已编译：{name}") if fresh else _("译文没有编译，或不是最新的：{name}")
        mend = _("运行 linli words compile。")
        yield judge(fresh, what.format(name=source.parts[-3]), mend, worse="warn")


def secrets() -> Iterator[Finding]:
    """Whether nobody but the owner can read the keys."""
    for key in sorted(cluster.state_folder().glob("*.key")):
        if not os.access(key, os.R_OK):
            what = _("读不了密钥文件：{name}").format(name=key)
            yield Finding("bad", what, _("请用安装邻里的用户运行，或让管理员改正属主。"))
            continue
        private = not stat.S_IMODE(key.stat().st_mode) & 0o077
        what = _("密钥文件权限：{name}") if private else _("密钥文件别人也能读：{name}")
        yield judge(private, what.format(name=key.name), f"chmod 600 {key}")
        empty = not key.read_text().strip()
        if empty:
            mend = _("删掉这个空文件再启动，会自动生成新的；所有人需要重新登录。")
            yield Finding("bad", _("密钥文件是空的：{name}").format(name=key.name), mend)


def folders() -> Iterator[Finding]:
    """Whether what people upload can be written."""
    for place in sorted({cluster.state_folder(), Path(settings.MEDIA_ROOT)}):
        there = next(p for p in (place, *place.parents) if p.exists())
        good = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
        what = _("文件夹可以写入：{place}") if good else _("文件夹不能写入：{place}")
        mend = _("让运行邻里的用户拥有它（chown），或用 LINLI_MEDIA 另指一处。")
        yield judge(good, what.format(place=place), mend)


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
        yield judge(free >= 5 * GIB, what, _("清理磁盘，至少留出 5 GiB。"), worse=worse)


def zone() -> Iterator[Finding]:
    """Whether deadlines are counted in China's time."""
    name = os.environ.get("LINLI_TZ", "Asia/Shanghai")
    mend = _("把 LINLI_TZ 改为 Asia/Shanghai，或去掉这一项，再重新启动。")
    now = datetime.now(UTC)
    try:
        good = now.astimezone(ZoneInfo(name)).utcoffset() == timedelta(hours=8)
    except (LookupError, ValueError, OSError):
        yield Finding("bad", _("不认识的时区：{name}").format(name=name), mend)
        return
    what = _("时区 {name}") if good else _("时区是 {name}，不是北京时间")
    yield judge(good, what.format(name=name), mend, worse="warn")


def calendar() -> Iterator[Finding]:
    """Whether the holidays of next year are known, once they are usually announced (November)."""
    today = date.today()
    wanted = today.year + (today.month >= 11)
    known = wanted in {notice.year for notice in shipped_notices()}
    what = _("{year} 年放假安排") if known else _("还没有 {year} 年放假安排")
    mend = _("国务院办公厅公布后请更新日历；在此之前，跨年时限按周末推算，并在页面上注明。")
    yield judge(known, what.format(year=wanted), mend, worse="warn")
