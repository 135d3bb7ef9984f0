"""The record sets that admission offers to other rooms, read through the kernel's dictionary (decision 0021)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.verbs import READ
from linli.kernel.dictionary.offers.shapes import Column, Join, Offer

TAKES = "admission.export"
_ZONE = "AT TIME ZONE 'Asia/Shanghai'"


def _day(column: str) -> Column:
    return Column(f"({column} {_ZONE})::date", sort=column)


def _unit(column: str) -> Join:
    return Join(f"LEFT JOIN access_unit u ON u.id = {column}")


def _files(owner: str, key: str) -> Join:
    return Join(
        f"LEFT JOIN LATERAL (SELECT count(*) AS n FROM files_file f"
        f" WHERE f.owner_type = '{owner}' AND f.owner_id = {key}) kept ON true"
    )


def _register(record_set: str, table: str, columns: dict[str, Column], **more: Any) -> Offer:
    """One register of communities: its table, read and taken under the same verbs, newest first."""
    alias = table.rsplit(" ", 1)[1]
    joins = more.pop("joins", {})
    if "unit" in joins:
        more["unit"] = f"{alias}.unit_id"
    where = {f"{record_set}.community": Column(f"{alias}.area_id", level="community")}
    return Offer(
        record_set=record_set,
        needs=READ.code,
        takes=TAKES,
        base=f"admission_{table}",
        key=f"{alias}.id",
        area=f"{alias}.area_id",
        order=more.pop("order", (f"-{alias}.id",)),
        columns={f"{record_set}.{name}": column for name, column in columns.items()} | where,
        joins=joins,
        **more,
    )


DEMAND = _register(
    "demand",
    "demand d",
    {
        "title": Column("d.title"),
        "unit": Column("u.name", ("unit",)),
        "kind": Column("d.kind"),
        "basis": Column("coalesce(i.code, g.number)", ("item", "agreement")),
        "funding": Column("coalesce(v.yearly, g.fee)", ("version", "agreement")),
        "frequency": Column("v.frequency", ("version",)),
        "issued": _day("d.issued"),
        "due": _day("d.due"),
        "delivered": _day("d.delivered"),
        "state": Column("d.state"),
        "hours": Column("d.hours"),
        "fields": Column("cardinality(d.fields)"),
        "known": Column("d.known"),
        "by_hand": Column("d.by_hand"),
        "reason": Column("d.reason"),
    },
    title=_("下达的事"),
    # A community reads of a demand once its street has handed it on.
    where="d.issued < %(end)s AND d.state NOT IN ('at_street', 'held')",
    joins={
        "unit": _unit("d.unit_id"),
        "ticket": Join("LEFT JOIN admission_ticket t ON t.id = d.ticket_id"),
        "item": Join("LEFT JOIN admission_item i ON i.id = t.item_id", ("ticket",)),
        "version": Join(
            "LEFT JOIN admission_itemversion v ON v.item_id = t.item_id AND v.number = t.version",
            ("ticket",),
        ),
        "agreement": Join("LEFT JOIN admission_agreement g ON g.id = t.agreement_id", ("ticket",)),
    },
    opens="admission:demand",
    name="d.title",
    files=("admission.demand",),
)

OCCASION = _register(
    "occasion",
    "occasion o",
    {
        "title": Column("o.title"),
        "kind": Column("o.kind"),
        "day": Column("o.day"),
        "place": Column("o.place"),
        "host": Column("o.host"),
        "invited": Column("o.people"),
        "attended": Column("o.attended"),
        "outcome": Column("o.outcome"),
        "unit": Column("u.name", ("unit",)),
        "hours": Column("o.hours"),
        "state": Column("o.state"),
        "item": Column("i.code", ("item",)),
        "minutes": Column("kept.n", ("minutes",)),
    },
    title=_("会议和检查"),
    where="o.state <> 'waiting'",
    order=("-o.day", "-o.id"),
    joins={
        "unit": _unit("o.unit_id"),
        "item": Join("LEFT JOIN admission_item i ON i.id = o.item_id"),
        "minutes": _files("admission.occasion", "o.id"),
    },
    opens="admission:occasion",
    name="o.title",
    files=("admission.occasion",),
)

CERTIFICATE = _register(
    "certificate",
    "certificate c",
    {
        "number": Column("c.number"),
        "title": Column("c.title"),
        "name": Column("c.name"),
        "item": Column("i.code", ("item",)),
        "purpose": Column("c.purpose"),
        "checked": Column("c.checked"),
        "issued": _day("c.at"),
        "void": Column("c.void IS NOT NULL"),
    },
    title=_("社区证明"),
    where="c.at < %(end)s",
    joins={"item": Join("LEFT JOIN admission_item i ON i.id = c.item_id")},
    name="c.number",
    files=("admission.certificate",),
)

SEAL = _register(
    "seal",
    "sealuse s",
    {
        "used": _day("s.at"),
        "applicant": Column("c.name", ("paper",)),
        "reason": Column("s.reason"),
        "basis": Column("coalesce(c.number, g.number)", ("paper", "agreement")),
        "by": Column("s.name"),
        "pictures": Column("kept.n", ("pictures",)),
    },
    title=_("用印"),
    where="s.at < %(end)s",
    joins={
        "paper": Join("LEFT JOIN admission_certificate c ON c.id = s.certificate_id"),
        "agreement": Join("LEFT JOIN admission_agreement g ON g.id = s.agreement_id"),
        "pictures": _files("admission.sealuse", "s.id"),
    },
    name="s.reason",
    files=("admission.sealuse",),
)

AGREEMENT = _register(
    "agreement",
    "agreement g",
    {
        "number": Column("g.number"),
        "title": Column("g.title"),
        "unit": Column("u.name", ("unit",)),
        "fee": Column("g.fee"),
        "paid": Column("g.paid"),
        "budget": Column("g.budget"),
        "start": Column("g.start"),
        "end": Column('g."end"'),
        "acceptance": Column("g.acceptance"),
        "state": Column("g.state"),
    },
    title=_("服务协议"),
    where="g.made < %(end)s",
    joins={"unit": _unit("g.unit_id")},
    name="g.title",
)

PLACEMENT = _register(
    "placement",
    "placement p",
    {
        "title": Column("p.title"),
        "kind": Column("p.kind"),
        "item": Column("i.code", ("item",)),
        "approved": Column("p.item_id IS NOT NULL"),
        "inside": Column("p.inside"),
        "unit": Column("u.name", ("unit",)),
        "since": Column("p.since"),
        "until": Column('p."until"'),
        "basis": Column("p.basis"),
    },
    title=_("挂牌和机构"),
    where="p.since <= %(day)s",
    joins={
        "unit": _unit("p.unit_id"),
        "item": Join("LEFT JOIN admission_item i ON i.id = p.item_id"),
    },
    name="p.title",
    files=("admission.placement",),
)

OFFERS = (DEMAND, OCCASION, CERTIFICATE, SEAL, AGREEMENT, PLACEMENT)
