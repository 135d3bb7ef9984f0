"""What stood in a row before, and who changed it: drawn from the former values kept by trigger."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from linli.capabilities.registry.models import Past
from linli.capabilities.registry.selectors.dossier import names_of
from linli.capabilities.registry.selectors.telling import FIELDS, TABLES, value
from linli.kernel.acts import Act
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.offers.shapes import Change

MOST = 40
UNSAID = frozenset({"sources", "more", "tokens", "changed", "account_id"})


def changes(record_set: str, act: Act, key: int) -> list[Change]:
    """The former values of one row, newest first; a person's with those of their residences, ties and tags."""
    rows = Past.objects.filter(table=f"registry_{record_set}", row=key)
    if record_set == "person":
        rows = Past.objects.filter(person=key)
    found = list(rows.order_by("-id")[:MOST])
    names = names_of({past.actor for past in found})
    return [
        Change(
            past.at,
            names.get(past.actor or 0, ""),
            str(TABLES.get(past.table, _t("更正"))),
            tuple(_before(past)),
        )
        for past in found
    ]


def _before(past: Past) -> list[tuple[str, str]]:
    record_set = past.table.removeprefix("registry_")
    said = []
    for name, raw in past.before.items():
        if name in UNSAID or name.endswith("_index"):
            continue
        element = dictionary.element_of(record_set, name)
        title = element.label if element else str(FIELDS.get(name, ""))
        if title:
            said.append((title, value(name, raw)))
    return said
