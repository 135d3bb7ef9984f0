"""A file before its import: which source, which columns, what was confirmed before; nothing is written to the registry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Layout, Source
from linli.capabilities.registry.reading import SETS, Plan, Table, open_table, other_source
from linli.capabilities.registry.reading import plan as planned
from linli.capabilities.registry.reading.besides import MARKED
from linli.capabilities.registry.reading.columns import ORGANISATIONS, Style
from linli.capabilities.registry.services.imports import departments, profiles, shelf
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import selectors as dictionary

CONFIRMED = (Batch.State.CHECKED, Batch.State.RUNNING, Batch.State.FAILED)
OPEN = (Batch.State.READ, *CONFIRMED)
_FILES = 7_116_013  # the advisory locks of files on their way in


@lru_cache(maxsize=4096)
def score(heading: str) -> float:
    """How well the dictionary knows a heading (0..1)."""
    matches = dictionary.look_up(heading, (*SETS, ORGANISATIONS))
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
    if found.blocked and style.record_set != ORGANISATIONS:
        # No column of names: perhaps the rows are organisations.
        bodies = Style(record_set=ORGANISATIONS)
        other = _recognised(table, bodies)
        if not other.blocked:
            found, style = other, bodies
    layout = Layout.objects.filter(
        source=source, record_set=found.record_set, signature=found.signature
    ).first()
    if layout is not None:
        return planned(table, lambda _h: (), layout.columns, style)
    return other_source(found, source.profile or source.code, profiles.headings())


def _recognised(table: Table, style: Style) -> Plan:
    sets = (ORGANISATIONS,) if style.record_set == ORGANISATIONS else SETS
    return planned(table, lambda heading: dictionary.look_up(heading, sets), None, style)


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
    elements = [each.element for each in plan.columns]
    Layout.objects.update_or_create(
        source=source,
        record_set=plan.record_set,
        signature=plan.signature,
        defaults={"columns": elements, "used": timezone.now()},
    )
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
