"""The record sets that admission offers to other rooms, read through the kernel's dictionary (decision 0021)."""

from __future__ import annotations

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


DEMAND = Offer(
    record_set="demand",
    title=_("下达的事"),
    needs=READ.code,
    takes=TAKES,
    base="admission_demand d",
    key="d.id",
    area="d.area_id",
    # A community reads of a demand once its street has handed it on.
    where="d.issued < %(end)s AND d.state NOT IN ('at_street', 'held')",
    order=("-d.id",),
    columns={
        "demand.title": Column("d.title"),
        "demand.unit": Column("u.name", ("unit",)),
        "demand.kind": Column("d.kind"),
        "demand.basis": Column("coalesce(i.code, g.number)", ("item", "agreement")),
        "demand.funding": Column("coalesce(v.yearly, g.fee)", ("version", "agreement")),
        "demand.frequency": Column("v.frequency", ("version",)),
        "demand.issued": _day("d.issued"),
        "demand.due": _day("d.due"),
        "demand.delivered": _day("d.delivered"),
        "demand.state": Column("d.state"),
        "demand.hours": Column("d.hours"),
        "demand.fields": Column("cardinality(d.fields)"),
        "demand.known": Column("d.known"),
        "demand.by_hand": Column("d.by_hand"),
        "demand.reason": Column("d.reason"),
        "demand.community": Column("d.area_id", level="community"),
    },
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

OCCASION = Offer(
    record_set="occasion",
    title=_("会议和检查"),
    needs=READ.code,
    takes=TAKES,
    base="admission_occasion o",
    key="o.id",
    area="o.area_id",
    where="o.state <> 'waiting'",
    order=("-o.day", "-o.id"),
    columns={
        "occasion.title": Column("o.title"),
        "occasion.kind": Column("o.kind"),
        "occasion.day": Column("o.day"),
        "occasion.place": Column("o.place"),
        "occasion.host": Column("o.host"),
        "occasion.invited": Column("o.people"),
        "occasion.attended": Column("o.attended"),
        "occasion.outcome": Column("o.outcome"),
        "occasion.unit": Column("u.name", ("unit",)),
        "occasion.hours": Column("o.hours"),
        "occasion.state": Column("o.state"),
        "occasion.item": Column("i.code", ("item",)),
        "occasion.minutes": Column("kept.n", ("minutes",)),
        "occasion.community": Column("o.area_id", level="community"),
    },
    joins={
        "unit": _unit("o.unit_id"),
        "item": Join("LEFT JOIN admission_item i ON i.id = o.item_id"),
        "minutes": _files("admission.occasion", "o.id"),
    },
    opens="admission:occasion",
    name="o.title",
    files=("admission.occasion",),
)

CERTIFICATE = Offer(
    record_set="certificate",
    title=_("社区证明"),
    needs=READ.code,
    takes=TAKES,
    base="admission_certificate c",
    key="c.id",
    area="c.area_id",
    where="c.at < %(end)s",
    order=("-c.id",),
    columns={
        "certificate.number": Column("c.number"),
        "certificate.title": Column("c.title"),
        "certificate.name": Column("c.name"),
        "certificate.item": Column("i.code", ("item",)),
        "certificate.purpose": Column("c.purpose"),
        "certificate.checked": Column("c.checked"),
        "certificate.issued": _day("c.at"),
        "certificate.void": Column("c.void IS NOT NULL"),
        "certificate.community": Column("c.area_id", level="community"),
    },
    joins={"item": Join("LEFT JOIN admission_item i ON i.id = c.item_id")},
    name="c.number",
    files=("admission.certificate",),
)

SEAL = Offer(
    record_set="seal",
    title=_("用印"),
    needs=READ.code,
    takes=TAKES,
    base="admission_sealuse s",
    key="s.id",
    area="s.area_id",
    where="s.at < %(end)s",
    order=("-s.id",),
    columns={
        "seal.used": _day("s.at"),
        "seal.applicant": Column("c.name", ("paper",)),
        "seal.reason": Column("s.reason"),
        "seal.basis": Column("coalesce(c.number, g.number)", ("paper", "agreement")),
        "seal.by": Column("s.name"),
        "seal.pictures": Column("kept.n", ("pictures",)),
        "seal.community": Column("s.area_id", level="community"),
    },
    joins={
        "paper": Join("LEFT JOIN admission_certificate c ON c.id = s.certificate_id"),
        "agreement": Join("LEFT JOIN admission_agreement g ON g.id = s.agreement_id"),
        "pictures": _files("admission.sealuse", "s.id"),
    },
    name="s.reason",
    files=("admission.sealuse",),
)

AGREEMENT = Offer(
    record_set="agreement",
    title=_("服务协议"),
    needs=READ.code,
    takes=TAKES,
    base="admission_agreement g",
    key="g.id",
    area="g.area_id",
    where="g.made < %(end)s",
    order=("-g.id",),
    columns={
        "agreement.number": Column("g.number"),
        "agreement.title": Column("g.title"),
        "agreement.unit": Column("u.name", ("unit",)),
        "agreement.fee": Column("g.fee"),
        "agreement.paid": Column("g.paid"),
        "agreement.budget": Column("g.budget"),
        "agreement.start": Column("g.start"),
        "agreement.end": Column('g."end"'),
        "agreement.acceptance": Column("g.acceptance"),
        "agreement.state": Column("g.state"),
        "agreement.community": Column("g.area_id", level="community"),
    },
    joins={"unit": _unit("g.unit_id")},
    name="g.title",
)

PLACEMENT = Offer(
    record_set="placement",
    title=_("挂牌和机构"),
    needs=READ.code,
    takes=TAKES,
    base="admission_placement p",
    key="p.id",
    area="p.area_id",
    where="p.since <= %(day)s",
    order=("-p.id",),
    columns={
        "placement.title": Column("p.title"),
        "placement.kind": Column("p.kind"),
        "placement.item": Column("i.code", ("item",)),
        "placement.approved": Column("p.item_id IS NOT NULL"),
        "placement.inside": Column("p.inside"),
        "placement.unit": Column("u.name", ("unit",)),
        "placement.since": Column("p.since"),
        "placement.until": Column('p."until"'),
        "placement.basis": Column("p.basis"),
        "placement.community": Column("p.area_id", level="community"),
    },
    joins={
        "unit": _unit("p.unit_id"),
        "item": Join("LEFT JOIN admission_item i ON i.id = p.item_id"),
    },
    name="p.title",
    files=("admission.placement",),
)

OFFERS = (DEMAND, OCCASION, CERTIFICATE, SEAL, AGREEMENT, PLACEMENT)
