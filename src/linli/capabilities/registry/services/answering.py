"""An answer to one question about one record, whichever record set it is: written by the verb that record has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Building, Facility, Home, Organisation, Person
from linli.capabilities.registry.selectors.sight import within
from linli.capabilities.registry.services import corrections, organisations, places, values
from linli.capabilities.registry.services.batches import by_hand
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary import selectors

Change = Callable[..., Any]
_VERBS: Mapping[str, tuple[type[Model], frozenset[str], Change]] = {
    "organisation": (Organisation, organisations.CHANGED, organisations.change_organisation),
    "building": (Building, places.BUILDING, places.change_building),
    "home": (Home, places.HOME, places.change_home),
    "facility": (Facility, places.FACILITY, places.change_facility),
}


def answers(record_set: str, element: str) -> bool:
    """Whether somebody at the door can say this value of such a record."""
    found = selectors.book().elements.get(element)
    if found is None or found.record_set != record_set or not found.column:
        return False
    if record_set == "person":
        return values.known_field(found.column) and found.column not in values.IDENTITY
    verb = _VERBS.get(record_set)
    return verb is not None and found.column in verb[1]


def answer(
    act: Act, record_set: str, key: int, *, values: Mapping[str, Any], source: str = "door"
) -> None:
    """Write values by element to one record in sight; Refusal where it is out of sight or cannot be asked so."""
    given = {selectors.element(code).column: value for code, value in values.items()}
    if not all(answers(record_set, code) for code in values):
        raise Refusal(_("这一项不能这样补填，请到它自己的页面办理。"), code="answer")
    if record_set == "person":
        person = Person.objects.filter(pk=key).first()
        corrections.correct(act, _found(person), changes=given, source=source)
        return
    model, _columns, change = _VERBS[record_set]
    row = model._default_manager.filter(within(act), pk=key).first()
    change(act, _found(row), changes=given, batch=by_hand(act, source).pk)


def _found(row: Any) -> Any:
    if row is None:
        raise Refusal(_("这条记录不在您的范围内，或已经没有了。"), code="gone")
    return row
