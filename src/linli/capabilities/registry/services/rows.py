"""What the verbs share: an area in sight, values changed with their source, a day that makes sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Person
from linli.capabilities.registry.policy import Attribute
from linli.capabilities.registry.rules import attributes
from linli.capabilities.registry.selectors import kinds
from linli.kernel.acts import Act, Refusal, note
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import LEVELS, Level

UNFIT = {
    "unasked": _("这里不登记这一项。"),
    "number": _("请填数字，并核对大小。"),
    "long": _("写得太长，请缩短。"),
}
Row = TypeVar("Row", bound=models.Model)


def area_in_sight(act: Act, area: int, deepest: Level = Level.GRID) -> Area:
    """A present area that the actor answers for, down to a level; refuses any other."""
    try:
        found = places.area(area)
    except Area.DoesNotExist:
        raise Refusal(_("没有这个区域。"), field="area", code="area") from None
    if not act.sees(found.pk):
        raise Refusal(_("这个区域不在您的管理范围。"), field="area", code="area")
    if found.until is not None:
        raise Refusal(
            _("“%(area)s”已撤销，请选现在的区域。") % {"area": found.name},
            field="area",
            code="ended",
        )
    if LEVELS.index(Level(found.level)) > LEVELS.index(deepest):
        raise Refusal(_("请选到网格为止。"), field="area", code="level")
    return found


def below_street(act: Act, area: int) -> Area:
    """A community or grid in sight: where things stand on the ground."""
    found = area_in_sight(act, area)
    if found.level not in (Level.COMMUNITY, Level.GRID):
        raise Refusal(_("请选到社区或网格。"), field="area", code="level")
    return found


def today(act: Act) -> date:
    """The day of the act where the house stands."""
    return timezone.localdate(act.at)


def past_day(act: Act, day: date | None, field: str = "since") -> date:
    """A day that is not still to come; today when none is given."""
    if day is None:
        return today(act)
    if day > today(act):
        raise Refusal(_("日期还没有到，请核对。"), field=field, code="future")
    return day


def not_before_year(year: int, since: date | None, field: str = "year") -> None:
    """Refuse a year that was over before something began."""
    if since is not None and year < since.year:
        raise Refusal(
            _("%(since)s 年才开始，请填 %(since)s 年或以后的年度。") % {"since": since.year},
            field=field,
            code="before-start",
        )


def not_born(person: Person, day: date, field: str = "since") -> None:
    """Refuse a day on which somebody was not born yet."""
    if person.born is not None and day < person.born:
        raise Refusal(
            _("这一天早于出生日期 %(day)s，请核对。") % {"day": person.born.isoformat()},
            field=field,
            code="before-birth",
        )


def said(text: str, field: str, most: int, title: Any) -> str:
    """A text that must not be empty and must fit."""
    kept = " ".join(text.split())
    if not kept:
        raise Refusal(_("请填写%(what)s。") % {"what": title}, field=field, code="required")
    if len(kept) > most:
        raise Refusal(
            _("%(what)s最多 %(most)s 字。") % {"what": title, "most": most},
            field=field,
            code="long",
        )
    return kept


def source_map(batch: int | None) -> dict[str, int]:
    """Who says so, for a new row: the batch answers for every value."""
    return {} if batch is None else {"*": batch}


def changed(row: Row, changes: Mapping[str, Any], batch: int | None = None) -> Row:
    """Save the values that differ, with their source; the fact names the columns and no value."""
    fields = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in fields:
        setattr(row, name, changes[name])
    kept = list(fields)
    sources = getattr(row, "sources", None)
    if batch is not None and isinstance(sources, dict) and fields:
        sources.update(dict.fromkeys(fields, batch))
        kept.append("sources")
    if kept:
        row.save(update_fields=kept)
    note(fields=sorted(fields))
    return row


def answered(
    codes: Sequence[str], given: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What is kept beside a row: the attributes that its post, station or kind asks for, over what else stands there."""
    asked: list[Attribute] = [kinds.section().attribute_by_code[code] for code in codes]
    try:
        found = attributes.read(asked, given)
    except attributes.Unasked as unasked:
        raise Refusal(UNFIT[unasked.code], field=unasked.field, code=unasked.code) from unasked
    left = {name: value for name, value in (kept or {}).items() if name not in given}
    return {**left, **found}


def allowed(changes: Mapping[str, Any], known: frozenset[str]) -> None:
    """Refuse changes of columns that this verb does not change."""
    for name in changes:
        if name not in known:
            raise Refusal(_("这一项不能这样改。"), field=name, code="column")
