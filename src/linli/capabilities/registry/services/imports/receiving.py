"""A file arrives at the desk, is read for a person to look at, confirmed and tried out; nothing of it is in the registry yet."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Source
from linli.capabilities.registry.reading import Plan, formulas, open_table
from linli.capabilities.registry.reading.elements import JOINED
from linli.capabilities.registry.services.imports import departments, shelf
from linli.capabilities.registry.services.imports.opening import (
    choose,
    one_at_a_time,
    proposed,
    remember,
    score,
    unfinished,
)
from linli.capabilities.registry.services.rows import past_day
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.vault.ring import ring

SAMPLES = 3
AT_ONCE = 4.0  # megabytes that are read while the browser waits; a larger file is read by a job
READING = "reading"
_PLACE = "registry_batch.samples"


@action("registry.import_receive", title=_("上传导入文件"))
def receive(
    act: Act, *, source: Source, area: int, as_of: date | None, name: str, chunks: Iterable[bytes]
) -> Batch:
    """Keep a file sealed and propose how to read it; the same file that still waits is returned instead.

    A file that cannot be read is refused in the user's words and not kept. A large one is read by a job (`is_reading`).
    """
    departments.may_bring(act, source)
    place = departments.ground(act, area)
    day = past_day(act, as_of, "as_of")
    with shelf.received(chunks) as parcel:
        digest = parcel.digest
        kept = shelf.name_of(digest, source.pk, place.pk)
        one_at_a_time(kept)
        parcel.put(kept)
    if (found := unfinished(source, digest, place.pk)) is not None:
        note(resumed=True)
        return found
    megabytes = shelf.size(kept) / 2**20
    if megabytes > AT_ONCE:
        plan: dict[str, Any] = {READING: {"megabytes": round(megabytes, 1)}}
        record_set = "person"
    else:
        plan, record_set = _read(source, kept, name)
    return Batch.objects.create(
        area_id=place.pk,
        source=source,
        account_id=act.actor or None,
        unit_id=act.unit,
        name=Path(name).name[-200:],
        digest=digest,
        as_of=day,
        plan=plan,
        record_set=record_set,
        state=Batch.State.READ,
        at=act.at,
    )


def waits(batch: Batch) -> str:
    """Where the file of a batch waits."""
    return shelf.name_of(batch.digest, batch.source_id, batch.area_id)


def finished(act: Act, batch: Batch) -> None:
    """Let go of the file of a batch that is over, unless the same file was brought again meanwhile."""
    one_at_a_time(waits(batch))
    if unfinished(batch.source, batch.digest, batch.area_id) is None:
        shelf.drop(waits(batch))


def _read(source: Source, kept: str, name: str) -> tuple[dict[str, Any], str]:
    """How a file would be read, with some values of each column, and what its rows are."""
    try:
        with shelf.opened(kept, name) as file:
            table = open_table(file, score)
            plan = proposed(source, table)
    except Refusal:
        shelf.drop(kept)
        raise
    found = [
        [str(value)[:60] for value in table.sample[f"c{each.at}"].drop_nulls().head(SAMPLES)]
        for each in plan.columns
    ]
    return {**plan.as_json(), "samples": _sealed(found)}, plan.record_set


def is_reading(batch: Batch) -> bool:
    """Whether a large file's columns are still being found out."""
    return batch.state == Batch.State.READ and READING in batch.plan


def read(act: Act, batch: Batch) -> Batch:
    """Find out the columns of a large file; what cannot be read is said on its page, and the file is not kept."""
    if not is_reading(batch):
        return batch
    try:
        plan, record_set = _read(batch.source, waits(batch), batch.name)
    except Refusal as refusal:
        stopped(batch, str(refusal))
        return held(batch)
    row = held(batch)
    if is_reading(row):
        row.plan, row.record_set = plan, record_set
        row.save(update_fields=["plan", "record_set"])
    return row


def _sealed(samples: list[list[str]]) -> str:
    sealed = ring().seal(_PLACE, json.dumps(samples, ensure_ascii=False))
    return base64.b64encode(sealed).decode()


def samples(batch: Batch) -> list[list[str]]:
    """Some values of each column, for a person to look at."""
    kept = batch.plan.get("samples")
    if not kept:
        return []
    found: list[list[str]] = json.loads(ring().open(_PLACE, base64.b64decode(kept)))
    return found


def plan_of(batch: Batch) -> Plan:
    """How the file of a batch is read; without a plan (a batch set up otherwise) it says to upload anew."""
    gone = {
        "columns": [],
        "data": 0,
        "signature": "",
        "sheet": "",
        "warnings": [],
        "blocked": str(_("这一批没有列的资料，请重新上传文件。")),
    }
    return Plan.of_json({**gone, **batch.plan})


def lost(batch: Batch) -> str:
    """Which cells of the file were formulas without a result, in words; empty when none."""
    return formulas.told(plan_of(batch).lost)


@action("registry.import_confirm", title=_("确认导入列"))
def confirm(
    act: Act, batch: Batch, *, elements: Mapping[int, str], always: Sequence[str] = ()
) -> Batch:
    """Take the columns as a person set them; the layout is remembered for the source.

    `always`: which of the things that every row says a person let stand.
    """
    departments.may_bring(act, batch.source)
    row = held(batch)
    if row.state not in (Batch.State.READ, Batch.State.CHECKED):
        raise Refusal(_("这一批已经开始导入，不能再改列。"), code="state")
    chosen = choose(plan_of(row), elements, always)
    used = [each.element for each in chosen.columns if each.element]
    if twice := next((c for c in used if used.count(c) > 1 and c not in JOINED), None):
        raise Refusal(_("有两列选了同一个数据项，请只留一列。"), field="columns", code=twice)
    if chosen.blocked:
        raise Refusal(chosen.blocked, field="columns", code="blocked")
    remember(row.source, chosen)
    kept = {"samples": row.plan["samples"]} if "samples" in row.plan else {}
    row.plan, row.state = {**chosen.as_json(), **kept}, Batch.State.CHECKED
    row.save(update_fields=["plan", "state"])
    note(columns=len(used))
    return row


def held(batch: Batch) -> Batch:
    """The batch as it stands, held until the transaction ends."""
    return Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def tried(batch: Batch, told: Mapping[str, Any]) -> None:
    """Keep what a trial found (or that one is under way) beside the plan."""
    row = held(batch)
    row.plan = {**row.plan, "tried": dict(told)}
    row.save(update_fields=["plan"])


@action("registry.import_start", title=_("开始导入"))
def start(act: Act, batch: Batch) -> Batch:
    """Say that a confirmed batch is to be imported; the job does it."""
    departments.may_bring(act, batch.source)
    row = held(batch)
    if row.state not in (Batch.State.CHECKED, Batch.State.RUNNING, Batch.State.FAILED):
        raise Refusal(_("请先确认列，再开始导入。"), code="state")
    if not shelf.there(waits(row)):
        raise Refusal(_("原文件已经不在，请重新上传；以前确认的列还记着。"), code="gone")
    row.state, row.note = Batch.State.RUNNING, ""
    row.save(update_fields=["state", "note"])
    return row


def stopped(batch: Batch, why: str) -> None:
    """Say why a batch did not reach its end; what is in stays, and it can be taken up again."""
    Batch.objects.filter(pk=batch.pk).exclude(
        state__in=(Batch.State.DONE, Batch.State.CANCELLED)
    ).update(state=Batch.State.FAILED, note=why[:300])
