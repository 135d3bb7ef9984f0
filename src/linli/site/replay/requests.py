"""A city's request log through the services: opened, accepted, handled, verified, closed at its own times.

The file's target is a due time fixed from outside, as the hotline sets one; Linli's own clock judges it.
"""

from __future__ import annotations

import csv
import gzip
import io
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from django.db import DatabaseError, connection, connections, transaction

from linli.capabilities.matters import clocks, services
from linli.capabilities.matters.models import Matter
from linli.kernel.acts import Refusal, holding, system_act, under
from linli.site.replay.throwaway import throwaway
from linli.site.replay.world import World, codes_of, make_pack, settle

ZONE = ZoneInfo("America/New_York")
BATCH = 100
NOWHERE = "(no neighborhood)"
_FORMATS = ("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M")
_NAMES: dict[str, tuple[str, ...]] = {
    "number": ("case_enquiry_id", "case_id"),
    "opened": ("open_dt", "open_date"),
    "target": ("target_dt", "sla_target_dt"),
    "closed": ("closed_dt", "close_date"),
    "flag": ("ontime_status", "ontime", "on_time"),
    "subject": ("subject",),
    "reason": ("reason",),
    "kind": ("type", "case_title"),
    "place": ("neighborhood",),
    "lat": ("latitude",),
    "lon": ("longitude",),
}
_FLAGS = {"ontime": True, "on time": True, "overdue": False}


class BadFile(Exception):
    """The file is no request log; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """One row of the log; `on_time` is the file's own flag, None where it has none."""

    row: int
    number: str
    kind: str
    text: str
    place: str
    opened: datetime
    target: datetime | None
    closed: datetime | None
    on_time: bool | None
    lon: float | None
    lat: float | None

    @property
    def expected(self) -> bool | None:
        """What the file says of a closed row with a target: its flag, else its own times."""
        if self.target is None or self.closed is None:
            return None
        return self.closed <= self.target if self.on_time is None else self.on_time


@dataclass(slots=True)
class Tally:
    """What came of the rows."""

    rows: int = 0
    accepted: int = 0
    closed: int = 0
    open: int = 0
    without_target: int = 0
    with_target: int = 0
    on_time_equal: int = 0
    on_time: int = 0
    overdue: int = 0
    judged_by_flag: int = 0
    closed_before_opened: int = 0
    unequal: list[dict[str, Any]] = field(default_factory=list)
    refused_reasons: Counter[str] = field(default_factory=Counter)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    for layout in _FORMATS:
        try:
            return datetime.strptime(text[:22], layout).replace(tzinfo=ZONE)
        except ValueError:
            continue
    raise ValueError(text)


def _number(text: str, most: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < abs(value) <= most else None


def _lines(path: Path) -> Iterator[list[str]]:
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if c is None else str(c) for c in cells]
        return
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    text = data.decode("utf-8-sig", "replace").replace("\0", "")
    yield from csv.reader(io.StringIO(text, newline=""))


def _columns(header: list[str]) -> dict[str, int]:
    places = {name.strip().lower(): at for at, name in reversed(list(enumerate(header)))}
    found = {
        code: next((places[n] for n in names if n in places), -1) for code, names in _NAMES.items()
    }
    missing = [_NAMES[c][0].upper() for c in ("number", "opened", "closed", "kind") if found[c] < 0]
    if missing:
        raise BadFile(f"缺少这些列：{'、'.join(missing)}")
    return found


def _request(row: int, cells: list[str], columns: dict[str, int]) -> Request | str:
    """One row as a request, or why it is none."""

    def cell(code: str) -> str:
        at = columns[code]
        return cells[at].strip() if 0 <= at < len(cells) else ""

    if not cell("number"):
        return "没有编号"
    if not cell("kind"):
        return "没有类别"
    try:
        opened, target, closed = (_moment(cell(c)) for c in ("opened", "target", "closed"))
    except ValueError:
        return "时间读不懂"
    if opened is None:
        return "没有开始时间"
    return Request(
        row,
        cell("number"),
        cell("kind"),
        "；".join(filter(None, (cell("subject"), cell("reason")))),
        cell("place") or NOWHERE,
        opened,
        target,
        closed,
        _FLAGS.get(cell("flag").lower()),
        _number(cell("lon"), 180),
        _number(cell("lat"), 90),
    )


def read_requests(path: Path, limit: int | None = None) -> Iterator[Request | str]:
    """Every row of a log in order; a row that is no request comes as the reason.

    Columns in any order, more of them, gz or plain, xlsx. Raises BadFile when needed columns are missing.
    """
    try:
        lines = _lines(path)
        columns = _columns(next(lines, []))
        seen: set[str] = set()
        for row, cells in enumerate(lines, 2):
            if limit is not None and row > limit + 1:
                return
            if not any(c.strip() for c in cells):
                continue
            found = _request(row, cells, columns)
            if isinstance(found, Request) and found.number in seen:
                yield "编号重复"
                continue
            if isinstance(found, Request):
                seen.add(found.number)
            yield found
    except (OSError, EOFError, csv.Error) as trouble:
        raise BadFile(f"文件读不下去：{type(trouble).__name__}") from None


def _life(world: World, codes: dict[str, str], request: Request) -> Matter:
    """One request's whole life through the services, at the log's own times."""
    area = world.communities[request.place]
    first, second = world.clerks[area]
    # Some were registered seconds after they were closed: they begin when they end.
    opened = min(request.opened, request.closed or request.opened)
    target = {"resolve_by": request.target.isoformat()} if request.target else {}
    intake = services.Intake(
        code=codes[request.kind],
        title=request.kind[:120],
        body=request.text,
        area=area,
        lon=request.lon,
        lat=request.lat,
        external=request.number[:40],
        hotline=target,
    )
    with holding(world.act(world.desk, opened, "hotline")) as desk:
        matter = services.report(desk, intake=intake)
    if request.closed is None:
        return matter
    with holding(world.act(first, request.closed)) as handler:
        services.accept(handler, matter)
        services.handle(handler, matter, outcome="办结")
    with holding(world.act(second, request.closed)) as checker:
        services.verify(checker, matter)
        return services.close(checker, matter)


def _judged(matter: Matter, now: datetime) -> bool | None:
    """On time or not, by Linli's own clock; None where nobody set a due time or it still runs."""
    for clock in clocks.clocks(matter, now):
        if clock.code == "hotline" and clock.state in ("met", "late"):
            return clock.state == "met"
    return None


Answer = tuple[Request, bool | None, str]


def _batch(world: World, codes: dict[str, str], requests: list[Request]) -> list[Answer]:
    """Some lives in one transaction, without savepoints; when one is refused, all again with them."""
    try:
        with _no_savepoints(), transaction.atomic():
            return [
                (r, _judged(_life(world, codes, r), r.closed or r.opened), "") for r in requests
            ]
    except (Refusal, DatabaseError):
        return _one_by_one(world, codes, requests)


@contextmanager
def _no_savepoints() -> Iterator[None]:
    """Two statements less for every verb: a batch fails or holds as a whole."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


def _one_by_one(world: World, codes: dict[str, str], requests: list[Request]) -> list[Answer]:
    """The same lives; one that is refused leaves the others alone."""
    answers: list[Answer] = []
    with transaction.atomic():
        for request in requests:
            try:
                with transaction.atomic():
                    matter = _life(world, codes, request)
            except Refusal as refusal:
                answers.append((request, None, str(refusal)))
            except DatabaseError as error:
                answers.append((request, None, f"数据库不收：{type(error).__name__}"))
            else:
                now = request.closed or request.opened
                answers.append((request, _judged(matter, now), ""))
    return answers


def _count(tally: Tally, answer: Answer) -> None:
    request, on_time, refused = answer
    if refused:
        tally.refused_reasons[refused] += 1
        return
    tally.accepted += 1
    tally.without_target += request.target is None
    if request.closed is None:
        tally.open += 1
        return
    tally.closed += 1
    tally.closed_before_opened += request.closed < request.opened
    if request.target is None:
        return
    tally.with_target += 1
    tally.judged_by_flag += request.on_time is not None
    tally.on_time += on_time is True
    tally.overdue += on_time is False
    if on_time == request.expected:
        tally.on_time_equal += 1
    else:
        row = {"row": request.row, "number": request.number}
        tally.unequal.append({**row, "file": request.expected, "linli": on_time})


def replay(
    path: Path,
    *,
    limit: int | None = None,
    tell: Callable[[int, int], None] = lambda done, whole: None,
    processes: int | None = None,
) -> dict[str, Any]:
    """Feed a log through the services in a throw-away database; returns the figures.

    `tell(done, whole)` hears of the progress. Raises BadFile.
    """
    tally, requests = Tally(), []
    for found in read_requests(path, limit):
        tally.rows += 1
        if isinstance(found, str):
            tally.refused_reasons[found] += 1
        else:
            requests.append(found)
    with throwaway():
        kinds = sorted({r.kind for r in requests})
        make_pack(kinds, "10WD")
        world = settle(sorted({r.place for r in requests}))
        began = time.perf_counter()
        for answers in _answers(world, codes_of(kinds), requests, processes):
            for answer in answers:
                _count(tally, answer)
            tell(tally.accepted, len(requests))
        took = time.perf_counter() - began
        with under(system_act()):
            kept = Matter.objects.filter(closed__isnull=False).count()
    return _figures(tally, took, kept)


def _answers(
    world: World, codes: dict[str, str], requests: list[Request], processes: int | None
) -> Iterator[list[Answer]]:
    batches = [requests[at : at + BATCH] for at in range(0, len(requests), BATCH)]
    hands = min(processes or os.cpu_count() or 1, len(batches))
    if hands <= 1:
        yield from (_batch(world, codes, batch) for batch in batches)
        return
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(hands, context, _child, (world, codes)) as pool:
        try:
            yield from pool.map(_batch_here, batches)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_here: dict[str, Any] = {}


def _child(world: World, codes: dict[str, str]) -> None:
    _here.update(world=world, codes=codes)


def _batch_here(requests: list[Request]) -> list[Answer]:
    return _batch(_here["world"], _here["codes"], requests)


def _figures(tally: Tally, took: float, kept: int) -> dict[str, Any]:
    return {
        "rows": tally.rows,
        "accepted": tally.accepted,
        "refused": sum(tally.refused_reasons.values()),
        "refused_reasons": dict(tally.refused_reasons.most_common()),
        "closed": tally.closed,
        "closed_kept": kept,
        "open": tally.open,
        "without_target": tally.without_target,
        "with_target": tally.with_target,
        "on_time_equal": tally.on_time_equal,
        "on_time": tally.on_time,
        "overdue": tally.overdue,
        "judged_by_flag": tally.judged_by_flag,
        "closed_before_opened": tally.closed_before_opened,
        "unequal": tally.unequal,
        "seconds": round(took, 1),
        "per_s": round(tally.accepted / took, 1) if took else 0.0,
    }
