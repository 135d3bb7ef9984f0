"""Expressions that several record sets share: addresses, dated rows, who said what, who may see which tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from linli.capabilities.registry.offers.history import changes
from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.selectors.dossier import said
from linli.capabilities.registry.selectors.telling import tag_choices
from linli.capabilities.registry.verbs import READ, SENSITIVE
from linli.kernel.acts import Act
from linli.kernel.acts.act import SYSTEM
from linli.kernel.dictionary.offers.shapes import Column, Join, Offer, Row, Said
from linli.kernel.policy import current
from linli.ui import spoken
from linli.ui.spoken import Spoken

MEMORY = "registry_past"
# An address is written in Chinese, whatever the reader's language.
UNIT = str.__str__(Spoken("单元"))


def open_on(alias: str) -> str:
    """That a dated row held on the day asked for; its last day is not counted."""
    return (
        f"({alias}.since IS NULL OR {alias}.since <= %(day)s)"
        f" AND ({alias}.until IS NULL OR {alias}.until > %(day)s)"
    )


def marked(alias: str) -> str:
    """That a mark held on the day asked for (its last day still counts) and is for the reader's eyes.

    The areas repeat what the wall asks, so that marks are found by tag and area and not by tag in the whole city.
    """
    return (
        f"{{sight[{alias}.area_id]}} AND {alias}.since <= %(day)s AND ({alias}.until IS NULL OR {alias}.until >= %(day)s)"
        f" AND {alias}.code = ANY(%(tags)s)"
    )


def door(home: str, building: str) -> str:
    """A home's address as people write it: 春江花园1幢1单元101."""
    unit = f"CASE WHEN {home}.unit_no <> '' THEN {home}.unit_no || '{UNIT}' ELSE '' END"
    return f"({building}.address || {unit} || {home}.room)"


def sealed(
    alias: str, table: str, name: str, kind: str, joins: tuple[str, ...] = (), **more: Any
) -> Column:
    """A protected column of a table, read through the vault."""
    return Column(
        f"{alias}.{name}",
        joins,
        said=f"{alias}.sources",
        field=name,
        sealed=kind,
        place=f"{table}.{name}",
        **more,
    )


def body(alias: str, column: str) -> Join:
    """The organisation that a column names."""
    return Join(f"LEFT JOIN registry_organisation {alias} ON {alias}.id = {column}")


def says(batches: Collection[int]) -> Mapping[int, Said]:
    """Who stands behind some batches, wherever they lie; one statement."""
    found = said(batches)
    return {
        key: Said(spoken.said(str(each.title)), each.as_of, each.at, key)
        for key, each in found.items()
    }


def record(record_set: str, alias: str, *, title: Any, **more: Any) -> Offer:
    """A record set of one table: rows in force on the day, in the order of their area, with their past and their
    sources; `more` says what differs."""
    usual: dict[str, Any] = {
        "needs": READ.code,
        "takes": "registry.export",
        "base": f"registry_{record_set} {alias}",
        "key": f"{alias}.id",
        "area": f"{alias}.area_id",
        "where": open_on(alias),
        "order": (f"{alias}.area_id", f"{alias}.id"),
        "rows": {record_set: Row(alias, said=f"{alias}.sources")},
        "history": partial(changes, record_set),
        "memory": MEMORY,
        "says": says,
    }
    return Offer(record_set=record_set, title=title, **{**usual, **more})


def tags_for(act: Act) -> dict[str, list[str]]:
    """The tags that an actor may see, as a parameter."""
    if act.actor == SYSTEM:
        return {"tags": [tag.code for tag in current().section(RegistryPolicy).tags]}
    cleared = act.sensitive and act.may(SENSITIVE.code)
    return {"tags": [code for code, _title in tag_choices(act.roles, sensitive=cleared)]}
