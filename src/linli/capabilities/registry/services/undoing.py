"""What was entered by mistake is undone as a whole: every value that the deed changed comes back, history stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Bond,
    Consent,
    Home,
    Household,
    Mark,
    Past,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.registry.selectors.sight import concerns
from linli.capabilities.registry.services import staying
from linli.capabilities.registry.services.rows import said, today
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.acts.models import Fact
from linli.kernel.places.selectors import near_name

REASON_MOST = 200
# What these verbs change is ended or loosened, never entered: their former values say all.
UNDONE = frozenset(
    {
        "registry.death",
        "registry.move_in",
        "registry.move_out",
        "registry.adopt",
        "registry.unmark",
        "registry.unbond",
    }
)
_BEGUN = frozenset({"registry.move_in", "registry.adopt"})
_COLUMNS: Mapping[type[models.Model], frozenset[str]] = {
    Person: frozenset({"died"}),
    Residence: frozenset({"since", "until", "ending", "lives"}),
    Household: frozenset({"head_id", "until"}),
    Home: frozenset({"area_id", "building_id", "unit_no", "room"}),
    Tie: frozenset({"until"}),
    Bond: frozenset({"until", "area_id"}),
    Mark: frozenset({"until", "area_id"}),
    Consent: frozenset({"withdrawn", "area_id"}),
}
_MODELS = {model._meta.db_table: model for model in _COLUMNS}
_DEED = "SELECT set_config('linli.deed', %s, true)"


@contextmanager
def one_deed() -> Iterator[None]:
    """What is changed inside belongs together: the former values and the fact carry the same mark."""
    deed = str(uuid4())
    _told(deed)
    yield
    _told("")
    note(deed=deed)


def _told(deed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DEED, [deed])


@action("registry.undo", title=_("撤销办理"), keep=("reason",))
def undo(act: Act, person: Person, *, fact: int, reason: str) -> Person:
    """Undo a death, a move or an ended tag or bond of somebody, for a reason; refused once something else followed."""
    said(reason, "reason", REASON_MOST, _("撤销原因"))
    deed = Fact.objects.filter(pk=fact, verb__in=UNDONE).first()
    if deed is None or "deed" not in deed.data or not _about(deed, person):
        raise Refusal(_("这一步不能撤销，请刷新。"), code="not-undone")
    if not concerns(act, deed.area):
        place = {"place": near_name(deed.area)}
        raise Refusal(_("这一步由%(place)s办理，只有那里能撤销。") % place, code="theirs")
    note(undone=deed.pk, verb=deed.verb)
    with crossing(EVERYWHERE):
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        pasts = list(Past.objects.filter(deed=deed.data["deed"]).order_by("id"))
        still_so(pasts)
        if deed.verb in _BEGUN:
            _never_was(act, deed.data["residence"])
        _put_back(pasts)
        row.refresh_from_db()
    return row


def _about(fact: Fact, person: Person) -> bool:
    if fact.subject_type == "registry.person":
        return fact.subject_id == person.pk
    models_ = {"registry.mark": Mark, "registry.bond": Bond}
    model = models_.get(fact.subject_type)
    return bool(
        model and model._default_manager.filter(pk=fact.subject_id, person=person.pk).exists()
    )


def _changed(past: Past) -> set[str]:
    return set(past.before) & _COLUMNS[_MODELS[past.table]]


def still_so(pasts: Sequence[Past]) -> None:
    """Refuse when one of the values was changed again, or was put back already."""
    rows: dict[tuple[str, int], list[Past]] = defaultdict(list)
    for past in pasts:
        if past.table in _MODELS:
            rows[past.table, past.row].append(past)
    for (table, key), own in rows.items():
        columns = {name for past in own for name in _changed(past)}
        later = Past.objects.filter(table=table, row=key, id__gt=own[-1].pk)
        if any(columns & set(past.before) for past in later):
            raise Refusal(
                _("后来又办理过别的，或已经撤销，不能再撤销。请按现在的情况更正。"),
                code="changed-since",
            )


def _never_was(act: Act, residence: int) -> None:
    """A stay that was entered by mistake never held a day."""
    stay = Residence.objects.select_for_update(of=("self",)).get(pk=residence)
    if stay.until is not None:
        raise Refusal(_("这条居住登记已经结束，不能再撤销。"), code="changed-since")
    staying.end([stay], stay.since or today(act), staying.CORRECTED)


def _put_back(pasts: Sequence[Past]) -> None:
    values: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for past in reversed(pasts):
        if past.table in _MODELS:
            values[past.table, past.row] |= {name: past.before[name] for name in _changed(past)}
    try:
        with transaction.atomic():
            for (table, key), old in values.items():
                _written(_MODELS[table], key, old)
    except IntegrityError:
        raise Refusal(
            _("此人后来又有了别的登记，不能再撤销。请按现在的情况更正。"), code="changed-since"
        ) from None


def _written(model: type[models.Model], key: int, old: Mapping[str, Any]) -> None:
    row = model._default_manager.select_for_update(of=("self",)).get(pk=key)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for name, value in old.items():
        setattr(row, name, fields[name].to_python(value))
    row.save(update_fields=[fields[name].name for name in old])
