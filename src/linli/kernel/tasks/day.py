"""The one list of a working day: every open task, those of one household merged into one visit, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Case, Count, F, Max, Min, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _t

from linli.kernel.acts import Act
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Query
from linli.kernel.places import selectors as places
from linli.kernel.tasks import kinds
from linli.kernel.tasks.models import Task
from linli.kernel.tasks.selectors import mine

PAGE, PAPER_MOST = 40, 400
WHEN = ("overdue", "today", "week", "undated")
ADDRESS = "home.address"


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list is wanted: a group of kinds, a time, visits only; and from which stop on."""

    group: str = ""
    when: str = ""
    visits: bool = False
    after: int = 0

    def query(self, **changes: object) -> str:
        """The same as a query string, with some parts changed."""
        now = replace(self, **{"after": 0, **changes})  # type: ignore[arg-type]
        pairs = {
            "group": now.group,
            "when": now.when,
            "visits": "yes" if now.visits else "",
            "after": str(now.after or ""),
        }
        return urlencode({name: value for name, value in pairs.items() if value})


@dataclass(frozen=True, slots=True)
class Item:
    """One task of a stop: what it is, how it stands, the page that does it."""

    pk: int
    title: str
    kind: str
    icon: str
    href: str
    due: datetime | None
    words: str = ""


@dataclass(slots=True)
class Stop:
    """One thing to go to: a household with everything due there, or one task; `tone` says how urgent it is."""

    due: datetime | None
    tone: str
    place: str
    household: int | None = None
    items: list[Item] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Of a visit the address, of one task what is to be done."""
        return self.place if self.household else self.items[0].title


@dataclass(frozen=True, slots=True)
class Figures:
    """How many open tasks by time, how many stops they make, how many fall to each group of kinds."""

    open: int
    stops: int
    overdue: int
    today: int
    week: int
    undated: int
    visits: int
    groups: dict[str, int]


@dataclass(slots=True)
class Day:
    """One screen of the list; `more` is the place in it from which the next begins, 0 on the last."""

    sections: list[tuple[str, str, list[Stop]]]
    more: int = 0

    @property
    def stops(self) -> list[Stop]:
        """All stops, without their sections."""
        return [stop for _code, _title, held in self.sections for stop in held]


def figures(act: Act) -> Figures:
    """The figures above the list; two statements."""
    tonight, week = _ends(act)
    own = Task.objects.filter(mine(act), done_at__isnull=True)
    homes = own.aggregate(n=Count("household", distinct=True))["n"]
    rows = own.values("kind").annotate(
        n=Count("id"),
        late=Count("id", filter=Q(due__lt=act.at)),
        now=Count("id", filter=Q(due__gte=act.at, due__lt=tonight)),
        soon=Count("id", filter=Q(due__gte=tonight, due__lt=week)),
        bare=Count("id", filter=Q(due__isnull=True)),
        at_home=Count("id", filter=Q(household__isnull=False)),
    )
    found = list(rows)
    total = sum(row["n"] for row in found)
    by_group: dict[str, int] = {}
    for row in found:
        title = str(kinds.kind_of(row["kind"]).group)
        by_group[title] = by_group.get(title, 0) + row["n"]
    return Figures(
        open=total,
        stops=total - sum(row["at_home"] for row in found) + homes,
        overdue=sum(row["late"] for row in found),
        today=sum(row["now"] for row in found),
        week=sum(row["soon"] for row in found),
        undated=sum(row["bare"] for row in found),
        visits=homes,
        groups={title: n for title in kinds.groups() if (n := by_group.get(title))}
        | {title: n for title, n in by_group.items() if title not in kinds.groups()},
    )


def _ends(act: Act) -> tuple[datetime, datetime]:
    """Midnight of the day, and of the seventh day from it."""
    day = timezone.localtime(act.at).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1), day + timedelta(days=7)


def _asked(act: Act, asked: Asked) -> QuerySet[Task]:
    tonight, week = _ends(act)
    rows = Task.objects.filter(mine(act), done_at__isnull=True)
    if asked.group:
        rows = rows.filter(_in_group(asked.group))
    if asked.visits:
        rows = rows.filter(household__isnull=False)
    times = {
        "overdue": Q(due__lt=act.at),
        "today": Q(due__gte=act.at, due__lt=tonight),
        "week": Q(due__gte=tonight, due__lt=week),
        "undated": Q(due__isnull=True),
    }
    return rows.filter(times[asked.when]) if asked.when in times else rows


def _in_group(title: str) -> Q:
    wanted = kinds.groups().get(title)
    if wanted is not None:
        return Q(kind__in=wanted)
    return ~Q(kind__in=list(kinds.declared()))


def day(act: Act, asked: Asked | None = None, size: int = PAGE) -> Day:
    """One screen of the list: the stops with their tasks; at most two statements and one for each kind that has words.

    Everything due at one household is one stop, at the time of the earliest, so that one visit does all of it.
    """
    asked = asked or Asked()
    rows = (
        _asked(act, asked)
        .annotate(
            stop=Case(
                When(household__isnull=False, then=F("household")),
                default=-F("id"),
                output_field=BigIntegerField(),
            )
        )
        .values("stop")
        .annotate(first=Min("due"), top=Max("weight"), tasks=ArrayAgg("id"))
        .order_by(F("first").asc(nulls_last=True), "-top", "stop")
    )
    found = list(rows[asked.after : asked.after + size + 1])
    stops = _stops(act, [(row["stop"], row["tasks"]) for row in found[:size]])
    return Day(_sections(act, stops), asked.after + size if len(found) > size else 0)


def _stops(act: Act, held: Sequence[tuple[int, list[int]]]) -> list[Stop]:
    keys = [key for _stop, tasks in held for key in tasks]
    tasks = {task.pk: task for task in Task.objects.filter(pk__in=keys)}
    words = _words(act, tasks.values())
    addresses = _addresses(act, [stop for stop, _tasks in held if stop > 0])
    made = []
    for stop, keys in held:
        own = sorted((tasks[key] for key in keys if key in tasks), key=_urgency)
        if own:
            household = stop if stop > 0 else None
            place = addresses.get(stop, "") if household else places.near_name(own[0].area)
            items = [_item(task, words.get(task.pk, "")) for task in own]
            due = own[0].due
            made.append(Stop(due, tone(act, due), place, household, items))
    return made


def _urgency(task: Task) -> tuple[bool, float, int, int]:
    due = task.due.timestamp() if task.due else 0.0
    return (task.due is None, due, -task.weight, task.pk)


def _item(task: Task, words: str) -> Item:
    kind = kinds.kind_of(task.kind)
    link = kinds.href(kind, task.subject_id)
    return Item(
        task.pk, task.title or str(kind.title), str(kind.title), kind.icon, link, task.due, words
    )


def _words(act: Act, tasks: Iterable[Task]) -> dict[int, str]:
    """How things stand with the tasks whose rooms say so, by task."""
    by_kind: dict[str, dict[int, int]] = {}
    for task in tasks:
        by_kind.setdefault(task.kind, {})[task.subject_id] = task.pk
    found: dict[int, str] = {}
    for code, subjects in by_kind.items():
        said = kinds.said(act, kinds.kind_of(code), list(subjects))
        found |= {subjects[key]: words for key, words in said.items()}
    return found


def _addresses(act: Act, households: Sequence[int]) -> dict[int, str]:
    """Where households live, as the room that keeps them says it to the actor; one statement."""
    unknown = _t("没有登记房屋")
    kept = offers.known().get("household")
    if not households or kept is None or not act.may(kept.needs):
        return dict.fromkeys(households, unknown)
    batch = offers.some(act, Query("household", (ADDRESS,)), households)
    said = dict(zip(batch.keys, batch.values[ADDRESS], strict=True))
    return {key: said.get(key) or unknown for key in households}


def tone(act: Act, due: datetime | None) -> str:
    """How urgent a time is: overdue, today, week, later, undated."""
    tonight, week = _ends(act)
    if due is None:
        return "undated"
    ends = (("overdue", act.at), ("today", tonight), ("week", week))
    return next((code for code, end in ends if due < end), "later")


def _sections(act: Act, stops: Sequence[Stop]) -> list[tuple[str, str, list[Stop]]]:
    titles = {
        "overdue": _t("已超期"),
        "today": _t("今天"),
        "week": _t("七天内"),
        "later": _t("以后"),
        "undated": _t("没有期限"),
    }
    found = [(code, title, [s for s in stops if s.tone == code]) for code, title in titles.items()]
    return [section for section in found if section[2]]
