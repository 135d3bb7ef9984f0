"""Which elements the columns of a file may say, by what its rows are."""

from __future__ import annotations

from collections.abc import Mapping

SETS = ("person", "residence", "household", "home", "tag", "bond", "tie")
ORGANISATIONS, HOMES, HOLDINGS = "organisation", "home", "holding"
# What the columns of a file may say, by what its rows are.
SAYS: Mapping[str, tuple[str, ...]] = {
    "person": SETS,
    ORGANISATIONS: (ORGANISATIONS,),
    HOMES: ("home", "residence", "tie", "building", "estate"),
    HOLDINGS: (HOLDINGS, "residence"),
}
# Elements that several columns may say together (省, 市, 区, 详细地址); they are joined in the order of the file.
JOINED = frozenset(
    {
        "residence.address",
        "home.address",
        "residence.registered_address",
        "person.registered_place",
        "organisation.place",
    }
)
# What a row says of the person's place; people's own elements are all taken but those that only check others.
USED = frozenset(
    {
        "residence.kind",
        "residence.lives",
        "residence.relation",
        "residence.since",
        "residence.address",
        "residence.registered_address",
        "residence.estate",
        "residence.building",
        "residence.unit",
        "residence.room",
        "residence.district",
        "residence.street",
        "residence.community",
        "residence.grid",
        "household.number",
        "home.address",
        "home.unit_no",
        "home.room",
    }
)
# Where a row lies; rows of homes and of post holders say no more of a residence.
LIES = frozenset(
    {
        "residence.estate",
        "residence.building",
        "residence.unit",
        "residence.room",
        "residence.address",
        "residence.district",
        "residence.street",
        "residence.community",
        "residence.grid",
    }
)
OF_HOMES = LIES | {
    "home.address",
    "home.unit_no",
    "home.room",
    "home.use",
    "home.floor",
    "home.size",
    "tie.name",
    "tie.document",
    "tie.phone",
    "estate.name",
    "estate.kind",
    "estate.built",
    "building.name",
    "building.kind",
    "building.floors",
    "building.units",
}
PLACES = frozenset({"residence.district", "residence.street", "residence.community"})
CHECKED_ONLY = frozenset({"person.age", "person.school_roll"})
