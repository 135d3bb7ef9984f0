"""Fields, units and the values of an item as people call them, and back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.words import AFFAIRS, SPOKEN
from linli.kernel.access import offices
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors as dictionary
from linli.ui.spoken import said


def fields(names: Iterable[str]) -> tuple[str, ...]:
    """Names of fields as the codes of the dictionary where it knows them; others stay as they are."""
    known = _by_name()
    return tuple(known.get(name, name) for name in names)


def _by_name() -> dict[str, str]:
    """Codes of fields by their Chinese names and by those of the reader's language."""
    known = dictionary.elements()
    told = {str(each.label): code for code, each in known.items()}
    return told | {str.__str__(each.title): code for code, each in known.items()}


def field_names(codes: Iterable[str]) -> str:
    """Fields as a person writes them; a code stands where its name would be read as another field's."""
    known = _by_name()
    named = ((field_title(code), code) for code in codes)
    return _t("、").join(
        name if known.get(name, name) in (code, name) else code for name, code in named
    )


def field_title(code: str) -> str:
    """A field as people call it."""
    known = dictionary.elements().get(code)
    return str(known.label) if known else code


def field_titles(codes: Iterable[str]) -> str:
    """Some fields in one line."""
    return " · ".join(field_title(code) for code in codes)


def unit_codes(names: Iterable[str]) -> tuple[str, ...]:
    """Units as people call them as their codes; a code stays one, a name that nobody bears is refused."""
    every = offices.units()
    by_name = {said(unit.name): unit.code for unit in every}
    by_name |= {unit.name: unit.code for unit in every}
    codes = set(by_name.values())
    found = [name if name in codes else by_name.get(name) for name in names]
    if None in found:
        missing = " ".join(n for n, code in zip(names, found, strict=True) if code is None)
        raise Refusal(_("找不到单位：%(names)s。") % {"names": missing}, field="leads", code="unit")
    return tuple(code for code in found if code)


def unit_names(codes: Iterable[str]) -> str:
    """Some units in one line."""
    found = ((offices.unit_coded(code), code) for code in codes)
    return " · ".join(said(unit.name) if unit else code for unit, code in found)


def shown(name: str, value: Any) -> Any:
    """A value of an item as pages show it."""
    if name in SPOKEN:
        return said(str(value or ""))
    if name == "fields":
        return field_titles(value or ())
    if name == "lead":
        return unit_names([value] if value else [])
    if name == "affair":
        return AFFAIRS.get(value, value)
    if name == "inside":
        return "" if value is None else _("内部") if value else _("外部")
    if name in ("yearly", "hours"):
        return f"{found.normalize():f}" if (found := Decimal(value or 0)) else ""
    return value or ""


def written(name: str, value: Any) -> str:
    """A value of an item as a spreadsheet keeps it: empty where there is none, fields by names that lead back to them."""
    if name == "fields":
        return field_names(value or ())
    return "" if value in (None, "") else str(shown(name, value))


def owner_of(version: Any) -> str:
    """The department of an item as its list says it, else the unit that leads it."""
    return said(version.owner) or unit_names([version.lead] if version.lead else [])
