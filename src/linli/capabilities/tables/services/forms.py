"""A unit's form: brought, read, settled column by column, confirmed and remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from linli.capabilities.tables.mapping import Mapped, Words
from linli.capabilities.tables.mapping import asking as rules
from linli.capabilities.tables.models import Form, Memory
from linli.capabilities.tables.reading import draw, headings, open_book, reader_of
from linli.capabilities.tables.rules import Column, Plan, Way, asks_numbers
from linli.capabilities.tables.selectors import forms as reads
from linli.capabilities.tables.selectors.held import groups_of
from linli.capabilities.tables.selectors.words import understood, words
from linli.capabilities.tables.services.filling import told_rows
from linli.capabilities.tables.services.rounds import needs_reason
from linli.capabilities.tables.services.rows import held, unit_of
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers.conditions import groups_of as conditions_of
from linli.kernel.files import books, store
from linli.kernel.files import services as files
from linli.kernel.files.examine import DOCX, MB, XLSX, Clean, safe_name
from linli.kernel.files.models import File

MOST, AT_ONCE = 30 * MB, 2 * MB  # bytes: of an upload; of what is read while its bringer waits
UNDO_MOST = 20
_MEDIA = {
    "xlsx": XLSX,
    "docx": DOCX,
    "xls": "application/vnd.ms-excel",
    "et": "application/vnd.ms-excel",
    "csv": "text/csv",
    "tsv": "text/plain",
    "txt": "text/plain",
}
_UNSAFE = frozenset({"macros", "bomb"})  # such files are not kept at all


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody says of one column: where its values come from, and what goes with it."""

    way: Way
    element: str = ""
    part: str = ""
    text: str = ""
    reason: str = ""
    asked: bool = True


@action("tables.bring", title=_("上传新表"))
def bring(act: Act, upload: UploadedFile[Any], *, title: str = "") -> Form:
    """Keep a unit's form as a file and read it, unless it is large (`reading`: `read` goes on in the queue).

    What cannot be read is kept with the reason; only programs, bombs and files of other kinds are refused.
    """
    unit = unit_of(act)
    clean = _clean(upload)
    form = Form.objects.create(
        unit=unit,
        area_id=unit.area_id,
        title=(" ".join(title.split()) or Path(clean.name).stem)[:120],
        name=clean.name,
        digest=hashlib.sha256(clean.content).hexdigest(),
        state=Form.State.READING,
        by=act.actor,
        made=act.at,
        changed=act.at,
    )
    form.file = files.keep(act, clean, owner=form, purpose="form").pk
    form.save(update_fields=["file"])
    if len(clean.content) <= AT_ONCE:
        _read(act, form, titled=not title.strip())
    note(state=form.state, digest=form.digest)
    return form


def _clean(upload: UploadedFile[Any]) -> Clean:
    """An upload as it may be kept: by its name of a kind that is read, without programs."""
    name, size = upload.name or "", upload.size or 0
    reader_of(name)
    if not size:
        raise Refusal(_("这个文件是空的，请重新选择。"), field="file", code="empty")
    if size > MOST:
        words_ = _(
            "文件太大：最多 %(limit)s MB。请删掉用不着的工作表和图片，只留要填的表，再上传。"
        )
        raise Refusal(words_ % {"limit": MOST // MB}, field="file", code="too-big")
    ending = Path(name).suffix.lower().removeprefix(".")
    content = upload.read()
    if ending not in ("csv", "tsv", "txt"):
        try:
            books.examine(store.path_of(store.put(content)))
        except Refusal as refusal:
            if refusal.code in _UNSAFE:
                raise
    return Clean(content, _MEDIA[ending], safe_name(name, ending))


@action("tables.read_form", title=_("读取新表"), guard=False)
def read(act: Act, form: Form) -> Form:
    """Read a form that waits in the queue; the grant is that of whoever brought it."""
    row = held(Form.objects.filter(pk=form.pk), _("找不到这张表，或它不是本单位的。"))
    if row.state == Form.State.READING:
        _read(act, row, titled=False)
    note(state=row.state)
    return row


def _read(act: Act, form: Form, *, titled: bool) -> None:
    """What a file asks becomes a plan and a picture; why it cannot be read stands in the form."""
    kept = reads.kept(form.unit_id)
    elements = {key: str(each.get("element", "")) for key, each in kept.items()}
    told = words(timezone.localdate(act.at), elements)
    with override(settings.LANGUAGE_CODE):  # kept as written, read in each reader's language
        try:
            _understood(form, told, kept, titled=titled)
        except Refusal as refusal:
            form.state, form.trouble = Form.State.BROKEN, str(refusal)[:300]
    form.changed = act.at
    form.save()


def _understood(
    form: Form, told: Words, kept: Mapping[str, Mapping[str, Any]], *, titled: bool
) -> None:
    book = open_book(store.path_of(form.digest), form.name)
    form.picture = draw(book, {})
    found, mapped = understood(book, told)
    plan = rules.plan_of(mapped, kept, _conditions(mapped, told))
    marked = {
        f"p{at}{sort}{number}": where for at, sort, number, where in headings(book, found.regions)
    }
    form.picture = {**draw(book, marked), "warnings": list(found.warnings)}
    form.fingerprint = rules.fingerprint(plan)
    before = reads.seen_before(form)
    if before is not None:
        plan = rules.again(plan, Plan.of(before.plan))
        form.item = before.item
        form.picture["before"] = {
            "title": before.title,
            "day": timezone.localdate(before.changed).isoformat(),
        }
    form.plan, form.state = plan.as_json(), Form.State.DRAFT
    if titled and plan.parts and plan.parts[0].title:
        form.title = plan.parts[0].title


def _conditions(mapped: list[Mapped], told: Words) -> dict[int, tuple[Any, ...]]:
    """Whom each list is about, as its title says."""
    found: dict[int, tuple[Any, ...]] = {}
    for at, each in enumerate(mapped):
        said = told_rows(each, told)
        groups = groups_of(said)
        known = offers.offered(each.kind)
        if groups and all(one.element in known for group in groups for one in group):
            found[at] = tuple([one.as_json() for one in group] for group in groups)
    return found


def _open(act: Act, form: Form, *states: str) -> Form:
    row = held(
        Form.objects.filter(pk=form.pk, unit=unit_of(act)),
        _("找不到这张表，或它不是本单位的。"),
    )
    if row.state not in states:
        words_ = _("这张表现在是“%(state)s”，请刷新后再办。") % {"state": row.get_state_display()}
        raise Refusal(words_, code="state")
    return row


@action("tables.settle", title=_("确认一列"), codes=("key",))
def settle(act: Act, form: Form, *, key: str, decision: Decision) -> Form:
    """Say what one column means; asking for ID numbers needs its reason, a constant its text."""
    row = _open(act, form, Form.State.DRAFT)
    plan = Plan.of(row.plan)
    column = plan.column(key)
    if column is None:
        raise Refusal(_("没有这一列，请刷新页面。"), code="gone")
    made = _decided(column, decision)
    _changed(act, row, plan, [made])
    note(way=made.way.value, element=made.element)
    return row


def _decided(column: Column, said: Decision) -> Column:
    element = said.element if said.way in (Way.KNOWN, Way.COUNTED) else ""
    if said.way is Way.KNOWN and element not in selectors.elements():
        raise Refusal(_("请选一个数据项。"), field="element", code="required")
    if said.way is Way.COUNTED and not element:
        raise Refusal(_("这一列不是计数，请选数据项。"), field="element", code="required")
    if said.way is Way.ADDED and not column.adds:
        raise Refusal(_("看不出这一列由哪几列相加，请另选一项。"), field="element", code="sum")
    text, reason = " ".join(said.text.split())[:120], " ".join(said.reason.split())[:200]
    if said.way is Way.CONSTANT and not text:
        raise Refusal(_("请写明每一行都填什么。"), field="text", code="required")
    made = replace(
        column,
        way=said.way,
        element=element,
        part=(said.part or column.part) if element == column.element else said.part,
        text=text if said.way is Way.CONSTANT else "",
        reason=reason,
        asked=said.asked,
        settled=True,
    )
    if asks_numbers(made) and len(reason) < 2:
        raise Refusal(
            _("要身份证号的，请写明用途；没有必要的，请改成不填。"),
            field="reason",
            code="id-number",
        )
    return made


def _changed(act: Act, row: Form, plan: Plan, made: list[Column]) -> None:
    """Write some columns anew and keep the former ones, so that the step can be undone."""
    former = [each.as_json() for new in made if (each := plan.column(new.key)) is not None]
    row.undo = [*row.undo, former][-UNDO_MOST:]
    row.plan = plan.with_({each.key: each for each in made}).as_json()
    row.changed = act.at
    row.save(update_fields=["undo", "plan", "changed"])


@action("tables.settle_sure", title=_("确认有把握的列"))
def settle_sure(act: Act, form: Form) -> int:
    """Confirm every column that is sure, at once; returns how many. What asks ID numbers waits for its reason."""
    row = _open(act, form, Form.State.DRAFT)
    plan = Plan.of(row.plan)
    sure = [c for c in plan.columns if rules.mark_of(c) is rules.Mark.SURE]
    if sure:
        _changed(act, row, plan, [replace(each, settled=True) for each in sure])
    note(columns=len(sure))
    return len(sure)


@action("tables.settle_undo", title=_("撤销一步"))
def undo(act: Act, form: Form) -> Form:
    """Take the last step back."""
    row = _open(act, form, Form.State.DRAFT)
    if not row.undo:
        raise Refusal(_("没有可以撤销的了。"), code="none")
    former = [Column.of(each) for each in row.undo[-1]]
    row.plan = Plan.of(row.plan).with_({each.key: each for each in former}).as_json()
    row.undo, row.changed = row.undo[:-1], act.at
    row.save(update_fields=["undo", "plan", "changed"])
    return row


@action("tables.narrow", title=_("选定填哪些人"))
def narrow(act: Act, form: Form, *, at: int, conditions: list[Any]) -> Form:
    """Say which records a list of a form is about; conditions as offers keep them."""
    row = _open(act, form, Form.State.DRAFT, Form.State.CONFIRMED)
    plan = Plan.of(row.plan)
    groups = conditions_of(conditions)
    known = {part.at: offers.offered(part.record_set) for part in plan.parts}
    if at not in known or any(c.element not in known[at] for group in groups for c in group):
        raise Refusal(_("这个条件读不懂，请重新选择。"), code="condition")
    parts = tuple(
        replace(part, conditions=tuple(conditions)) if part.at == at else part
        for part in plan.parts
    )
    row.plan, row.changed = Plan(parts).as_json(), act.at
    row.save(update_fields=["plan", "changed"])
    note(at=at, conditions=len(groups))
    return row


@action("tables.confirm", title=_("确认新表"))
def confirm(act: Act, form: Form, *, title: str = "") -> Form:
    """Confirm a whole form once every column is settled; what was said is remembered for the unit's look-alikes."""
    row = _open(act, form, Form.State.DRAFT)
    plan = Plan.of(row.plan)
    left = rules.settled(plan)
    if not left.whole:
        words_ = _("还有 %(n)s 列没有确认。") % {"n": left.all - left.done}
        raise Refusal(words_, code="open")
    needs_reason(plan)
    if not plan.fields and not any(c.way is Way.COUNTED for c in plan.columns):
        raise Refusal(_("没有一列要填，这张表不用下发。"), code="nothing")
    row.state, row.changed, row.undo = Form.State.CONFIRMED, act.at, []
    row.title = " ".join(title.split())[:120] or row.title
    row.save(update_fields=["state", "changed", "undo", "title"])
    _remember(act, row, plan)
    note(elements=sorted(set(plan.fields)))
    return row


def _remember(act: Act, form: Form, plan: Plan) -> None:
    shared: dict[str, Any] = {"unit_id": form.unit_id, "area_id": form.area_id, "form": form.pk}
    rows = [
        Memory(key=key, column=column, by=act.actor, at=act.at, **shared)
        for key, column in rules.remembered(plan).items()
    ]
    Memory.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["unit", "key"],
        update_fields=["column", "form", "by", "at"],
    )


@action("tables.reopen", title=_("重新修改新表"))
def reopen(act: Act, form: Form) -> Form:
    """Go back to a form's columns; what was sent of it stays as it was that day."""
    row = _open(act, form, Form.State.CONFIRMED)
    row.state, row.changed = Form.State.DRAFT, act.at
    row.save(update_fields=["state", "changed"])
    return row


@action("tables.use_shared", title=_("改用共享，不再下发"), keep=("source",))
def use_shared(act: Act, form: Form, *, source: str) -> Form:
    """Take what is collected already instead of asking communities again; the form is kept."""
    row = _open(act, form, Form.State.DRAFT, Form.State.CONFIRMED)
    row.state, row.changed = Form.State.SHARED, act.at
    row.trouble = " ".join(source.split())[:300]
    row.save(update_fields=["state", "changed", "trouble"])
    note(fields=list(Plan.of(row.plan).fields))
    return row


@action("tables.retire", title=_("停用表格"))
def retire(act: Act, form: Form) -> Form:
    """Put a form away; its file and what was sent of it stay."""
    states = (each for each in Form.State.values if each != Form.State.RETIRED)
    row = _open(act, form, *states)
    row.state, row.changed = Form.State.RETIRED, act.at
    row.save(update_fields=["state", "changed"])
    return row


def file_of(form: Form) -> File | None:
    """The file that a form came in."""
    return File.objects.filter(pk=form.file).first() if form.file else None


def today(act: Act) -> date:
    """The day of the act."""
    return timezone.localdate(act.at)
