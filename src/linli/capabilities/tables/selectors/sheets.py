"""Sheets of a community as they stand, and what is still missing on one, record by record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, CharField, Count, F, Min, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from linli.capabilities.admission.selectors.elsewhere import worked_on
from linli.capabilities.registry.selectors.doors import addresses_of
from linli.capabilities.tables.models import Gap, Sheet
from linli.capabilities.tables.rules import Plan, share
from linli.kernel.acts import Act
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers import Query

PAGE = 30
SheetRow = Sheet
GapRow = Gap
SENT = ("received", "accepted", "delivered")
WITHOUT = (Gap.State.NONE, Gap.State.UNKNOWN, Gap.State.DECLINED)
_OPEN = (Sheet.State.FILLING, Sheet.State.RETURNED)
# Nobody of the community belongs in any of its lists; what systems count alone has no list.
EMPTY = Q(rows=0, state__in=_OPEN, round__plan__parts__contains=[{"shape": "list"}])
SHOWS = {
    "open": _OPEN,
    "empty": _OPEN,
    "signed": (Sheet.State.SIGNED,),
    "done": (Sheet.State.ACCEPTED,),
}


def _mine(act: Act) -> Q:
    """Sheets of the communities in sight that their streets have handed on."""
    found = Q(pk__in=[])
    for span in act.spans:
        found |= Q(area__gte=span.lo, area__lt=span.hi)
    return found & Q(demand__state__in=SENT) & ~Q(state=Sheet.State.COUNTING)


@dataclass(frozen=True, slots=True)
class SheetsPage:
    """One screen of sheets, newest first; `after` begins the next, 0 on the last."""

    rows: Sequence[Sheet]
    after: int = 0

    @property
    def next_href(self) -> str:
        """The address of the next page."""
        return f"?after={self.after}" if self.after else ""


def sheets(act: Act, show: str = "open", after: int = 0, size: int = PAGE) -> SheetsPage:
    """Sheets to be confirmed, or already handed in; one statement."""
    states = SHOWS.get(show, SHOWS["open"])
    rows = Sheet.objects.filter(_mine(act), state__in=states)
    rows = rows.filter(EMPTY if show == "empty" else Q())
    rows = rows.select_related("round", "round__unit", "area", "demand")
    if after:
        rows = rows.filter(pk__lt=after)
    missing = Count("gaps", filter=Q(gaps__state=Gap.State.OPEN))
    found = list(rows.annotate(missing=missing).order_by("-pk")[: size + 1])
    return SheetsPage(found[:size], found[size - 1].pk if len(found) > size else 0)


def empties(act: Act) -> int:
    """How many sheets in sight wait for nothing but the word that they are empty; one statement."""
    return Sheet.objects.filter(_mine(act) & EMPTY).count()


def empty(row: Sheet) -> bool:
    """Whether a sheet's lists are about nobody in its community, as it was counted last."""
    return row.rows == 0 and bool(Plan.of(row.round.plan).lists)


def sheet(act: Act, key: int) -> Sheet | None:
    """One sheet of a community in sight."""
    rows = Sheet.objects.filter(_mine(act), pk=key)
    return rows.select_related("round", "round__unit", "area", "demand").first()


@worked_on
def page_of_demand(act: Act, demand: int) -> str:
    """The address of the sheet by which a demand is met; empty where it is none of a form, or not in sight."""
    if not act.may("tables.answer"):
        return ""
    key = Sheet.objects.filter(_mine(act), demand=demand).values_list("pk", flat=True).first()
    return reverse("tables:sheet", args=[key]) if key else ""


@dataclass(slots=True)
class Missing:
    """One record with what is missing of it."""

    record_set: str
    record: int
    name: str = ""
    gaps: list[Gap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a sheet is: the share that was known at once, what was asked and told since, what the department marked."""

    known: float
    open: int
    filled: int
    without: int
    marked: int


def standing(row: Sheet) -> Standing:
    """How far one sheet is; one statement."""
    rows = Gap.objects.filter(sheet=row)
    told = rows.aggregate(
        open=Count("pk", filter=Q(state=Gap.State.OPEN)),
        filled=Count("pk", filter=Q(state=Gap.State.FILLED, carried=False)),
        without=Count("pk", filter=Q(state__in=WITHOUT)),
        marked=Count("pk", filter=Q(state=Gap.State.OPEN) & ~Q(remark="")),
    )
    return Standing(share(row.known, row.cells), **told)


def named_in(act: Act, row: Sheet, sent: Iterable[str]) -> list[Missing]:
    """The questions of one sheet that fields `gap-<id>` were sent for, whether they are open or not any more."""
    gaps = Gap.objects.filter(pk__in=_keys(sent), sheet=row).exclude(state=Gap.State.GONE)
    return named(act, gaps.order_by("record", "pk"), once=False)


def _keys(sent: Iterable[str]) -> list[int]:
    told = (name.split("-", 1)[1] for name in sent if name.startswith(("gap-", "how-")))
    return [int(each) for each in told if each.isascii() and each.isdigit() and len(each) < 19]


def at_home(act: Act, household: int, sent: Iterable[str] = ()) -> list[Missing]:
    """Everything that is missing of one household, whichever table asks for it; each question once.

    With what was `sent`, also what somebody else answered in the meantime.
    """
    asked = Gap.objects.filter(_HANDED, household=household)
    rows = asked.filter(state=Gap.State.OPEN).order_by("record", "pk")
    if keys := _keys(sent):
        late = asked.filter(pk__in=keys).exclude(state__in=(Gap.State.OPEN, Gap.State.GONE))
        return named(act, [*late.order_by("record", "pk"), *rows])
    return named(act, rows)


_HANDED = Q(sheet__handed__isnull=False)  # what its street has not handed on is asked nowhere


_QUESTION = Concat(  # of two tables that ask for one element it is one question
    "record_set",
    Value(":"),
    Cast("record", CharField()),
    Value(":"),
    Case(When(element="", then="column"), default="element"),
    output_field=CharField(),
)


@dataclass(frozen=True, slots=True)
class Door:
    """One household where something is missing: how many questions, of how many tables, the first day one is due."""

    household: int
    address: str
    missing: int
    tables: int = 1
    due: datetime | None = None

    @property
    def day(self) -> str:
        """The day by which it has to be asked; empty where none is set."""
        return timezone.localdate(self.due).isoformat() if self.due else ""


def doors(act: Act, most: int = 60) -> list[Door]:
    """The households in sight where something is missing: what is due first, then where most is; two statements."""
    inside = Q(pk__in=[])
    for span in act.spans:
        inside |= Q(area__gte=span.lo, area__lt=span.hi)
    rows = Gap.objects.filter(_HANDED, inside, state=Gap.State.OPEN, household__isnull=False)
    found = list(
        rows.values_list("household")
        .annotate(
            n=Count(_QUESTION, distinct=True),
            tables=Count("sheet", distinct=True),
            due=Min("sheet__round__due"),
        )
        .order_by(F("due").asc(nulls_last=True), "-n", "household")[:most]
    )
    at = addresses_of([each[0] for each in found])
    return [
        Door(key, at.get(key, "") or _t("没有登记房屋"), n, tables, due)
        for key, n, tables, due in found
    ]


def asked_at(act: Act, households: Collection[int]) -> dict[int, str]:
    """How many tables ask for how much at some households, in words; one statement."""
    rows = Gap.objects.filter(household__in=list(households), state=Gap.State.OPEN)
    found = rows.values_list("household").annotate(
        tables=Count("sheet", distinct=True), n=Count(_QUESTION, distinct=True)
    )
    words = _t("%(tables)s 张表，缺 %(n)s 项")
    return {key: words % {"tables": tables, "n": n} for key, tables, n in found}


def address(household: int) -> str:
    """Where a household lives."""
    return addresses_of([household]).get(household, "")


def plans(missing: Iterable[Missing]) -> dict[int, Plan]:
    """The plans of the sheets that ask, by sheet; none where only elements are asked."""
    keys = {gap.sheet_id for each in missing for gap in each.gaps if not gap.element}
    rows = Sheet.objects.filter(pk__in=keys).select_related("round") if keys else ()
    return {row.pk: Plan.of(row.round.plan) for row in rows}


def named(act: Act, gaps: Iterable[Gap], *, once: bool = True) -> list[Missing]:
    """Gaps by record, each question once (or each gap), with the records' names."""
    found: dict[tuple[str, int], Missing] = {}
    seen: set[tuple[str, int, str]] = set()
    for gap in gaps:
        asked = (gap.record_set, gap.record, gap.element or f"{gap.sheet_id}:{gap.column}")
        if once and asked in seen:
            continue
        seen.add(asked)
        key = (gap.record_set, gap.record)
        found.setdefault(key, Missing(*key)).gaps.append(gap)
    for record_set in {each.record_set for each in found.values()}:
        _name(act, record_set, [m for m in found.values() if m.record_set == record_set])
    return list(found.values())


def _name(act: Act, record_set: str, rows: Sequence[Missing]) -> None:
    held = offers.offered(record_set)
    named_by = (f"{record_set}.name", f"{record_set}.address", *held)
    element = next(each for each in named_by if each in held)
    query = Query(record_set, (element,))
    batch = offers.some(act, query, [row.record for row in rows])
    told = dict(zip(batch.keys, batch.values[element], strict=True))
    for row in rows:
        row.name = str(told.get(row.record) or _t("（不在您的范围内）"))


def question(gap: Gap, plans: dict[int, Plan]) -> str:
    """What a gap asks, in the reader's words."""
    if not gap.column:
        return _t("整行重核")
    if gap.element:
        return selectors.element(gap.element).label
    columns = {column.key: column for column in plans.get(gap.sheet_id, Plan()).columns}
    return columns[gap.column].label if gap.column in columns else gap.column
