"""Communities with what can be counted in them, and dated figures from outside."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.offers.pieces import open_on, tags_for
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.verbs import READ
from linli.kernel.acts import Act
from linli.kernel.dictionary.offers.shapes import Column, Join, Offer, Row

SCREEN = 15  # communities counted for one screen: a city's costs what a street's does
_IN = "{x}.area_id >= a.id AND {x}.area_id < a.hi"


def _in(alias: str) -> str:
    return _IN.replace("{x}", alias)


def _how_many(table: str, name: str) -> Join:
    return Join(
        f"LEFT JOIN LATERAL (SELECT count(*) AS n FROM registry_{table} z"
        f" WHERE {_in('z')} AND {open_on('z')}) {name} ON true"
    )


# Counted behind the wall, which asks once whether the whole community is in sight.
_PEOPLE = "LEFT JOIN LATERAL registry_people_in(a.id, a.hi, %(day)s::date) people ON true"
_AGES = "LEFT JOIN LATERAL registry_ages_in(a.id, a.hi, %(day)s::date) ages ON true"
_COMMITTEE = f"""LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM registry_holding z JOIN registry_organisation zo ON zo.id = z.organisation_id
    WHERE {_in("z")} AND {open_on("z")} AND zo.kind = ANY(%(committees)s) AND NOT z.post = ANY(%(beside)s)
) seats ON true"""
_OFFICE = f"""LEFT JOIN LATERAL (
    SELECT zo.place, zo.public_phone, zo.sources FROM registry_organisation zo
    WHERE {_in("zo")} AND {open_on("zo")} AND zo.kind = ANY(%(committees)s) ORDER BY zo.id LIMIT 1
) office ON true"""
_VOICES = f"""LEFT JOIN LATERAL (
    SELECT count(DISTINCT z.person_id) AS n FROM registry_mark z
    WHERE {_in("z")} AND z.code = 'representative' AND z.since <= %(day)s
        AND (z.until IS NULL OR z.until >= %(day)s)
) voices ON true"""
_GRIDS = """LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM places_area z
    WHERE z.parent_id = a.id AND z.level = 'grid' AND z.until IS NULL
) grids ON true"""


def _params(act: Act) -> dict[str, list[str]]:
    return {**tags_for(act), "committees": kinds.committees(), "beside": kinds.beside()}


def _figure(sql: str, join: str, formula: object = "") -> Column:
    return Column(sql, (join,), formula=formula)  # type: ignore[arg-type]


AREA = Offer(
    record_set="area",
    title=_("社区概况"),
    needs=READ.code,
    takes="registry.export",
    base="places_area a",
    key="a.id",
    area="a.id",
    where="a.level = 'community' AND a.until IS NULL",
    order=("a.id",),
    columns={
        "area.name": Column("a.name"),
        "area.code": Column("a.code"),
        "area.street": Column("a.id", level="street"),
        "area.district": Column("a.id", level="district"),
        "area.office": Column("office.place", ("office",), said="office.sources", field="place"),
        "area.phone": Column(
            "office.public_phone", ("office",), said="office.sources", field="public_phone"
        ),
        "area.households": _figure("households.n", "households", _("现有户的户数")),
        "area.registered": _figure("people.registered", "people", _("户籍登记在本社区的人数")),
        "area.living": _figure("people.living", "people", _("登记为在本社区居住的人数")),
        "area.floating": _figure("people.floating", "people", _("在本社区居住、登记为流动的人数")),
        "area.elders": _figure("ages.elders", "ages", _("在本社区居住、当天满六十周岁的人数")),
        "area.elder_rate": Column(
            "round(100.0 * ages.elders / nullif(people.living, 0), 2)",
            ("ages", "people"),
            formula=_("六十岁及以上人数 ÷ 常住人口数 × 100"),
        ),
        "area.minors": _figure("ages.minors", "ages", _("在本社区居住、当天未满十八周岁的人数")),
        "area.members": _figure("ages.members", "ages", _("在本社区居住的中共党员和预备党员人数")),
        "area.grids": _figure("grids.n", "grids", _("现有网格的个数")),
        "area.estates": _figure("estates.n", "estates", _("现有小区的个数")),
        "area.buildings": _figure("buildings.n", "buildings", _("现有楼栋的幢数")),
        "area.homes": _figure("homes.n", "homes", _("现有房屋的套数")),
        "area.committee": _figure("seats.n", "seats", _("现任居（村）民委员会成员人数")),
        "area.representatives": _figure("voices.n", "voices", _("居（村）民代表标签的人数")),
    },
    joins={
        "people": Join(_PEOPLE),
        "ages": Join(_AGES),
        "office": Join(_OFFICE),
        "households": _how_many("household", "households"),
        "estates": _how_many("estate", "estates"),
        "buildings": _how_many("building", "buildings"),
        "homes": _how_many("home", "homes"),
        "seats": Join(_COMMITTEE),
        "voices": Join(_VOICES),
        "grids": Join(_GRIDS),
    },
    name="a.name",
    screen=SCREEN,
    params=_params,
)

STATISTIC = Offer(
    record_set="statistic",
    title=_("统计数据"),
    needs=READ.code,
    base="registry_statistic s",
    key="s.id",
    area="s.area_id",
    where="s.since <= %(end)s AND (s.until IS NULL OR s.until > %(end)s)",
    order=("s.area_id", "s.id"),
    rows={"statistic": Row("s")},
    columns={"statistic.area": Column("s.area_id", turn=int)},
    name="s.code",
)
