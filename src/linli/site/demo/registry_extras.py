"""What else the demonstration city's communities have: teams that were filed, streets' stations, facilities, judgements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from linli.capabilities.registry.models import (
    Assessment,
    Facility,
    Filing,
    Holding,
    Organisation,
    Station,
)
from linli.capabilities.registry.selectors import kinds, stages
from linli.capabilities.registry.services import filings
from linli.kernel.acts import system_act
from linli.kernel.acts.pouring import pour
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.site.demo import names
from linli.site.demo.options import Options

if TYPE_CHECKING:
    from linli.site.demo.registry_bodies import Bodies

TEAMS = (
    ("晨曲合唱队", "culture_sport"),
    ("楼道互助队", "mutual_help"),
    ("护学志愿队", "volunteering"),
)
FACILITIES = (("01037", "路灯"), ("01013", "消防栓"), ("01002", "污水井盖"))
YEAR = 2025
UNFILED_EVERY = 15


def social(bodies: Bodies, area: Area, plain: str) -> None:
    """Teams that were filed at the street, the last of them without its yearly check."""
    for name, label in TEAMS:
        team = bodies.add("community_organisation", f"{plain}{name}", area)
        team.registered, team.labels = "filed", [label]
        team.head_name = names.person(bodies.dice)
        team.public_phone = f"0510-8300{len(bodies.organisations):04d}"
        team.more = {"purpose": "每周活动两次", "checks": {str(YEAR): name != TEAMS[-1][0]}}
        team.state = "active" if name != TEAMS[-1][0] else "abnormal"


def streets(bodies: Bodies, areas: list[Area]) -> None:
    """A guidance station, a federation and an incubator in every street of the stage; the teams have joined."""
    for street in {area.parent_id: area.parent for area in areas}.values():
        if street is None:
            continue
        plain = street.name.removesuffix("街道").removesuffix("镇")
        bodies.add("party_station", f"{plain}街道党建工作指导站", street)
        bodies.add("social_work_station", f"{plain}街道社会工作站", street)
        federation = bodies.add("federation", f"{plain}街道社区社会组织联合会", street, "51")
        base = bodies.add("incubator", f"{plain}街道公益园", street)
        base.more = {"seats": 12}
        joined = [o for o in bodies.organisations if o.kind == "community_organisation"]
        for team in joined:
            if team.area.parent_id == street.id:
                bodies.stations.append(
                    Station(
                        organisation=team, area=street, host=federation, kind="joined",
                        since=date(2024, 5, 1),
                    )
                )  # fmt: skip
        _incubated(bodies, street, base, joined)


def _incubated(bodies: Bodies, street: Area, base: Organisation, teams: list[Organisation]) -> None:
    """Three teams of a street were taken in and granted something; one of them has left since, one is no more."""
    own = [team for team in teams if team.area.parent_id == street.id][:3]
    for number, team in enumerate(own):
        left = (None, date(2025, 3, 1), date(2025, 9, 1))[number]
        bodies.stations.append(
            Station(
                organisation=team, area=street, host=base, kind="incubated",
                since=date(2023, 3, 1), until=left, more={"grant": 20000},
            )
        )  # fmt: skip
    if len(own) == len(TEAMS):
        own[-1].until, own[-1].state = date(2025, 9, 1), "ended"
        for station in bodies.stations:
            if station.organisation is own[-1]:
                station.until = date(2025, 9, 1)


def facilities(areas: list[Area]) -> None:
    """Lamps, hydrants and covers around the middle of every grid of the stage."""
    known = kinds.section().facility_titles
    rows = []
    for grid in (grid for area in areas for grid in places.children(area)):
        for number, (code, title) in enumerate(FACILITIES):
            middle = places.centre(grid)
            if code in known and middle is not None:
                rows.append(
                    Facility(
                        area=grid, code=code, name=title, number=f"{grid.code[-3:]}-{number + 1}",
                        lon=round(middle[0] + 0.0004 * (number - 1), 6), lat=round(middle[1], 6),
                        state="damaged" if (grid.id >> 19) % 7 == number else "good",
                        since=date(2021, 1, 1),
                    )
                )  # fmt: skip
    pour(rows)


def judgements(holdings: list[Holding], areas: list[Area]) -> None:
    """Secretaries against the five strengths, grids against the five unifications: most meet them."""
    lists = {each.code: [item.code for item in each.items] for each in kinds.section().checklists}
    rows = []
    for held in holdings:
        if held.post == "secretary" and held.organisation.parent_id is None:
            met = lists["five_strong"][: 4 if held.organisation_id % 4 == 0 else 5]
            rows.append(
                Assessment(
                    area=held.area, holding=held, checklist="five_strong", year=YEAR, met=met
                )
            )
    for grid in (grid for area in areas for grid in places.children(area)):
        met = lists["five_unified"][: 4 if (grid.id >> 19) % 5 == 0 else 5]
        rows.append(Assessment(area=grid, checklist="five_unified", year=YEAR, met=met))
    rows += _standards(holdings)
    for row in rows:
        row.on = date(YEAR, 12, 20)
    pour(rows)


def _standards(holdings: list[Holding]) -> list[Assessment]:
    """Party branches by the six aspects of their standard: most have come all the way, some are behind, some not judged."""
    day = date(YEAR, 12, 20)
    found = []
    for held in holdings:
        body = held.organisation
        checklist = stages.checklist_of(body.kind, day) if held.post == "secretary" else None
        if checklist is None or body.pk % 7 == 0:
            continue
        stage = checklist.stages[-1 if body.pk % 4 else 1]
        found.append(
            Assessment(
                area=body.area, organisation=body, checklist=checklist.code, year=YEAR,
                met=[item.code for item in checklist.items if item.code in stage.items],
            )
        )  # fmt: skip
    return found


def filed(holdings: list[Holding], options: Options) -> None:
    """Most secretaries were filed by their districts; every so many wait to be filed, one of the stage among them."""
    day = options.now.date()
    asked = [each for each in holdings if kinds.filed(each.organisation, each.post, day)]
    rows = []
    for number, held in enumerate(asked):
        if number % UNFILED_EVERY and held.since is not None:
            rows.append(
                Filing(
                    area=held.area, holding=held, about=Filing.About.APPOINTED,
                    state=Filing.State.FILED, at=options.now - timedelta(days=200),
                    number=f"备〔{YEAR}〕{number}号", on=date(YEAR, 6, 10),
                )
            )  # fmt: skip
    pour(rows)
    filings.report_all(system_act(options.now))
