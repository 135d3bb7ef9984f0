"""The demonstration city's organisations: committees and Party branches everywhere, more on the stage's ground."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from linli.capabilities.registry.models import Estate, Holding, Organisation, Station
from linli.kernel.acts.pouring import pour
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, enclosing
from linli.kernel.vault.uscc import compose
from linli.site.demo import names, registry_extras
from linli.site.demo.options import Options
from linli.site.demo.people import Cast
from linli.site.demo.registry_people import Settlers
from linli.site.demo.registry_places import Site
from linli.site.demo.writing import numbers

TERM, TERM_SINCE = 13, date(2021, 3, 1)
_COMPANIES = ("安居", "锦和", "万顺", "春晖")
_POSTS = ("deputy_director", "member", "member", "member")


class Bodies:
    """Organisations in the making; `area` of a holding is that of its organisation."""

    def __init__(self, options: Options, cast: Cast, batches: dict[int, dict[str, int]]) -> None:
        self.options, self.cast, self.batches = options, cast, batches
        self.dice = Random(f"bodies:{options.seed}")
        self.organisations: list[Organisation] = []
        self.stations: list[Station] = []
        self.holdings: list[Holding] = []
        self.of_estate: dict[int, tuple[Organisation | None, Organisation | None]] = {}
        self.owners: list[tuple[Organisation, int]] = []

    def add(self, kind: str, name: str, area: Area, type_: str = "", **values: Any) -> Organisation:
        """One more organisation, with a code that belongs to nobody."""
        number = len(self.organisations) + 1
        community = enclosing(area.id, Level.COMMUNITY) or area.id
        batch = self.batches.get(community, {}).get("civil")
        row = Organisation(
            area=area,
            kind=kind,
            labels=[],
            name=name,
            uscc=compose(type_, "320299", f"MD{number:06d}") if type_ else "",
            registered="registered" if type_ else "",
            state="active",
            place=f"{area.short_name}{number}号" if type_ else "",
            public_phone=f"0510-8200{number:04d}" if type_ else "",
            since=values.pop("since", date(2018, 6, 1)),
            more={},
            sources={"*": batch} if batch else {},
            **values,
        )
        self.organisations.append(row)
        return row

    def hold(self, body: Organisation, name: str, post: str, **values: Any) -> Holding:
        """One more holder of a post."""
        row = Holding(organisation=body, area=body.area, name=name, post=post, more={}, **values)
        self.holdings.append(row)
        return row

    def community(self, area: Area, lively: bool) -> None:
        """The committee with its members, the Party branch with its secretary; grids' branches where it is lively."""
        village = area.short_name.endswith("村")
        plain = area.short_name.removesuffix("村").removesuffix("社区")
        title = f"{plain}村村民委员会" if village else f"{plain}社区居民委员会"
        kind = "villagers_committee" if village else "residents_committee"
        committee = self.add(kind, title, area, "54", headcount=5)
        head = self._head(area) or names.person(self.dice)
        term = {"term": TERM, "since": TERM_SINCE}
        self.hold(committee, head, "director", political="01", **term)
        for post in _POSTS:
            self.hold(committee, names.person(self.dice), post, **term)
        party = self.add(
            "party_general_branch", f"中共{plain}{'村' if village else '社区'}总支部委员会", area
        )
        self.hold(party, head, "secretary", political="01", **term)
        committee.head_name = party.head_name = head
        if lively:
            self._branches(area, plain, party)
            self._services(area, plain)
            registry_extras.social(self, area, plain)

    def _head(self, area: Area) -> str:
        unit = self.cast.seats.get(area.id)
        found = self.cast.at(unit, "community_head", area.id)
        return found.name if found else ""

    def _branches(self, area: Area, plain: str, party: Organisation) -> None:
        for number, grid in enumerate(places.children(area), 1):
            branch = self.add(
                "party_branch", f"中共{plain}第{number}网格支部委员会", area, parent=party
            )
            branch.head_name = names.person(self.dice)
            self.hold(branch, branch.head_name, "secretary", political="01", since=TERM_SINCE)
            self.stations.append(
                Station(organisation=branch, area=grid, kind="attached", since=TERM_SINCE)
            )

    def _services(self, area: Area, plain: str) -> None:
        school = self.add("school", f"{plain}实验小学", area, "12", headcount=62)
        clinic = self.add("clinic", f"{plain}社区卫生服务站", area, "52", headcount=9)
        for body in (school, clinic):
            body.head_name = names.person(self.dice)
            self.hold(body, body.head_name, "person_in_charge")
            self.stations.append(
                Station(organisation=body, area=area, kind="resident", since=body.since)
            )

    def of_site(self, site: Site) -> None:
        """A property company for most estates, an owners' committee for the commodity ones."""
        company: Organisation | None = None
        for estate in site.estates:
            owners = None
            if estate.kind != "old" or self.dice.random() < 0.4:
                company = self._company(site, company)
            manages = company if estate.kind != "old" or self.dice.random() < 0.4 else None
            if estate.kind == "commodity" and self.dice.random() < 0.7:
                owners = self.add("owners_committee", f"{estate.name}业主委员会", estate.area, "")
                owners.registered = "filed"
                self.owners.append((owners, site.area.id))
            self.of_estate[id(estate)] = (manages, owners)

    def _company(self, site: Site, known: Organisation | None) -> Organisation:
        if known is not None and self.dice.random() < 0.6:
            return known
        name = (
            f"无锡{self.dice.choice(_COMPANIES)}物业服务有限公司第{len(self.organisations)}分公司"
        )
        company = self.add(
            "property_company", name, site.area, "91", headcount=self.dice.randint(8, 40)
        )
        company.head_name = names.person(self.dice)
        self.stations.append(
            Station(organisation=company, area=site.area, kind="service", since=company.since)
        )
        return company

    def write(self) -> None:
        """Organisations and where they are at work."""
        rows = self.organisations
        for row, key in zip(rows, numbers(Organisation, len(rows)), strict=True):
            row.pk = key
        for row in rows:
            row.parent = row.parent
        pour(rows)
        for station in self.stations:
            station.organisation = station.organisation
            station.host = station.host
        pour(self.stations)
        registry_extras.facilities(self.cast.lively)

    def attach(self, sites: list[Site]) -> None:
        """Tell the estates who looks after them."""
        for estate in (e for site in sites for e in site.estates):
            company, owners = self.of_estate.get(id(estate), (None, None))
            _looked_after(estate, company, owners)

    def appoint(self, settlers: Settlers) -> None:
        """Members of owners' committees are residents; then everybody's posts are written."""
        for body, community in self.owners:
            grown = settlers.grown.get(community, [])
            chosen = self.dice.sample(grown, min(3, len(grown)))
            for person, post in zip(chosen, ("director", "member", "member"), strict=False):
                self.hold(body, person.name, post, person=person, sex=person.sex, term=2)
        for holding in self.holdings:
            holding.organisation = holding.organisation
        for holding, key in zip(self.holdings, numbers(Holding, len(self.holdings)), strict=True):
            holding.pk = key
        pour(self.holdings)
        registry_extras.judgements(self.holdings, self.cast.lively)
        registry_extras.filed(self.holdings, self.options)


def _looked_after(
    estate: Estate, company: Organisation | None, owners: Organisation | None
) -> None:
    estate.property_company, estate.owners_committee = company, owners


def found(
    cast: Cast, options: Options, sites: list[Site], batches: dict[int, dict[str, int]]
) -> Bodies:
    """Every community's committee and branch; what else there is on the stage's ground."""
    bodies = Bodies(options, cast, batches)
    lively = {area.id for area in cast.lively}
    for area in (*cast.lively, *cast.quiet):
        bodies.community(area, area.id in lively)
    registry_extras.streets(bodies, list(cast.lively))
    for site in sites:
        if site.area.id in lively:
            bodies.of_site(site)
    return bodies
