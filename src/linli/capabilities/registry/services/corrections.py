"""Values corrected by hand, each by precedence; what neither side settles goes to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Conflict, Person, Residence
from linli.capabilities.registry.rules.people import Identity
from linli.capabilities.registry.rules.precedence import (
    ID_BACKED,
    Verdict,
    said_by,
    verdict,
)
from linli.capabilities.registry.services import known, values
from linli.capabilities.registry.services.batches import by_hand
from linli.capabilities.registry.services.people import locked, ours
from linli.capabilities.registry.services.rows import today
from linli.capabilities.registry.services.values import Voice
from linli.kernel.acts import Act, Refusal, action, note


@action("registry.correct", title=_("更正信息"), codes=("source",))
def correct(
    act: Act, person: Person, *, changes: Mapping[str, Any], source: str = "window"
) -> Person:
    """Correct values; a value that a stronger source holds stays, and what was said goes to a decision (R012).

    The fact names the fields taken and those in dispute; no value.
    """
    row = locked(person)
    ours(row)
    for name in changes:
        if not values.known_field(name):
            raise Refusal(_("这一项不能更正。"), field=name, code="unknown-field")
    identity = values.checked_identity(row, changes, today(act))
    _number_is_free(row, identity)
    plain = {name: value for name, value in changes.items() if name not in values.IDENTITY}
    offered = {name: value for name, value in (plain | identity).items()}
    batch = by_hand(act, source)
    taken, disputed = _judged(row, offered, batch)
    for name in taken:
        values.change(row, name, offered[name], batch.pk)
    if taken:
        row.changed = act.at
        _saved(row, taken)
    for name in disputed:
        _dispute(act, row, name, offered[name], batch)
    note(fields=sorted(taken), disputed=sorted(disputed), batch=batch.pk)
    return row


def _judged(row: Person, offered: Mapping[str, Any], batch: Batch) -> tuple[list[str], list[str]]:
    holders = {name: said_by(row.sources, name) for name in offered}
    told = values.voices([*holders.values(), batch.pk])
    verdicts = {
        name: _verdict(row, name, value, told.get(batch.pk), told.get(holders[name] or 0), batch.pk)
        for name, value in offered.items()
    }
    taken = [name for name, found in verdicts.items() if found is Verdict.TAKE]
    # What somebody says by hand is never dropped in silence: a weaker word waits for a decision too.
    against = (Verdict.CONFLICT, Verdict.KEEP)
    return taken, [name for name, found in verdicts.items() if found in against]


def _verdict(
    row: Person, name: str, value: Any, new: Voice | None, held: Voice | None, batch: int
) -> Verdict:
    same = values.same(row, name, value)
    if not same and said_by(row.sources, name) == batch:
        return Verdict.TAKE  # one may mend one's own slip of the same day
    return verdict(
        values.said(new, name),
        values.said(held, name),
        same=same,
        empty=values.empty(row, name),
        id_backed=name in ID_BACKED and row.document is not None,
    )


def _number_is_free(row: Person, identity: Mapping[str, Any]) -> None:
    if "document" not in identity and "document_kind" not in identity:
        return
    number = values.clear(identity.get("document", row.document))
    if not number:
        return
    kind = identity.get("document_kind", row.document_kind)
    asked = Identity(name=identity.get("name", row.name), kind=kind, number=number)
    known.held(asked)
    known.not_known(asked)


def _saved(row: Person, taken: list[str]) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=values.columns(taken))
    except IntegrityError:
        raise Refusal(
            _("这个证件号码已经登记在别人名下。"), field="document", code="number-taken"
        ) from None


def _dispute(act: Act, row: Person, name: str, value: Any, batch: Batch) -> None:
    """Open a conflict, or put the newer word into the one that the same day's batch has opened."""
    area = home_area(act, row)
    Conflict.objects.update_or_create(
        record_set="person",
        row=row.pk,
        field=name,
        batch=batch,
        state=Conflict.State.OPEN,
        defaults={
            "area_id": area,
            "held": values.clear(values.get(row, name)) or None,
            "held_batch_id": _visible(said_by(row.sources, name)),
            "offered": values.clear(value) or None,
            "at": act.at,
        },
    )


def _visible(batch: int | None) -> int | None:
    return batch if batch and values.voices([batch]) else None


def home_area(act: Act, person: Person) -> int:
    """The area in sight that a person belongs to: where they live, else any residence or tie of theirs."""
    stays = Residence.objects.filter(person=person).order_by("-lives", "until", "-id")
    # Open ones first: NULL sorts last in PostgreSQL, so closed ones are asked for only without any open.
    found = stays.filter(until__isnull=True).first() or stays.first()
    if found is not None:
        return found.area_id
    tie = person.ties.order_by("-id").first()
    if tie is not None:
        return tie.area_id
    raise Refusal(_("此人不在您的范围内。"), code="out-of-sight")
