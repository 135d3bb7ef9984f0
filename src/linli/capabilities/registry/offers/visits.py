"""Visits at the door: each is a fact, whoever may see its household sees it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.offers.pieces import door, open_on, sealed
from linli.capabilities.registry.verbs import CLEAR, READ
from linli.kernel.dictionary.offers.shapes import Column, Join, Offer

VISIT = Offer(
    record_set="visit",
    title=_("走访"),
    needs=READ.code,
    takes="registry.export",
    clear=CLEAR.code,
    base="acts_fact v JOIN registry_household hh ON hh.id = v.subject_id",
    key="v.id",
    # A fact keeps its area through every rezoning, and is found by it without reading all visits of the city.
    area="v.area",
    where="v.verb = 'registry.visit' AND v.subject_type = 'registry.household' AND v.at < %(end)s",
    order=("-v.id",),
    columns={
        "visit.on": Column("(v.at AT TIME ZONE 'Asia/Shanghai')::date"),
        "visit.grid": Column("hh.area_id", level="grid"),
        "visit.head": Column("hp.name", ("head",), said="hh.sources", field="head_id"),
        "visit.address": Column(door("h", "b"), ("building",), said="h.sources"),
        "visit.by": Column("ac.name", ("by",)),
        "visit.people": Column(
            "jsonb_array_length(coalesce(v.data -> 'people', '[]'))",
            formula=_("这次走访中补齐或更正了信息的人数"),
        ),
        "visit.photos": Column("photos.n", ("photos",)),
        "household.size": Column("size.people", ("size",), formula=_("同一户当天在册的人数")),
        "household.head_phone": sealed("hp", "registry_person", "phone", "phone", joins=("head",)),
        "household.number": Column("hh.number", said="hh.sources", field="number"),
    },
    joins={
        "head": Join("LEFT JOIN registry_person hp ON hp.id = hh.head_id"),
        "home": Join("LEFT JOIN registry_home h ON h.id = hh.home_id"),
        "building": Join("LEFT JOIN registry_building b ON b.id = h.building_id", ("home",)),
        "size": Join(
            "LEFT JOIN LATERAL (SELECT count(DISTINCT y.person_id) AS people FROM registry_residence y"
            f" WHERE y.household_id = hh.id AND {open_on('y')}) size ON true"
        ),
        "by": Join("LEFT JOIN access_account ac ON ac.id = v.actor"),
        "photos": Join(
            "LEFT JOIN LATERAL (SELECT count(*) AS n FROM files_file f"
            " WHERE f.owner_type = 'registry.household' AND f.owner_id = hh.id"
            " AND f.created = v.at) photos ON true"
        ),
    },
    name="hp.name",
)
