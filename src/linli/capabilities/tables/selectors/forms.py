"""A unit's forms: the list, one to be confirmed, what was settled before, who asks the same already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from linli.capabilities.admission.selectors import lists as admission
from linli.capabilities.tables.models import Edition, Form, Memory, Round
from linli.capabilities.tables.rules import Plan, Way, alike
from linli.kernel.acts import EVERYWHERE, Act, crossing
from linli.kernel.dictionary import offers, selectors

PAGE = 30
SHOWS = {
    "open": ("reading", "broken", "draft", "confirmed"),
    "done": ("shared", "retired"),
}
HEAVY = ("plan", "picture", "undo")
ASKERS_MOST, ASKERS_SHOWN = 400, 5
LITTLE = frozenset(
    {"person.name", "household.head_name", "organisation.name"}
)  # names alone are no data


@dataclass(frozen=True, slots=True)
class FormsPage:
    """One screen of forms, newest first; `after` begins the next, 0 on the last."""

    rows: Sequence[Any]
    after: int = 0

    @property
    def next_href(self) -> str:
        """The address of the next page."""
        return f"?after={self.after}" if self.after else ""


def forms(act: Act, show: str = "open", after: int = 0, size: int = PAGE) -> FormsPage:
    """The forms of the actor's unit with how often each was sent; one statement."""
    rows = Form.objects.filter(unit=act.unit, state__in=SHOWS.get(show, SHOWS["open"]))
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.defer(*HEAVY).annotate(sent=Count("rounds")).order_by("-pk")[: size + 1])
    return FormsPage(found[:size], found[size - 1].pk if len(found) > size else 0)


def form(act: Act, pk: int) -> Form | None:
    """One form of the actor's unit."""
    return Form.objects.filter(unit=act.unit, pk=pk).select_related("unit").first()


def rounds_of(found: Form) -> list[Round]:
    """What was sent of a form, newest first."""
    return list(Round.objects.filter(form=found).defer("plan").order_by("-pk")[:PAGE])


def kept(unit: int) -> dict[str, dict[str, Any]]:
    """What a unit confirmed before, by the key of a heading."""
    return dict(Memory.objects.filter(unit=unit).values_list("key", "column"))


def seen_before(found: Form) -> Form | None:
    """The last confirmed copy of a form in its unit."""
    rows = Form.objects.filter(
        unit=found.unit_id, fingerprint=found.fingerprint, state=Form.State.CONFIRMED
    )
    return rows.exclude(pk=found.pk).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who collects some of a form's fields already: an admitted item, or a form in use.

    `mine`: of one's own unit. `edition` is the newest frozen one that one may open.
    """

    title: str
    who: str
    fields: tuple[str, ...]
    share: float
    mine: bool = False
    edition: int = 0


@dataclass(frozen=True, slots=True)
class Shared:
    """What of a form needs no asking: fields that are registered, and who collects which already."""

    fields: tuple[str, ...]
    held: tuple[str, ...]
    askers: tuple[Asker, ...]

    @property
    def collected(self) -> tuple[str, ...]:
        """Every field that somebody collects already."""
        return tuple(dict.fromkeys(each for asker in self.askers for each in asker.fields))


def shared(act: Act, found: Form, plan: Plan, day: date) -> Shared:
    """Compare a form's fields with everything admitted, sent and registered (R090)."""
    asked = tuple(
        dict.fromkeys(c.element for c in plan.columns if c.way is Way.KNOWN and "." in c.element)
    )
    held = tuple(code for code in asked if _registered(code))
    askers = [*_items(found, asked, day), *_sent(act, found, asked)]
    ranked = sorted(askers, key=lambda each: (-each.share, not each.mine))
    return Shared(asked, held, tuple(ranked[:ASKERS_SHOWN]))


def _registered(code: str) -> bool:
    return any(code in offers.offered(record_set) for record_set in offers.known())


def _items(found: Form, asked: Sequence[str], day: date) -> Iterable[Asker]:
    """Admitted items of others that ask the same; one's own are what a form is sent under."""
    for version in admission.in_force(day).exclude(fields=[]).order_by("item__code")[:ASKERS_MOST]:
        same = tuple(code for code in asked if code in version.fields)
        if set(same) - LITTLE and version.lead and version.lead != found.unit.code:
            yield Asker(version.title, version.owner, same, alike(asked, version.fields))


def _sent(act: Act, found: Form, asked: Sequence[str]) -> Iterable[Asker]:
    """Forms that were sent to communities, of whatever unit: only their titles and fields are read."""
    with crossing(EVERYWHERE):
        rows = list(
            Round.objects.filter(state__in=("counting", "open", "frozen"))
            .exclude(form=found.pk)
            .order_by("form", "-pk")
            .distinct("form")
            .values_list("form_id", "title", "unit_id", "unit__name", "plan")[:ASKERS_MOST]
        )
    editions = _editions([form_id for form_id, *_rest in rows])
    for form_id, title, unit, who, plan in rows:
        theirs = Plan.of(plan).fields
        same = tuple(code for code in asked if code in theirs)
        if set(same) - LITTLE:
            edition = editions.get(form_id, 0)
            yield Asker(title, who, same, alike(asked, theirs), unit == act.unit, edition)


def _editions(forms_: Sequence[int]) -> Mapping[int, int]:
    """The newest edition of each form that stands in sight."""
    rows = Edition.objects.filter(round__form__in=forms_).order_by("pk")
    return dict(rows.values_list("round__form_id", "pk"))


def labels(codes: Iterable[str]) -> list[str]:
    """Fields as people call them."""
    known = selectors.elements()
    return [known[code].label if code in known else code for code in codes]
