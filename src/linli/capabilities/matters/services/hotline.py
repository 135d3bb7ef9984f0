"""12345 work orders: take them in by file, once each; give the answers back, once each (R116)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.models import HotlineFile, Matter
from linli.capabilities.matters.policy import HotlineKind, MattersPolicy
from linli.capabilities.matters.selectors.suggestions import guesses
from linli.capabilities.matters.services.intake import Intake, report
from linli.capabilities.matters.services.move import lock
from linli.capabilities.matters.workbook import Order, Reading, Unreadable, read
from linli.kernel.acts import Act, Refusal, Span, action, crossing, note, permit, under, verbs
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.files import books
from linli.kernel.places.finding import told
from linli.kernel.policy import version

VERB = "matters.hotline"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's orders; `failed` names lines with the reason."""

    made: int
    known: int
    failed: tuple[tuple[int, str], ...]


def policy_in(act: Act) -> MattersPolicy:
    """The section in force for an act."""
    return version(act.policy).section(MattersPolicy)


def reading_of(act: Act, content: bytes) -> Reading:
    """Read a workbook by the columns of the pack; Refusal when it is none."""
    if content.startswith(books.ZIP):
        with NamedTemporaryFile(suffix=".xlsx") as kept:
            kept.write(content)
            kept.flush()
            books.examine(Path(kept.name))
    try:
        return read(content, policy_in(act).hotline, now=act.at)
    except Unreadable as error:
        raise Refusal(str(error), field="file", code="unreadable") from None


@action("matters.hotline_upload", title=_("上传 12345 工单表"), guard=False)
def hotline_upload(act: Act, *, name: str, content: bytes) -> HotlineFile:
    """Read a workbook and keep what was read, sealed, until it is imported."""
    permit(act, verbs()[VERB])
    found = reading_of(act, content)
    bad = [{"line": b.line, "why": b.why, "cells": b.cells} for b in found.bad]
    return HotlineFile.objects.create(
        name=name[:120],
        digest=hashlib.sha256(content).hexdigest(),
        area=act.spans[0].lo if act.spans else 0,
        account=act.actor,
        uploaded=act.at,
        good=len(found.orders),
        bad=len(found.bad),
        rows=json.dumps([o.plain() for o in found.orders], ensure_ascii=False),
        refused=json.dumps(
            {"header": found.header, "rows": bad, "unused": found.unused}, ensure_ascii=False
        ),
    )


def orders_in(file: HotlineFile) -> list[Order]:
    """The orders of a file that waits."""
    return [Order.of(raw) for raw in json.loads(file.rows.open())] if file.rows else []


def refused_in(file: HotlineFile) -> tuple[list[str], list[dict[str, Any]]]:
    """Header and refused rows of a file: line, why, cells."""
    kept = json.loads(file.refused.open()) if file.refused else {"header": [], "rows": []}
    return kept["header"], kept["rows"]


def unused_in(file: HotlineFile) -> list[str]:
    """Headings of a file that were not recognised."""
    return list(json.loads(file.refused.open()).get("unused", ())) if file.refused else []


@action("matters.hotline_import", title=_("导入 12345 工单"), guard=False)
def hotline_import(act: Act, file: HotlineFile) -> Imported:
    """Make a matter of each order of a file; an order that is known makes nothing new."""
    permit(act, verbs()[VERB])
    held = HotlineFile.objects.select_for_update().get(pk=file.pk)
    if held.imported is not None:
        return Imported(held.made, held.known, ())
    done = take_in(act, orders_in(held))
    header, refused = refused_in(held)
    refused += [{"line": line, "why": why, "cells": []} for line, why in done.failed]
    held.made, held.known, held.bad = done.made, done.known, len(refused)
    held.imported, held.rows = act.at, None
    kept = {"header": header, "rows": refused, "unused": unused_in(held)}
    held.refused = json.dumps(kept, ensure_ascii=False)
    held.save()
    note(made=done.made, known=done.known, refused=len(refused))
    return done


def take_in(act: Act, orders: list[Order]) -> Imported:
    """Report each order through the one door of intake; each stands or falls by itself."""
    made = known = 0
    failed = []
    with under(act.on(channel="hotline")) as hot:
        numbers = [o.number for o in orders]
        have = set(Matter.objects.filter(external__in=numbers).values_list("external", flat=True))
        for order in orders:
            if order.number in have:
                known += 1
                continue
            try:
                report(hot, intake=_intake(hot, order))
                made += 1
            except IntegrityError:  # known, beyond what the importer sees
                known += 1
            except Refusal as refusal:
                failed.append((order.line, str(refusal)))
    return Imported(made, known, tuple(failed))


def _intake(act: Act, order: Order) -> Intake:
    area = _area(act, order)
    kind = _kind(act, order)
    times = _times(order, kind)
    more = {"kind": kind.code, "received_at": order.received_at.isoformat(), **times}
    words = {"urgency": order.urgency, "department": order.department, "note": order.note}
    return Intake(
        code=_code(act, order),
        title=order.title,
        body=order.text,
        area=area,
        address=order.address,
        reporter_name=order.caller,
        phone=order.phone,
        external=order.number,
        hotline={**more, **{k: v for k, v in words.items() if v}},
    )


def _area(act: Act, order: Order) -> int:
    """The finest area that the order's words name inside the importer's sight, else the importer's own."""
    own = act.spans[0] if act.spans else None
    for words in (f"{order.area}{order.address}", order.title, order.text):
        if (area := told(words, within=own).area) is not None:
            return area.pk
    if own is None:
        raise Refusal(_("看不出是哪个社区，请在“所属区域”写明。"), field="area")
    return own.lo


def _code(act: Act, order: Order) -> str:
    policy = policy_in(act)
    wanted = order.category.strip()
    named = [c for c in policy.classes if c.open and wanted and wanted in (c.title, c.code)]
    if named:
        return named[0].code
    guessed = guesses(f"{order.category} {order.title} {order.text}", 1, "event")
    return guessed[0].code if guessed else policy.fallback_class


def _kind(act: Act, order: Order) -> HotlineKind:
    hotline = policy_in(act).hotline
    for said in (order.urgency, order.kind):
        for kind in hotline.kinds:
            if said and said in (kind.code, kind.title, *kind.aliases):
                return kind
    return next(k for k in hotline.kinds if k.code == hotline.default_kind)


def _times(order: Order, kind: HotlineKind) -> dict[str, str]:
    """The three deadlines: the order's own, else the pack's terms counted from when the hotline took the call."""
    days, hours = calendar(), office()
    found: dict[str, str] = {}
    for name, term in (("sign", kind.sign), ("contact", kind.contact), ("resolve", kind.resolve)):
        own: datetime | None = getattr(order, f"{name}_by")
        due = own or due_at(order.received_at, term, days, hours, SHANGHAI)
        if due is not None:
            found[f"{name}_by"] = due.isoformat()
            found[f"{name}_from"] = "hotline" if own else "pack"
    return found


@action("matters.hotline_reply", title=_("回复 12345"), guard=False)
def hotline_reply(act: Act, matter: Matter, *, again: bool = False) -> Matter:
    """Note that the answer went back to the hotline; a second time only when asked."""
    permit(act, verbs()[VERB])
    held = lock(matter)
    if held.channel != "hotline":
        raise Refusal(_("这不是 12345 工单。"), code="not-hotline")
    if held.hotline.get("replied") and not again:
        raise Refusal(_("已经回复过了。"), code="replied")
    held.hotline = {**held.hotline, "replied": act.at.isoformat()}
    with crossing(Span(held.area_id, held.area_id + 1)):
        held.save(update_fields=["hotline"])
    note(again=again)
    return held
