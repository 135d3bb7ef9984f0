"""People: one row for each person who belongs to the areas asked for, by the residence that tells most of them."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.offers.history import changes
from linli.capabilities.registry.offers.pieces import (
    MEMORY,
    door,
    marked,
    open_on,
    says,
    sealed,
    tags_for,
)
from linli.capabilities.registry.selectors.telling import unseen_tags
from linli.capabilities.registry.verbs import CLEAR, READ, SENSITIVE
from linli.kernel.dictionary.offers.shapes import Column, Join, Offer, Row

# Where the person lives goes before where they are only registered; of equals the earliest row.
_PICK = f"""NOT EXISTS (SELECT FROM registry_residence x WHERE x.person_id = r.person_id AND x.id <> r.id
    AND {{scope[x.area_id]}} AND {open_on("x")}{{picks}} AND (x.lives, -x.id) > (r.lives, -r.id))"""
_OPEN_R = open_on("r")
_MARK = "registry_mark k WHERE k.person_id = r.person_id"
_FOCUS = "(%(focus_tag_code)s::text[] IS NULL OR k.code = ANY(%(focus_tag_code)s::text[]))"
_MARKS = f"""LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT k.code ORDER BY k.code) AS codes,
        (array_agg(k.since ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS since,
        (array_agg(k.until ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS until,
        (array_agg(k.basis ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS basis,
        (array_agg(k.purpose ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS purpose,
        (array_agg(k.sources ORDER BY k.since) FILTER (WHERE {_FOCUS}))[1] AS sources,
        (SELECT jsonb_object_agg(e.key, e.value) FROM (
            SELECT j.key, j.value FROM registry_mark k, jsonb_each(k.more) j
            WHERE k.person_id = r.person_id AND {marked("k")} ORDER BY k.since) e) AS more
    FROM {_MARK} AND {marked("k")}
) k ON true"""
_REGISTERED = f"""LEFT JOIN LATERAL (
    SELECT {door("gh", "gb")} AS address, g.area_id, g.sources FROM registry_residence g
    LEFT JOIN registry_home gh ON gh.id = g.home_id LEFT JOIN registry_building gb ON gb.id = gh.building_id
    WHERE g.person_id = r.person_id AND g.kind = 'registered' AND {open_on("g")} LIMIT 1
) g ON true"""
_OWNER = f"""LEFT JOIN LATERAL (
    SELECT o.id, o.name, o.document, o.phone, t.since, t.until, t.sources FROM registry_tie t
    JOIN registry_person o ON o.id = t.person_id
    WHERE t.home_id = r.home_id AND t.kind = 'owner' AND {open_on("t")} ORDER BY t.id LIMIT 1
) own ON true"""
_TIES = f"""LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT t.kind ORDER BY t.kind) AS kinds, min(t.since) AS since, max(t.until) AS until
    FROM registry_tie t WHERE t.person_id = r.person_id AND {open_on("t")}
) ties ON true"""
_SIZE = f"""LEFT JOIN LATERAL (
    SELECT count(DISTINCT y.person_id) AS people FROM registry_residence y
    WHERE y.household_id = r.household_id AND {open_on("y")}
) size ON true"""


def _bond(kind: str) -> Join:
    return Join(
        f"""LEFT JOIN LATERAL (
    SELECT coalesce(o.name, d.other_name) AS name, o.document, o.phone, d.other_phone, d.sources
    FROM registry_bond d LEFT JOIN registry_person o ON o.id = d.other_id
    WHERE d.person_id = r.person_id AND d.kind = '{kind}' AND {open_on("d")} ORDER BY d.id LIMIT 1
) {kind} ON true"""
    )


# Husband and wife of one household are told by what they are to its head (GB/T 4761: 1x, the head 02 or 0x).
_SPOUSE = f"""LEFT JOIN LATERAL (
    SELECT coalesce(o.name, d.other_name) AS name, o.document, o.phone, d.other_phone, d.sources
    FROM registry_bond d LEFT JOIN registry_person o ON o.id = d.other_id
    WHERE d.person_id = r.person_id AND d.kind = 'spouse' AND {open_on("d")}
    UNION ALL
    SELECT o.name, o.document, o.phone, NULL, y.sources
    FROM registry_residence y JOIN registry_person o ON o.id = y.person_id
    WHERE y.household_id = r.household_id AND y.person_id <> r.person_id AND {open_on("y")}
        AND left(r.relation, 1) || left(y.relation, 1) IN ('01', '10')
    LIMIT 1
) spouse ON true"""


def _other(kind: str) -> Column:
    return Column(f"{kind}.name", (kind,), said=f"{kind}.sources", field="other_name")


def _phone_of(kind: str) -> Column:
    return Column(
        f"ARRAY[{kind}.other_phone, {kind}.phone]",
        (kind,),
        asked=False,
        said=f"{kind}.sources",
        field="other_phone",
        sealed="phone",
        place="registry_bond.other_phone|registry_person.phone",
    )


AGE = "extract(year from age(least(coalesce(p.died, %(day)s::date), %(day)s::date), p.born))::int"
_COLUMNS = {
    "person.name": Column("p.name", said="p.sources", field="name", sort="p.pinyin"),
    "person.document": sealed(
        "p", "registry_person", "document", "id_number", index="p.document_index"
    ),
    "person.phone": sealed("p", "registry_person", "phone", "phone", index="p.phone_index"),
    "person.age": Column(
        AGE,
        said="p.sources",
        field="born",
        formula=_("当天的周岁：由出生日期算起，去世的算到去世那天"),
    ),
    "person.dead": Column(
        "(p.died IS NOT NULL AND p.died <= %(day)s)",
        said="p.sources",
        field="died",
        formula=_("有死亡日期即为是"),
    ),
    "residence.apart": Column(
        "({r}.kind = 'registered' AND NOT {r}.lives)",
        said="{r}.sources",
        picks=True,
        formula=_("户籍在此、人不在此居住"),
    ),
    "residence.address": Column(
        "CASE WHEN {r}.lives THEN " + door("h", "b") + " END",
        ("home", "building"),
        said="{r}.sources",
        field="home_id",
    ),
    "residence.registered_address": Column(
        "g.address", ("registered",), said="g.sources", field="home_id"
    ),
    "residence.registered_area": Column(
        "g.area_id", ("registered",), level="community", said="g.sources"
    ),
    "residence.estate": Column("e.name", ("estate",), said="b.sources"),
    "residence.building": Column("b.name", ("building",), said="b.sources", field="name"),
    "residence.unit": Column("h.unit_no", ("home",), said="h.sources", field="unit_no"),
    "residence.room": Column("h.room", ("home",), said="h.sources", field="room"),
    "residence.grid": Column("{r}.area_id", level="grid", picks=True, said="{r}.sources"),
    "residence.community": Column("{r}.area_id", level="community", picks=True, said="{r}.sources"),
    "residence.street": Column("{r}.area_id", level="street", picks=True, said="{r}.sources"),
    "residence.district": Column("{r}.area_id", level="district", picks=True, said="{r}.sources"),
    "household.head_name": Column("hp.name", ("head",), said="hh.sources", field="head_id"),
    "household.head_document": Column(
        "hp.document",
        ("head",),
        said="hp.sources",
        field="document",
        sealed="id_number",
        place="registry_person.document",
        index="hp.document_index",
    ),
    "household.size": Column(
        "size.people", ("size",), said="hh.sources", formula=_("同一户当天在册的人数")
    ),
    "tie.kind": Column(
        "ties.kinds",
        ("ties",),
        many=True,
        value="t.kind",
        holds="EXISTS (SELECT FROM registry_tie t WHERE t.person_id = r.person_id"
        f" AND {open_on('t')} AND {{test}})",
    ),
    "tie.name": Column("own.name", ("owner",), said="own.sources"),
    "tie.document": Column(
        "own.document",
        ("owner",),
        said="own.sources",
        sealed="id_number",
        place="registry_person.document",
    ),
    "tie.phone": Column(
        "own.phone", ("owner",), said="own.sources", sealed="phone", place="registry_person.phone"
    ),
    "tie.since": Column("ties.since", ("ties",)),
    "tie.until": Column("ties.until", ("ties",)),
    "bond.guardian_name": _other("guardian"),
    "bond.guardian_document": Column(
        "guardian.document",
        ("guardian",),
        said="guardian.sources",
        sealed="id_number",
        place="registry_person.document",
    ),
    "bond.guardian_phone": _phone_of("guardian"),
    "bond.emergency_name": _other("emergency"),
    "bond.emergency_phone": _phone_of("emergency"),
    "bond.spouse_name": _other("spouse"),
    "bond.carer_name": _other("carer"),
    "tag.code": Column(
        "k.codes",
        ("marks",),
        said="k.sources",
        many=True,
        value="k.code",
        holds=f"EXISTS (SELECT FROM {_MARK} AND {marked('k')} AND {{test}})",
    ),
}

PERSON = Offer(
    record_set="person",
    title=_("人口"),
    needs=READ.code,
    takes="registry.export",
    clear=CLEAR.code,
    sensitive=SENSITIVE.code,
    walled=frozenset({"tag"}),
    base="registry_residence r JOIN registry_person p ON p.id = r.person_id",
    key="r.person_id",
    area="r.area_id",
    where=_OPEN_R,
    pick=_PICK,
    order=("r.area_id", "r.person_id"),
    columns=_COLUMNS,
    rows={
        "person": Row("p", said="p.sources", more="p.more", past="registry_person"),
        "residence": Row("{r}", said="{r}.sources", picks=True),
        "household": Row("hh", ("household",), said="hh.sources"),
        "home": Row("h", ("home",), said="h.sources"),
        "tag": Row("k", ("marks",), said="k.sources", more="k.more"),
    },
    joins={
        "home": Join("LEFT JOIN registry_home h ON h.id = r.home_id"),
        "building": Join("LEFT JOIN registry_building b ON b.id = h.building_id", ("home",)),
        "estate": Join("LEFT JOIN registry_estate e ON e.id = b.estate_id", ("building",)),
        "household": Join("LEFT JOIN registry_household hh ON hh.id = r.household_id"),
        "head": Join("LEFT JOIN registry_person hp ON hp.id = hh.head_id", ("household",)),
        "size": Join(_SIZE, ("household",)),
        "registered": Join(_REGISTERED),
        "owner": Join(_OWNER),
        "ties": Join(_TIES),
        "marks": Join(_MARKS),
        "guardian": _bond("guardian"),
        "emergency": _bond("emergency"),
        "spouse": Join(_SPOUSE),
        "carer": _bond("carer"),
    },
    # What a person's page does not keep, or what a mark has no place for.
    without=frozenset({"tag.key", "tag.disability_card", "residence.moved_to"}),
    subject="people",
    opens="registry:person",
    name="p.name",
    history=partial(changes, "person"),
    memory=MEMORY,
    hides=unseen_tags,
    params=tags_for,
    says=says,
)
