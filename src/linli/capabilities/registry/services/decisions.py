"""What only a person can decide: which of two values holds, and who a row without a number is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Batch,
    BatchRow,
    Conflict,
    Home,
    Organisation,
    Person,
    Residence,
    Source,
)
from linli.capabilities.registry.reading import Plan
from linli.capabilities.registry.rules.names import sort_key
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import values
from linli.capabilities.registry.services.imports import (
    besides,
    departments,
    keeping,
    merging,
    slicing,
    staging,
)
from linli.kernel.acts import Act, Refusal, action, note

DATES = frozenset({"born", "died"})
SAME, NEW, LEAVE = "same", "new", "leave"


@action("registry.decide_conflict", title=_("裁定数据冲突"), codes=("take",))
def decide_conflict(act: Act, conflict: Conflict, *, take: bool) -> Conflict:
    """Take the offered value or keep the held one (R012); the fact names the field and no value.

    When the held value has changed since the question was put, nothing is decided: the question shows the new one.
    """
    row = Conflict.objects.select_for_update(of=("self",)).filter(pk=conflict.pk).first()
    if row is None or row.state != Conflict.State.OPEN:
        raise Refusal(_("这一条已经裁定过了。"), code="decided")
    target = _target(row)
    note(field=row.field, row=row.row, record_set=row.record_set)
    now = _now(target, row.field)
    if now != values.clear(row.held):
        row.held = now or None
        row.held_batch_id = None
        row.save(update_fields=["held", "held_batch"])
        note(stale=True)
        return row
    if take:
        _take(act, target, row)
    row.state = Conflict.State.TAKEN if take else Conflict.State.KEPT
    row.decided, row.decider_id = act.at, act.actor
    row.save(update_fields=["state", "decided", "decider"])
    return row


def _target(row: Conflict) -> Person | Residence | Organisation:
    model: Any = {"person": Person, "residence": Residence, "organisation": Organisation}.get(
        row.record_set
    )
    found = model and model._default_manager.select_for_update(of=("self",)).filter(pk=row.row)
    target = found.first() if found is not None else None
    if not isinstance(target, Person | Residence | Organisation):
        raise Refusal(_("这一条的记录不在您的范围内。"), code="gone")
    return target


def _now(target: Person | Residence | Organisation, name: str) -> str:
    if isinstance(target, Person):
        held = values.get(target, name)
        return json.dumps(held, ensure_ascii=False) if _is_more(name, held) else values.clear(held)
    return values.clear(getattr(target, f"{name}_id" if name == "home" else name))


def _is_more(name: str, held: Any) -> bool:
    """What a city keeps of its own was said as JSON by a file."""
    return name.startswith(values.MORE) and held is not None


def _take(act: Act, target: Person | Residence | Organisation, row: Conflict) -> None:
    offered = values.clear(row.offered)
    if isinstance(target, Residence):
        _move(target, row, offered)
        return
    if isinstance(target, Organisation):
        _name_anew(target, row, offered)
        return
    value: Any = offered
    if row.field in DATES:
        value = date.fromisoformat(offered) if offered else None
    elif row.field.startswith(values.MORE):
        value = _of_json(offered)
    values.change(target, row.field, value, row.batch_id)
    names = [row.field]
    if row.field == "name":
        target.pinyin = sort_key(offered)
        names.append("pinyin")
    target.changed = act.at
    target.save(update_fields=values.columns(names))


def _of_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _name_anew(target: Organisation, row: Conflict, offered: str) -> None:
    """An organisation's value as the source says it."""
    field: Any = target._meta.get_field(row.field.removesuffix("_id"))
    value: Any = field.to_python(offered) if row.field not in ("labels", "more") else None
    if value is None:
        raise Refusal(_("这一项不能在这里裁定。"), code="field")
    setattr(target, row.field, int(offered) if row.field.endswith("_id") else value)
    target.sources = {**target.sources, row.field: row.batch_id}
    target.save()


def _move(target: Residence, row: Conflict, offered: str) -> None:
    """The residence stands at the other home, or ended; where it lies follows from the home."""
    if row.field == "until":
        target.until, target.ending = date.fromisoformat(offered), target.ending or "moved"
        target.sources = {**target.sources, "until": row.batch_id}
        target.save(update_fields=["until", "ending", "sources"])
        return
    if row.field != "home":
        raise Refusal(_("这一项不能在这里裁定。"), code="field")
    home = Home.objects.filter(pk=int(offered or 0), until__isnull=True).first()
    if home is None:
        raise Refusal(_("那处房屋已不在，或不在您的范围内。"), code="home")
    target.home, target.area_id = home, home.area_id
    target.sources = {**target.sources, "home": row.batch_id}
    target.save(update_fields=["home", "area", "sources"])


@action("registry.link_row", title=_("确认同一人"), codes=("verdict",))
def link_row(act: Act, row: BatchRow, *, verdict: str) -> BatchRow:
    """Say who a probable row is: the `same` person, somebody `new`, or `leave` it out; it then joins like any row.

    The fact names the line and the person, no value.
    """
    held = BatchRow.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if held is None or held.state != keeping.PROBABLE or held.decided is not None:
        raise Refusal(_("这一行已经有人判定过了。"), code="decided")
    if verdict not in (SAME, NEW, LEAVE):
        raise Refusal(_("请选择是同一人、另一个人，还是不导入。"), field="verdict", code="verdict")
    note(batch=held.batch_id, line=held.line, person=held.candidate)
    if verdict == LEAVE:
        held.state, held.reasons = keeping.REFUSED, [*held.reasons, "person.name:left"]
    else:
        _joins(act, held, held.candidate if verdict == SAME else None)
        held.state = "linked" if verdict == SAME else "new"
    held.decided = act.at
    held.save(update_fields=["state", "reasons", "decided"])
    return held


def _joins(act: Act, row: BatchRow, person: int | None) -> None:
    """One row of a file joins the registry as the import would have let it."""
    if person is not None and not Person.objects.filter(pk=person).exists():
        raise Refusal(_("找不到这个人，或不在您的范围内。"), code="gone")
    job = slicing.job_of(act, row.batch_id)
    original = _frame(job.plan, job.heads, row)
    checked = job.checker.check(job.placing.place(original))
    _refused(reason for found in checked.refused["reasons"].to_list() for reason in found)
    merging.lock(range(slicing.PARTS))
    besides.copy(job.ring, checked)
    staging.copy(staging.prepared(checked.taken, job.ring, linked=person is not None))
    merging.prepare()
    merging.known_as({row.line: person} if person is not None else {})
    merged = merging.merge(job.said, without=True)
    besides.join(checked, job.said, merged)
    _refused(reason for _line, reason in merged.refused)
    source = Batch.objects.values_list("source_id", flat=True).get(pk=row.batch_id)
    keeping.keep_conflicts(row.batch_id, source, job.ring, merged.conflicts)


def _refused(reasons: Iterable[str]) -> None:
    if words := str(_("；")).join(dict.fromkeys(reads.words_of(each) for each in reasons)):
        raise Refusal(words, code="row")


def _frame(plan: Plan, heads: Any, row: BatchRow) -> pl.DataFrame:
    cells = json.loads(values.clear(row.values) or "{}")
    found: dict[str, Any] = {name: [cells.get(heading)] for name, heading in heads.items()}
    schema = {**{f"c{each.at}": pl.String for each in plan.columns}, "line": pl.Int64}
    return pl.DataFrame({**found, "line": [row.line]}, schema=schema)


@action("registry.import_retire", title=_("停用部门旧系统"))
def retire_source(act: Act, source: Source, *, on: date | None) -> Source:
    """Say from which day a department's own system is no longer kept beside the registry (R013); none takes it back."""
    departments.may_bring(act, source)
    if on is not None and on > timezone.localdate(act.at):
        raise Refusal(_("日期还没有到，请核对。"), field="on", code="future")
    source.retired = on
    source.save(update_fields=["retired"])
    return source
