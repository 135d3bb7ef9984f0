"""A file before its import: which source, which columns, what was confirmed before; nothing is written to the registry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Layout, Source
from linli.capabilities.registry.reading import Plan, Table, open_table, other_source
from linli.capabilities.registry.reading import plan as planned
from linli.capabilities.registry.reading.besides import MARKED
from linli.capabilities.registry.reading.columns import Style
from linli.capabilities.registry.reading.elements import HOLDINGS, HOMES, ORGANISATIONS, SAYS
from linli.capabilities.registry.services.imports import departments, profiles, shelf
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.headings import SURE

CONFIRMED = (Batch.State.CHECKED, Batch.State.RUNNING, Batch.State.FAILED)
OPEN = (Batch.State.READ, *CONFIRMED)
_FILES = 7_116_013  # the advisory locks of files on their way in


@lru_cache(maxsize=4096)
def score(heading: str) -> float:
    """How well the dictionary knows a heading (0..1)."""
    matches = dictionary.look_up(heading, {each for sets in SAYS.values() for each in sets})
    return matches[0].score if matches else 0.0


def seen(file: Path) -> str:
    """The digest by which a file is known again."""
    whole = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(2**20):
            whole.update(block)
    return whole.hexdigest()


def source_of(name: str) -> Source:
    """A source by code or title; one that the pack declares is set up when first asked for."""
    found = Source.objects.filter(Q(code=name) | Q(title=name), retired__isnull=True).first()
    if found is not None:
        return found
    declared = profiles.declared(name)
    if declared is not None:
        return Source.objects.get_or_create(code=declared["code"], defaults=declared)[0]
    known = str(_("、")).join(
        [
            *Source.objects.filter(retired__isnull=True).values_list("code", flat=True),
            *profiles.codes(),
        ]
    )
    raise Refusal(
        _("没有“%(name)s”这个数据来源。可用的有：%(known)s") % {"name": name, "known": known},
        field="source",
        code="source",
    )


def propose(source: Source, file: Path, *, sheet: str = "") -> Plan:
    """How a file of a source would be read: as confirmed before for the same headings, else as recognised."""
    return proposed(source, open_table(file, score, sheet=sheet))


def proposed(source: Source, table: Table) -> Plan:
    """How a table of a source would be read."""
    style = profiles.style(source.profile or source.code, table.heading.names)
    found = _recognised(table, style)
    for other in _others(table, found, style):
        found, style = other, Style(record_set=other.record_set)
    layout = Layout.objects.filter(
        source=source, record_set=found.record_set, signature=found.signature
    ).first()
    if layout is not None:
        return planned(table, lambda _h: (), layout.columns, style)
    return other_source(found, source.profile or source.code, profiles.known())


def _recognised(table: Table, style: Style) -> Plan:
    sets = SAYS[style.record_set]
    return planned(table, lambda heading: dictionary.look_up(heading, sets), None, style)


def _others(table: Table, found: Plan, style: Style) -> Iterator[Plan]:
    """A better reading, if the rows are something else: the first of the kinds that the columns allow."""
    if style.title and not found.blocked:
        if found.record_set == HOMES and (people := _named(table)) is not None:
            yield people
        return
    if not found.blocked:
        if found.record_set == "person" and _is_roster(roster := _as(table, HOLDINGS)):
            yield roster
        return
    for kind in (ORGANISATIONS, HOMES):
        other = _as(table, kind)
        if kind != found.record_set and not other.blocked:
            yield other
            return


def _as(table: Table, record_set: str) -> Plan:
    return _recognised(table, Style(record_set=record_set))


def _named(table: Table) -> Plan | None:
    """The table read as one of people, if it names them: who lives behind a door comes before the door."""
    people = _as(table, "person")
    return people if not people.blocked else None


def _is_roster(plan: Plan) -> bool:
    """Whether columns surely say who holds which post, for which term or from which day."""
    sure = {each.element for each in plan.columns if each.score >= SURE}
    more = sure & {"holding.term", "holding.since"}
    return not plan.blocked and {"holding.name", "holding.post"} <= sure and bool(more)


@action("registry.import_plan", title=_("准备导入"))
def begin(
    act: Act,
    *,
    source: Source,
    file: Path,
    plan: Plan,
    area: int,
    as_of: date | None = None,
    name: str = "",
) -> Batch:
    """Confirm how a file is read; the layout is remembered, the batch waits to be run.

    A batch of the same file and source that was broken off is returned instead, to go on with.
    """
    departments.may_bring(act, source)
    if plan.blocked:
        raise Refusal(plan.blocked, field="file", code="blocked")
    digest = seen(file)
    one_at_a_time(shelf.name_of(digest, source.pk, area))
    if (found := unfinished(source, digest, area, CONFIRMED)) is not None:
        note(resumed=True)
        return found
    remember(source, plan)
    return Batch.objects.create(
        area_id=area,
        source=source,
        account_id=act.actor or None,
        unit_id=act.unit,
        name=name or file.name,
        digest=digest,
        as_of=as_of or timezone.localdate(act.at),
        plan=plan.as_json(),
        record_set=plan.record_set,
        state=Batch.State.CHECKED,
    )


def remember(source: Source, plan: Plan) -> None:
    """Keep how files of a source with these headings are read."""
    Layout.objects.update_or_create(
        source=source,
        record_set=plan.record_set,
        signature=plan.signature,
        defaults={"columns": [each.element for each in plan.columns], "used": timezone.now()},
    )


def one_at_a_time(name: str) -> None:
    """Whoever brings the same file at this moment waits, and then finds the batch that was made of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_FILES, name])


def unfinished(
    source: Source, digest: str, area: int, states: tuple[Batch.State, ...] = OPEN
) -> Batch | None:
    """The batch of the same file and source that was not brought to its end."""
    same = Batch.objects.filter(source=source, digest=digest, area_id=area, state__in=states)
    return same.order_by("-id").first()


def choose(plan: Plan, elements: Mapping[int, str], always: Iterable[str] | None = None) -> Plan:
    """A plan with columns as a person set them: element by number of column, empty for unused."""
    known = dictionary.elements()
    for code in elements.values():
        tag = code.removeprefix(MARKED) if code.startswith(MARKED) else ""
        if code and code not in known and tag not in dictionary.table("tag").by_code:
            raise Refusal(_("没有这个数据项。"), field="columns", code="element")
    return plan.chosen(elements, always)
