"""A sheet as the table that it is: every row and value with its source, gaps where nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.translation import gettext as _t

from linli.capabilities.registry.services import answering
from linli.capabilities.tables.models import Gap, Sheet
from linli.capabilities.tables.rules import Column, Part, Plan, Way
from linli.capabilities.tables.selectors.held import element_of
from linli.capabilities.tables.writing import totals
from linli.kernel.access import hats
from linli.kernel.acts import Act, Span, crossing, system_act
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers import Batch, Query, Said
from linli.kernel.dictionary.offers.conditions import groups_of
from linli.kernel.dictionary.shapes import Kind

ROWS = 40
PRINTED = 2000
FOUND_MOST = 2000
_WHOLE = (Kind.DATE, Kind.ID_NUMBER, Kind.USCC, Kind.PHONE, Kind.INTEGER, Kind.DECIMAL)
_FIT = {**dict.fromkeys(_WHOLE, "whole"), Kind.ADDRESS: "long"}


@dataclass(frozen=True, slots=True)
class Head:
    """One column of a sheet: what it is called, which element stands under it, why nothing does.

    `naming`: by it people know whom a line is about, so no name stands before the line besides. `fit`: its values are never
    broken over lines (whole), or want room (long).
    """

    column: Column
    title: str
    element: str = ""
    why: str = ""
    mends: bool = False
    closed: bool = False
    naming: bool = False
    fit: str = ""


@dataclass(slots=True)
class Cell:
    """One value: as people read it, who says it, the question about it, what stood there a period ago."""

    head: Head
    text: str = ""
    source: str = ""
    gap: Gap | None = None
    before: str | None = None

    @property
    def open(self) -> bool:
        """Whether it is asked."""
        return self.gap is not None and self.gap.state == Gap.State.OPEN

    @property
    def said(self) -> str:
        """What stands in place of a value: that there is none, that nobody can tell."""
        gap = self.gap
        if gap is None or gap.state in (Gap.State.OPEN, Gap.State.FILLED, Gap.State.GONE):
            return ""
        told = {"state": gap.get_state_display(), "why": gap.why}
        return _t("%(state)s：%(why)s") % told if gap.why else str(told["state"])


@dataclass(slots=True)
class Line:
    """One record of a sheet."""

    record: int
    name: str
    cells: list[Cell]
    remark: Gap | None = None


@dataclass(slots=True)
class Leaf:
    """One screen of a sheet."""

    part: Part
    heads: list[Head]
    lines: list[Line] = field(default_factory=list)
    after: int = 0

    @property
    def named(self) -> bool:
        """Whether one of its own columns names the records."""
        return any(head.naming for head in self.heads)


@dataclass(frozen=True, slots=True)
class Looking:
    """How a sheet is looked at: from which record on, which text, only where something is missing; or some records."""

    after: int = 0
    q: str = ""
    only: bool = False
    size: int = ROWS
    keys: tuple[int, ...] = ()


def parts_of(sheet: Sheet) -> list[Part]:
    """The lists of a sheet; cards and statistics are filled when the edition is made."""
    parts = Plan.of(sheet.round.plan).parts
    return [part for part in parts if part.shape == "list" and part.record_set in offers.known()]


def reading(act: Act, sheet: Sheet) -> Act:
    """The act of a department that reads what a community confirmed for it: this community's rows, masked."""
    span = Span(sheet.area.pk, sheet.area.hi)
    verbs = {offers.known()[part.record_set].needs for part in parts_of(sheet)}
    return act.on(spans=(span,), verbs=act.verbs | verbs)


def received(act: Act, sheet: Sheet, part: Part, look: Looking) -> Leaf:
    """One screen of a sheet as its department sees it once it was confirmed: only the columns it asked."""
    with crossing(Span(sheet.area.pk, sheet.area.hi)):
        return leaf(reading(act, sheet), sheet, part, look, house=system_act(act.at))


def leaf(act: Act, sheet: Sheet, part: Part, look: Looking, *, house: Act | None = None) -> Leaf:
    """One screen of a sheet; eight statements at most, whatever its size.

    `house` finds whom the list is about where the reader's post does not tell the marks by which they were chosen.
    """
    name = _named(act, part)
    heads = _heads(act, part, name)
    elements = tuple(dict.fromkeys(head.element for head in heads if head.element))
    query = Query(
        part.record_set,
        tuple(dict.fromkeys([*elements, name])),
        groups_of(part.conditions),
        (Span(sheet.area.pk, sheet.area.hi),),
        text=look.q,
    )
    if house is None:
        batch, after = _rows(act, sheet, query, look)
    else:
        page = offers.page(house, replace(query, elements=()), look.after, look.size)
        bare, after = replace(query, conditions=(), text=""), page.more
        batch = offers.some(act, bare, page.batch.keys, with_sources=True)
    found = Leaf(part, heads, after=after)
    gaps = _gaps(sheet, part, batch.keys)
    before = _before(act, sheet, query, batch.keys)
    for at, key in enumerate(batch.keys):
        cells = [_cell(head, batch, at, gaps, before, part) for head in heads]
        _add(part, cells)
        remark = gaps.get((key, ""))
        title = offers.shown(selectors.element(name), batch.values[name][at])
        found.lines.append(Line(key, title or str(key), cells, remark))
    return found


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many records of a sheet the reader's post does not show, and whose post does."""

    many: int
    posts: tuple[str, ...]


def unseen(act: Act, sheet: Sheet) -> Unseen | None:
    """What is hidden from whoever may not see the marks by which a list was chosen; None where nothing is."""
    parts = parts_of(sheet)
    kept = {verb for part in parts if (verb := _kept_from(act, part))}
    if not kept:
        return None
    span = (Span(sheet.area.pk, sheet.area.hi),)
    shown = sum(
        offers.count(act, Query(part.record_set, (), groups_of(part.conditions), span))
        for part in parts
    )
    posts = {str(p.title): None for verb in sorted(kept) for p in hats.cleared_posts(verb)}
    return Unseen(sheet.rows - shown, tuple(posts)) if shown < sheet.rows else None


def _kept_from(act: Act, part: Part) -> str:
    """The verb that the reader lacks to see everybody whom a list is about; empty where none is lacking."""
    offer = offers.known()[part.record_set]
    if not offer.sensitive or (act.sensitive and act.may(offer.sensitive)):
        return ""
    asked = {each.element for group in groups_of(part.conditions) for each in group}
    walled = any(selectors.element(code).record_set in offer.walled for code in asked)
    return offer.sensitive if walled else ""


def _heads(act: Act, part: Part, name: str) -> list[Head]:
    known = {one.element.code for one in offers.readable(act, part.record_set)}
    shown = [column for column in part.columns if column.way is not Way.NUMBER]
    last = Counter(column.path[-1] for column in shown if column.path)
    heads = [
        replace(head, title=column.path[-1]) if last[column.path[-1]] == 1 else head
        for column in shown
        if (head := _head(part, column, known))
    ]
    names = [at for at, head in enumerate(heads) if head.element == name and not head.column.part]
    for at in names[:1]:
        heads[at] = replace(heads[at], naming=True)
    return heads


def _head(part: Part, column: Column, known: Collection[str]) -> Head:
    if column.way is Way.KNOWN:
        element = element_of(part.record_set, column.element, column.part)
        if element not in known:
            return Head(column, column.label, why=_t("您的岗位不查看，定版时填入"), closed=True)
        mends = answering.answers(part.record_set, element)
        fit = _FIT.get(selectors.element(element).kind, "")
        return Head(column, column.label, element, mends=mends, fit=fit)
    why = {
        Way.COUNTED: _t("系统计数，定版时填入"),
        Way.ADDED: _t("系统相加，要加的都有了才填"),
        Way.BLANK: _t("留空"),
    }
    return Head(column, column.label, why=why.get(column.way, ""))


def _named(act: Act, part: Part) -> str:
    held = {one.element.code for one in offers.readable(act, part.record_set)}
    wanted = (f"{part.record_set}.name", f"{part.record_set}.address", *sorted(held))
    return next(each for each in wanted if each in held)


def _rows(act: Act, sheet: Sheet, query: Query, look: Looking) -> tuple[Batch, int]:
    if look.keys:
        return offers.some(act, query, look.keys, with_sources=True), 0
    if not look.only:
        page = offers.page(act, query, look.after, look.size, with_sources=True)
        return page.batch, page.more
    rows = Gap.objects.filter(
        sheet=sheet, state=Gap.State.OPEN, record_set=query.record_set, record__gt=look.after
    )
    most = FOUND_MOST if look.q else look.size + 1
    keys = list(rows.order_by("record").values_list("record", flat=True).distinct()[:most])
    shown = keys if look.q else keys[: look.size]
    batch = offers.some(act, query, shown, with_sources=True)
    return batch, keys[look.size - 1] if not look.q and len(keys) > look.size else 0


def _gaps(sheet: Sheet, part: Part, keys: Sequence[int]) -> Mapping[tuple[int, str], Gap]:
    """Questions by record and column, and by record and element where several columns ask one."""
    rows = Gap.objects.filter(sheet=sheet, record_set=part.record_set, record__in=keys)
    found: dict[tuple[int, str], Gap] = {}
    for gap in rows.exclude(state=Gap.State.GONE):
        found[gap.record, gap.column] = gap
        if gap.element:
            found.setdefault((gap.record, gap.element), gap)
    return found


def _before(act: Act, sheet: Sheet, query: Query, keys: Sequence[int]) -> Batch | None:
    """What stood in these rows when the period before was confirmed; none for a first period."""
    if not sheet.round.before_id or not keys:
        return None
    last = Sheet.objects.filter(round=sheet.round.before_id, area=sheet.area_id).first()
    if last is None or last.signed is None:
        return None
    bare = replace(query, conditions=(), text="", on=timezone.localdate(last.signed))
    return offers.some(act, bare, keys)


def _cell(
    head: Head,
    batch: Batch,
    at: int,
    gaps: Mapping[tuple[int, str], Gap],
    before: Batch | None,
    part: Part,
) -> Cell:
    key, element = batch.keys[at], head.element
    gap = gaps.get((key, head.column.key)) or (gaps.get((key, element)) if element else None)
    if head.column.way is Way.OWN:
        return Cell(head, gap.value if gap else "", gap=gap)
    if not element:
        return Cell(head)
    text = _text(head, batch.values[element][at])
    source = _source(batch.said.get(element, [None] * len(batch.keys))[at]) if text else ""
    return Cell(head, text, source, gap, _was(head, before, key, text))


def _add(part: Part, cells: list[Cell]) -> None:
    """Write the sums of a row as they stand; one stays blank while something that it adds is not known."""
    by_key = {each.head.column.key: each for each in cells}
    for cell in cells:
        column = cell.head.column
        if column.way is Way.ADDED:
            keys = [part.columns[at].key for at in column.adds if at < len(part.columns)]
            told = [_adds(by_key[key]) for key in keys if key in by_key]
            total = totals.added(told) if len(told) == len(column.adds) else None
            cell.text = "" if total is None else str(total)
            cell.source = _t("系统相加") if cell.text else ""


def _adds(cell: Cell) -> tuple[object, str | None]:
    own = cell.head.column.way is Way.OWN
    none = own and cell.gap is not None and cell.gap.state == Gap.State.NONE
    return "" if none else cell.text or None, cell.text or None


def _text(head: Head, value: object) -> str:
    if head.column.part and isinstance(value, list | tuple):
        return "√" if head.column.part in value else ""
    return offers.shown(selectors.element(head.element), value)


def _source(said: Said | None) -> str:
    if said is None:
        return _t("登记时填写")
    told = {"title": said.title, "day": said.as_of}
    return _t("%(title)s（%(day)s）") % told if said.as_of else str(said.title)


def _was(head: Head, before: Batch | None, key: int, now: str) -> str | None:
    """What stood there a period ago, where it was something else; a person who was not there then says nothing."""
    if before is None or key not in before.keys:
        return None
    text = _text(head, before.values[head.element][before.keys.index(key)])
    return text if text != now else None


def counts(act: Act, sheet: Sheet) -> tuple[int, int] | None:
    """How many records came and went since the period before was confirmed; None for a first period."""
    last = (
        Sheet.objects.filter(round=sheet.round.before_id, area=sheet.area_id).first()
        if sheet.round.before_id
        else None
    )
    if last is None or last.signed is None:
        return None
    now: set[int] = set()
    then: set[int] = set()
    for part in parts_of(sheet):
        query = Query(
            part.record_set,
            (),
            groups_of(part.conditions),
            (Span(sheet.area.pk, sheet.area.hi),),
        )
        now |= set(offers.keys(act, query, 50_000))
        then |= set(offers.keys(act, replace(query, on=timezone.localdate(last.signed)), 50_000))
    return len(now - then), len(then - now)
