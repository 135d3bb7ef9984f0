"""A place's own list comes from a spreadsheet: tried row by row first, then in force from a day on, all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.rules.gate import barred
from linli.capabilities.admission.selectors import lists as reads
from linli.capabilities.admission.selectors.naming import fields, unit_codes, written
from linli.capabilities.admission.selectors.speaking import title_of
from linli.capabilities.admission.services.gate import instead_of
from linli.capabilities.admission.services.lists import add_version
from linli.capabilities.admission.services.rows import numbered, said, today, unit_of
from linli.capabilities.admission.words import AFFAIRS, STATES
from linli.capabilities.admission.workbook import Line, amount, day_of
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.places.models import Area

NEW, CHANGED, SAME, WRONG, ENDED = "new", "changed", "same", "wrong", "ended"
CLOSED = (Item.State.SUSPENDED, Item.State.REVOKED)
COPIED = tuple(name for name in reads.COMPARED if name != "start")
_BLANK: dict[str, Any] = {
    "owner": "",
    "lead": "",
    "frequency": "",
    "fields": [],
    "affair": "gov",
    "form": "",
    "yearly": Decimal(0),
    "funding": "",
    "hours": Decimal(0),
    "inside": None,
    "end": None,
}
_LIMITS = {"owner": 80, "basis": 300, "frequency": 60, "funding": 120, "form": 400}
_BETWEEN = re.compile(r"\s*[\u3001\uff0c,;\uff1b\n]\s*")


@dataclass(frozen=True, slots=True)
class Given:
    """What the file is to become: in which list (of rows that name none), from which day, by which decision, and whether
    what the file leaves out ends the day before."""

    catalogue: str
    start: date
    document: str
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of one row: the words say what is wrong or what changes."""

    line: int
    code: str
    title: str
    catalogue: str
    outcome: str
    words: Sequence[Any] = ()
    content: Mapping[str, Any] | None = None
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of a file; `now` and `then` count the items in force of the lists that it speaks of."""

    rows: Sequence[Tried]
    now: int
    then: int

    @property
    def wrong(self) -> int:
        """Rows that have to be put right before anything is done."""
        return self.of(WRONG)

    def of(self, outcome: str) -> int:
        """How many rows come to one outcome."""
        return sum(each.outcome == outcome for each in self.rows)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is there already: in force by code and by list and title; what the place took off its lists."""

    area: Area
    around: Mapping[str, ItemVersion]
    by_title: Mapping[tuple[str, str], ItemVersion]
    closed: Mapping[str, str]


class _Wrong(Exception):
    """Something in a row that cannot be."""


def ground(act: Act) -> Area:
    """The place whose list the actor may write: where the unit stands."""
    return unit_of(act).area


def tried(act: Act, lines: Sequence[Line], given: Given) -> Trial:
    """What each row would do, without doing it."""
    area = ground(act)
    if given.start < today(act):
        raise Refusal(_("实行日期不能早于今天。"), field="start", code="past")
    if given.catalogue not in reads.section().catalogue_by_code:
        raise Refusal(_("没有这个目录。"), field="catalogue", code="catalogue")
    around = {v.item.code: v for v in _spoken(given.start, area)}
    by_title = {(v.item.catalogue, v.title): v for v in around.values()}
    seen: dict[str, int] = {}
    closed = dict(Item.objects.filter(area=area, state__in=CLOSED).values_list("code", "state"))
    found = _Standing(area, around, by_title, closed)
    rows = [_row(line, given, found, seen) for line in lines]
    spoken_of = {row.catalogue for row in rows if row.catalogue}
    standing = [v for v in around.values() if v.item.catalogue in spoken_of]
    ended = _left_out(rows, standing, area) if given.rest else []
    now = len(standing)
    then = now + sum(row.outcome == NEW for row in rows) - len(ended)
    return Trial([*rows, *ended], now, then)


def _spoken(day: date, area: Area) -> list[ItemVersion]:
    return list(reads.in_force(day, area.pk).order_by("item__code"))


def _row(line: Line, given: Given, there: _Standing, seen: dict[str, int]) -> Tried:
    title = " ".join(line.cells.get("title", "").split())
    catalogue = _catalogue(line.cells.get("catalogue", "") or given.catalogue)
    code = line.cells.get("code", "")[:40]
    if not code and (held := there.by_title.get((catalogue, title))):
        code = held.item.code
    now = there.around.get(code)
    first = seen.setdefault(code or f"{catalogue} {title}", line.number)
    try:
        if first != line.number:
            raise _Wrong(_("和第 %(n)s 行重复。") % {"n": first})
        if state := there.closed.get(code):
            raise _Wrong(_("这一项%(state)s，要先恢复或者另行申请。") % {"state": STATES[state][0]})
        if now is not None and catalogue and now.item.catalogue != catalogue:
            raise _Wrong(_("这个编号是“%(name)s”里的。") % {"name": title_of(now.item.catalogue)})
        content = _content(line, title, catalogue, now)
    except _Wrong as wrong:
        return Tried(line.number, code, title, catalogue, WRONG, wrong.args)
    own = now.item_id if now and now.item.area_id == there.area.pk else None
    if now is None:
        return Tried(line.number, code, title, catalogue, NEW, (), content)
    changes = tuple(n for n in COPIED if _plain(content[n]) != _plain(getattr(now, n)))
    outcome = CHANGED if changes else SAME
    return Tried(line.number, code, title, catalogue, outcome, changes, content, own)


def _plain(value: Any) -> Any:
    return (
        str(value) if isinstance(value, str) else list(value) if isinstance(value, tuple) else value
    )


def _catalogue(text: str) -> str:
    known = reads.section().catalogues
    return next((c.code for c in known if text in (c.code, str(c.title), str.__str__(c.title))), "")


def _content(line: Line, title: str, catalogue: str, now: ItemVersion | None) -> dict[str, Any]:
    """The values of the version: what the row says, else what is in force, else nothing."""
    _stands(line, title, catalogue)
    content = {n: getattr(now, n) for n in COPIED} if now else {**_BLANK, "basis": ""}
    content["title"] = title
    for name, text in line.cells.items():
        if now and name in content and text == written(name, content[name]):
            continue  # as it stands, in whichever language the file was taken along
        if name in _READ:
            content[name] = _READ[name](text)
        elif name in _LIMITS:
            content[name] = _short(name, text)
    _whole(content, catalogue)
    return content


def _short(name: str, text: str) -> str:
    if len(text) > _LIMITS[name]:
        raise _Wrong(_("有一格超过 %(n)s 字。") % {"n": _LIMITS[name]})
    return text


def _stands(line: Line, title: str, catalogue: str) -> None:
    if not title:
        raise _Wrong(_("没有写事项名称。"))
    if len(title) > 120:
        raise _Wrong(_("事项名称超过 120 字。"))
    if not catalogue:
        raise _Wrong(_("没有“%(name)s”这个目录。") % {"name": line.cells.get("catalogue", "")})
    if (stopped := barred(reads.section(), title, catalogue)) is not None:
        clause = reads.section().clause_by_code[stopped.clause]
        raise _Wrong(f"{clause.words}{instead_of(reads.section(), stopped)}")


def _whole(content: Mapping[str, Any], catalogue: str) -> None:
    if len(content["basis"]) < 2:
        raise _Wrong(_("没有写依据。"))
    if content["yearly"] and not content["funding"]:
        raise _Wrong(_("写了金额，就要写明经费来源。"))
    kinds = {str(k) for k in reads.section().catalogue_by_code[catalogue].kinds}
    if content["fields"] and not kinds & {"table", "ledger"}:
        raise _Wrong(_("这个目录的事项不填表，不能写字段。"))


def _number(text: str) -> Decimal:
    try:
        found = amount(text)
    except ValueError:
        raise _Wrong(_("“%(text)s”不是数字。") % {"text": text[:20]}) from None
    if not 0 <= found < 10_000_000:
        raise _Wrong(_("“%(text)s”太大或者小于零。") % {"text": text[:20]})
    return found


def _day(text: str) -> date | None:
    try:
        return day_of(text)
    except ValueError:
        raise _Wrong(_("“%(text)s”不是日期，请写成 2027-01-31。") % {"text": text[:20]}) from None


def _named(text: str, names: Mapping[str, Any], what: Any) -> str:
    for code, label in names.items():
        if text in (code, str(label)):
            return code
    raise _Wrong(_("%(what)s不能写“%(text)s”。") % {"what": what, "text": text[:20]})


def _lead(text: str) -> str:
    try:
        return "".join(unit_codes([text] if text else []))
    except Refusal as refusal:
        raise _Wrong(str(refusal)) from None


def _inside(text: str) -> bool | None:
    names = {"yes": _("内部"), "no": _("外部")}
    return None if not text else _named(text, names, _("内部还是外部")) == "yes"


_READ: Mapping[str, Any] = {
    "yearly": _number,
    "hours": _number,
    "end": _day,
    "lead": _lead,
    "inside": _inside,
    "fields": lambda text: list(fields(filter(None, _BETWEEN.split(text)))),
    "affair": lambda text: _named(text, AFFAIRS, _("性质")) if text else "gov",
}


def _left_out(rows: Sequence[Tried], standing: Sequence[ItemVersion], area: Area) -> list[Tried]:
    """What is in force of the place's own lists and stands in no row."""
    kept = {row.code for row in rows}
    return [
        Tried(
            0,
            v.item.code,
            v.title,
            v.item.catalogue,
            ENDED,
            (),
            {n: getattr(v, n) for n in COPIED},
            v.item_id,
        )
        for v in standing
        if v.item.area_id == area.pk and v.item.code not in kept
    ]


@action("admission.import_list", title=_("导入准入目录"), codes=())
def import_list(act: Act, lines: Sequence[Line], *, given: Given) -> Trial:
    """Put a file in force from a day on: new items and versions, and the end of what it leaves out."""
    document = said(given.document, "document", 200, _("依据文件"))
    found, area = tried(act, lines, given), ground(act)
    if found.wrong:
        words = _("还有 %(n)s 行要改，改好再传一次。") % {"n": found.wrong}
        raise Refusal(words, field="file", code="wrong")
    note(new=found.of(NEW), changed=found.of(CHANGED), ended=found.of(ENDED), document=document)
    for row in found.rows:
        if row.outcome == ENDED:
            _end(act, row, given, document)
        elif row.outcome != SAME:
            _write(act, row, area, given, document)
    return found


def _write(act: Act, row: Tried, area: Area, given: Given, document: str) -> None:
    item = Item.objects.select_for_update().filter(pk=row.own).first() if row.own else None
    if item is None:
        code = row.code or numbered(
            Item, f"{row.catalogue.upper()}-{today(act).year}-", 3, column="code", area=area.pk
        )
        item, _made = Item.objects.get_or_create(
            area=area,
            code=code[:40],
            defaults={"catalogue": row.catalogue, "version": 0, "changed": act.at},
        )
        if item.state != Item.State.OPEN:
            item.state = Item.State.OPEN
            item.save(update_fields=["state"])
    more = {"start": given.start, "document": document, "status": "found"}
    add_version(act, item, dict(row.content or {}), **more)


def _end(act: Act, row: Tried, given: Given, document: str) -> None:
    item = Item.objects.select_for_update().get(pk=row.own or 0)
    last = reads.version_on(item, given.start)
    more = {"start": last.start if last else None, "document": document, "status": "found"}
    end = {"end": given.start - timedelta(days=1)}
    add_version(act, item, {**dict(row.content or {}), **end}, **more)
