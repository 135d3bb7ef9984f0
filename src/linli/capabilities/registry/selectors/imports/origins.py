"""Where data comes from: sources, their loads, what they share, what a column may hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, IntegerField, Q, Sum, Window
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, RowNumber

from linli.capabilities.registry.models import (
    Batch,
    Source,
)
from linli.capabilities.registry.reading.columns import takes
from linli.capabilities.registry.reading.elements import SAYS
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.imports.files import in_sight
from linli.kernel.access import offices
from linli.kernel.acts import Act
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area


@dataclass(frozen=True, slots=True)
class Told:
    """A source with what it brought: last load, loads, rows, new ones, what it shares with others."""

    source: Source
    last: datetime | None
    name: str
    loads: int
    rows: int
    new: int
    met: int
    conflicts: int


def sources(act: Act) -> list[Told]:
    """Every source, retired ones last, with its last load and its counts in sight (three statements)."""
    own = own_sources(act)
    done = Batch.objects.filter(in_sight(act), state=Batch.State.DONE)
    newest: dict[int, dict[str, Any]] = {
        row["source"]: dict(row)
        for row in done.annotate(
            n=Window(RowNumber(), partition_by=F("source"), order_by=F("pk").desc())
        )
        .filter(n=1)
        .values("source", "finished", "name")
    }
    summed: dict[int, dict[str, Any]] = {
        row["source"]: dict(row)
        for row in done.values("source").annotate(
            loads=Count("pk", filter=~Q(name="")),
            **{name: Sum(_counted(name)) for name in SUMMED},
        )
    }
    known = Source.objects.order_by(F("retired").asc(nulls_first=True), "rank", "pk")
    if own is not None:
        known = known.filter(code__in=own)
    return [_source(each, newest.get(each.pk, {}), summed.get(each.pk, {})) for each in known]


SUMMED = ("rows", "new", "met", "conflicts", "organisations", "organisations_met")


def _counted(name: str) -> Any:
    return Cast(KeyTextTransform(name, KeyTransform("total", "counts")), IntegerField())


def _source(source: Source, last: dict[str, Any], total: dict[str, Any]) -> Told:
    numbers = {name: int(total.get(name) or 0) for name in ("loads", "rows", "new", "met")}
    numbers["new"] += int(total.get("organisations") or 0)
    numbers["met"] += int(total.get("organisations_met") or 0)
    return Told(
        source,
        last.get("finished"),
        last.get("name", ""),
        conflicts=int(total.get("conflicts") or 0),
        **numbers,
    )


_OVERLAP = """
SELECT one.source_id, two.source_id, count(DISTINCT p.id)
FROM registry_person p
CROSS JOIN LATERAL (SELECT DISTINCT b.source_id FROM jsonb_each_text(p.sources) s
    JOIN registry_batch b ON b.id = s.value::bigint) one
CROSS JOIN LATERAL (SELECT DISTINCT b.source_id FROM jsonb_each_text(p.sources) s
    JOIN registry_batch b ON b.id = s.value::bigint) two
WHERE one.source_id < two.source_id GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 40
"""


def overlap() -> list[tuple[int, int, int]]:
    """How many people in sight two sources both speak of: (source, source, people), most first."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAP)
        return [(int(a), int(b), int(n)) for a, b, n in cursor.fetchall()]


def is_department(act: Act) -> bool:
    """Whether somebody acts for a department: no ground of their own, everything for their unit."""
    return not act.spans and act.unit is not None and act.unit_sight


def own_sources(act: Act) -> frozenset[str] | None:
    """The sources that the actor may bring, by code: a department its own; None: any."""
    if not is_department(act):
        return None
    unit = offices.unit(act.unit)
    if unit is None:
        return frozenset()
    return frozenset(each.code for each in kinds.section().sources if unit.code in each.units)


def grounds(act: Act) -> list[Area]:
    """Where the actor's imports may go: their own areas and those one level below; a department's whole ground."""
    if is_department(act) and (unit := offices.unit(act.unit)) is not None:
        return [places.area(unit.area_id)]
    found: dict[int, Area] = {}
    for span in act.spans:
        top = places.tree().by_id.get(span.lo)
        if top is not None:
            found |= {each.pk: each for each in (top, *places.children(top))}
    return list(found.values())[:300]


def source_choices(act: Act) -> list[tuple[str, str]]:
    """Sources that files may come from: those of the pack and those set up here, without retired ones."""
    own = own_sources(act)
    known = dict(Source.objects.values_list("code", "retired"))
    pack = kinds.section().sources
    by_hand = {each.code for each in pack if each.by_hand}
    found = {each.code: str(each.title) for each in pack}
    found |= dict(Source.objects.exclude(code__in=found).values_list("code", "title"))
    return [
        (code, title)
        for code, title in found.items()
        if known.get(code) is None and code not in by_hand and (own is None or code in own)
    ]


def element_choices(record_set: str = "person") -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column may hold, by record set: (set, [(code, title)]) in the dictionary's order."""
    found: dict[str, list[tuple[str, str]]] = {}
    wanted = SAYS[record_set]
    for each in dictionary.elements().values():
        if each.record_set in wanted and takes(each.code, record_set):
            found.setdefault(str(each.record_set), []).append((each.code, each.label))
    return list(found.items())


def said(code: str, value: str) -> tuple[str, str]:
    """An element and a value of it as people read them."""
    element = dictionary.elements().get(code)
    if element is None:
        return code, value
    return element.label, dictionary.title_of(element.table, value) if element.table else value


def tag_title(code: str) -> str:
    """What a tag is called."""
    return dictionary.title_of("tag", code)


def source(pk: int) -> Source | None:
    """One source by key."""
    return Source.objects.filter(pk=pk).first()
