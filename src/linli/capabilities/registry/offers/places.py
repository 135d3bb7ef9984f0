"""Households, homes, buildings, estates and facilities as record sets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.offers.pieces import (
    body,
    door,
    marked,
    open_on,
    record,
    tags_for,
)
from linli.capabilities.registry.verbs import CLEAR, SENSITIVE
from linli.kernel.dictionary.offers.shapes import Column, Join, Row

_HEAD = Column("hp.name", ("head",), said="hh.sources", field="head_id")
_HEAD_PHONE = Column(
    "hp.phone",
    ("head",),
    said="hp.sources",
    field="phone",
    sealed="phone",
    place="registry_person.phone",
    index="hp.phone_index",
)
_HEAD_DOCUMENT = Column(
    "hp.document",
    ("head",),
    said="hp.sources",
    field="document",
    sealed="id_number",
    place="registry_person.document",
    index="hp.document_index",
)


def _people(column: str, name: str) -> Join:
    return Join(
        f"""LEFT JOIN LATERAL (
    SELECT count(DISTINCT y.person_id) AS people FROM registry_residence y
    WHERE y.{column} = {name}.id AND {open_on("y")}
) size ON true"""
    )


# What one of a household is marked with, its household is asked by: 低保家庭.
_MEMBERS = f"""registry_mark k JOIN registry_residence y ON y.person_id = k.person_id
    WHERE y.household_id = hh.id AND {open_on("y")} AND {marked("k")}"""
_FOCUS = "(%(focus_tag_code)s::text[] IS NULL OR k.code = ANY(%(focus_tag_code)s::text[]))"
_MARKS = f"""LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT k.code ORDER BY k.code) AS codes,
        (array_agg(k.since ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS since,
        (array_agg(k.until ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS until,
        (array_agg(k.basis ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS basis,
        (array_agg(k.purpose ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS purpose,
        (array_agg(k.sources ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS sources,
        (array_agg(k.more ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS more
    FROM {_MEMBERS}
) k ON true"""

HOUSEHOLD = record(
    "household",
    "hh",
    title=_("户"),
    clear=CLEAR.code,
    rows={
        "household": Row("hh", said="hh.sources"),
        "home": Row("h", ("home",), said="h.sources"),
        "tag": Row("k", ("marks",), said="k.sources", more="k.more"),
    },
    without=frozenset({"tag.key", "tag.disability_card"}),
    sensitive=SENSITIVE.code,
    walled=frozenset({"tag"}),
    params=tags_for,
    columns={
        "household.head_name": _HEAD,
        "household.head_document": _HEAD_DOCUMENT,
        "household.head_phone": _HEAD_PHONE,
        "household.size": Column("size.people", ("size",), formula=_("同一户当天在册的人数")),
        "home.address": Column(door("h", "b"), ("building",), said="h.sources"),
        "tag.code": Column(
            "k.codes",
            ("marks",),
            said="k.sources",
            many=True,
            value="k.code",
            holds=f"EXISTS (SELECT FROM {_MEMBERS} AND {{test}})",
        ),
        "residence.grid": Column("hh.area_id", level="grid"),
        "residence.community": Column("hh.area_id", level="community"),
    },
    joins={
        "home": Join("LEFT JOIN registry_home h ON h.id = hh.home_id"),
        "building": Join("LEFT JOIN registry_building b ON b.id = h.building_id", ("home",)),
        "head": Join("LEFT JOIN registry_person hp ON hp.id = hh.head_id"),
        "size": _people("household_id", "hh"),
        "marks": Join(_MARKS),
    },
    opens="registry:household",
    name="hp.name",
)

_OWNER = f"""LEFT JOIN LATERAL (
    SELECT o.name, o.document, o.phone, t.since, t.until, t.sources FROM registry_tie t
    JOIN registry_person o ON o.id = t.person_id
    WHERE t.home_id = h.id AND t.kind = 'owner' AND {open_on("t")} ORDER BY t.id LIMIT 1
) own ON true"""
_TENANTS = f"""LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT y.kind ORDER BY y.kind) AS kinds, min(y.since) AS since
    FROM registry_residence y WHERE y.home_id = h.id AND y.lives AND {open_on("y")}
) stay ON true"""

HOME = record(
    "home",
    "h",
    title=_("房屋"),
    clear=CLEAR.code,
    base="registry_home h JOIN registry_building b ON b.id = h.building_id",
    rows={"home": Row("h", said="h.sources"), "building": Row("b", said="b.sources")},
    columns={
        "home.address": Column(door("h", "b"), said="h.sources"),
        "household.size": Column("size.people", ("size",), formula=_("登记在这套房屋的人数")),
        "household.head_name": _HEAD,
        "household.number": Column("hh.number", ("household",), said="hh.sources", field="number"),
        "residence.kind": Column(
            "stay.kinds",
            ("stay",),
            many=True,
            value="y.kind",
            # Home by home: the planner would read every residence of the city for the sake of fifty lines.
            holds="EXISTS (SELECT FROM registry_residence y WHERE y.home_id = h.id AND y.lives"
            f" AND {open_on('y')} AND {{test}} OFFSET 0)",
        ),
        "residence.since": Column("stay.since", ("stay",)),
        "tie.name": Column("own.name", ("owner",), said="own.sources"),
        "tie.document": Column(
            "own.document",
            ("owner",),
            said="own.sources",
            sealed="id_number",
            place="registry_person.document",
        ),
        "tie.phone": Column(
            "own.phone",
            ("owner",),
            said="own.sources",
            sealed="phone",
            place="registry_person.phone",
        ),
        "tie.since": Column("own.since", ("owner",), said="own.sources"),
        "estate.name": Column("e.name", ("estate",), said="e.sources", field="name"),
        "residence.grid": Column("h.area_id", level="grid"),
        "residence.community": Column("h.area_id", level="community"),
    },
    joins={
        "estate": Join("LEFT JOIN registry_estate e ON e.id = b.estate_id"),
        "household": Join(
            "LEFT JOIN LATERAL (SELECT q.number, q.head_id, q.sources FROM registry_household q"
            f" WHERE q.home_id = h.id AND {open_on('q')} ORDER BY q.id LIMIT 1) hh ON true"
        ),
        "head": Join("LEFT JOIN registry_person hp ON hp.id = hh.head_id", ("household",)),
        "size": _people("home_id", "h"),
        "stay": Join(_TENANTS),
        "owner": Join(_OWNER),
    },
    opens="",
    name="b.address",
)

BUILDING = record(
    "building",
    "b",
    title=_("楼栋"),
    columns={
        "estate.name": Column("e.name", ("estate",), said="e.sources", field="name"),
        "residence.grid": Column("b.area_id", level="grid"),
        "residence.community": Column("b.area_id", level="community"),
    },
    joins={"estate": Join("LEFT JOIN registry_estate e ON e.id = b.estate_id")},
    opens="registry:building",
    name="b.address",
)

ESTATE = record(
    "estate",
    "e",
    title=_("小区"),
    columns={
        "estate.property_company": Column(
            "pc.name", ("company",), said="e.sources", field="property_company_id"
        ),
        "estate.owners_committee": Column(
            "oc.name", ("owners",), said="e.sources", field="owners_committee_id"
        ),
        "estate.authority": Column(
            "au.name", ("authority",), said="e.sources", field="authority_id"
        ),
        "estate.homes": Column(
            "coalesce(n.homes, 0)", ("homes",), formula=_("小区内现有房屋的套数")
        ),
        "residence.community": Column("e.area_id", level="community"),
    },
    joins={
        "company": body("pc", "e.property_company_id"),
        "owners": body("oc", "e.owners_committee_id"),
        "authority": body("au", "e.authority_id"),
        "homes": Join(
            # Building by building: the planner, who cannot see through the wall, would read every home.
            "LEFT JOIN LATERAL (SELECT sum(each.homes)::bigint AS homes FROM"
            " (SELECT id FROM registry_building WHERE estate_id = e.id OFFSET 0) nb CROSS JOIN LATERAL"
            " (SELECT count(*) AS homes FROM registry_home nh"
            f" WHERE nh.building_id = nb.id AND {open_on('nh')} OFFSET 0) each) n ON true"
        ),
    },
    opens="registry:estate",
    name="e.name",
)

FACILITY = record(
    "facility",
    "f",
    title=_("设施"),
    columns={
        "facility.steward": Column("st.name", ("steward",), said="f.sources", field="steward_id"),
        "residence.grid": Column("f.area_id", level="grid"),
        "residence.community": Column("f.area_id", level="community"),
    },
    joins={"steward": body("st", "f.steward_id")},
    opens="",
    name="f.name",
)
