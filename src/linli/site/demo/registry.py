"""What the demonstration city's registry holds: the stage's district with people, homes and organisations, made up.

Set-based throughout: keys are drawn first, rows are poured. The same options give the same city but for the
seals, whose noise is new each time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from linli.capabilities.registry.models import (
    Batch,
    Home,
    Household,
    Mark,
    Organisation,
    Person,
    Residence,
    Source,
)
from linli.kernel.acts.pouring import pour
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, enclosing
from linli.site.demo import registry_bodies, registry_doubts, registry_people
from linli.site.demo.options import Options
from linli.site.demo.people import Cast
from linli.site.demo.registry_places import Builder, Site, write
from linli.site.demo.writing import numbers

ON_STAGE, LIVELY, QUIET = 3200, 800, 12
TINY_STAGE, TINY = 260, 40
MADE_UP = "演示数据，均为虚构"
# Who says so: code, title, owner, system, rank, days ago of the last load.
SOURCES = (
    ("police", "公安人口信息", "公安", "实有人口管理系统", 10, 24),
    ("civil", "民政业务数据", "民政", "社会救助系统", 20, 17),
    ("door", "入户走访", "社区", "走访登记", 40, 9),
    ("window", "窗口登记", "社区", "窗口受理", 45, 6),
    ("resident", "居民本人填报", "居民", "居民端", 50, 3),
    ("housing", "住建房屋数据", "住房和城乡建设", "房屋管理系统", 30, 31),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """How much stands."""

    people: int
    homes: int
    organisations: int


def settle(cast: Cast, options: Options) -> Filled:
    """Fill the registry of the stage's district, and the committees of the whole city."""
    wanted = _wanted(cast, options)
    sources = _sources()
    batches = _batches(options, sources, list(wanted))
    builder = Builder(options, sources)
    sites: list[Site] = []
    for area, people in wanted.items():
        homes = max(4, round(people / 2.35))
        sites.append(builder.build(area, homes, batches[area.id]["housing"]))
    bodies = registry_bodies.found(cast, options, sites, batches)
    settlers = registry_people.Settlers(options, cast, batches)
    settlers.come(sum(wanted.values()) + 5 * len(wanted))
    for site in sites:
        settlers.move_in(site, wanted[site.area])
    bodies.write()
    bodies.attach(sites)
    write(sites)
    settlers.write()
    registry_doubts.sow(settlers)
    bodies.appoint(settlers)
    return Filled(
        len(settlers.people),
        sum(len(s.homes) + len(s.empty) for s in sites),
        len(bodies.organisations),
    )


def _wanted(cast: Cast, options: Options) -> dict[Area, int]:
    """How many people live in each community of the stage's district."""
    district = enclosing(cast.stage.id, Level.DISTRICT)
    here = [
        area
        for area in places.at_level(Level.COMMUNITY)
        if enclosing(area.id, Level.DISTRICT) == district and area.until is None
    ]
    lively = {area.id for area in cast.lively}
    known = {area.id for area in (*cast.lively, *cast.quiet)}
    tiny = bool(options.communities)
    shares = (TINY_STAGE, TINY, TINY) if tiny else (ON_STAGE, LIVELY, QUIET)
    found: dict[Area, int] = {}
    for area in here:
        if area.id not in known:
            continue
        share = shares[0 if area.id == cast.stage.id else 1 if area.id in lively else 2]
        found[area] = max(8, round(share * min(options.scale, 1.0)))
    return found


def _sources() -> dict[str, int]:
    """Departments and doors that say things; those of the pack are there already."""
    found = {}
    for code, title, owner, system, rank, _days in SOURCES:
        row, _made = Source.objects.get_or_create(
            code=code, defaults={"title": title, "owner": owner, "system": system, "rank": rank}
        )
        found[code] = row.pk
    return found


def _batches(
    options: Options, sources: dict[str, int], areas: list[Area]
) -> dict[int, dict[str, int]]:
    """One load a source and community; everything in the registry comes from one of them."""
    rows: list[Batch] = []
    for area in areas:
        for code, title, _owner, _system, _rank, days in SOURCES:
            day = options.now - timedelta(days=days)
            rows.append(
                Batch(
                    area=area,
                    source_id=sources[code],
                    name=f"{title}（{MADE_UP}）",
                    as_of=day.date(),
                    state=Batch.State.DONE,
                    plan={},
                    counts={},
                    progress=0,
                    total=0,
                    at=day,
                    finished=day,
                )
            )
    for row, key in zip(rows, numbers(Batch, len(rows)), strict=True):
        row.pk = key
    pour(rows)
    found: dict[int, dict[str, int]] = {area.id: {} for area in areas}
    for row, (code, *_rest) in zip(rows, SOURCES * len(areas), strict=True):
        found[row.area_id][code] = row.pk
    return found


def digest() -> str:
    """A hash of the registry's content: equal for equal seeds, days and sizes (seals are left out)."""
    whole = hashlib.sha256()
    for model, columns in (
        (Person, ("id", "name", "sex", "born", "marital", "education", "workplace", "more")),
        (Residence, ("id", "person_id", "home_id", "household_id", "kind", "relation", "since")),
        (Household, ("id", "home_id", "head_id", "number")),
        (Home, ("id", "building_id", "unit_no", "room", "use")),
        (Mark, ("id", "person_id", "code", "basis")),
        (Organisation, ("id", "kind", "name", "uscc")),
    ):
        for row in model.objects.order_by("id").values_list(*columns).iterator(2000):
            whole.update(repr(row).encode())
    return whole.hexdigest()
