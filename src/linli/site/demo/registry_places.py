"""Where the demonstration city's people live: estates, buildings and homes of the stage's district, all made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from linli.capabilities.registry.models import Building, Estate, Home
from linli.capabilities.registry.rules import addresses
from linli.kernel.acts.pouring import pour
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.site.demo.options import Options
from linli.site.demo.reports import Ground
from linli.site.demo.writing import numbers

VACANT_EVERY = 16  # of so many homes one stands empty
BLANK_USE = 0.08  # of so many homes nobody has said how they are used
_FIRST = (
    "春江",
    "梅园",
    "西溪",
    "望湖",
    "长桥",
    "锦绣",
    "石塘",
    "清扬",
    "映山",
    "惠泉",
    "青祁",
    "书院",
)
_LAST = {
    "commodity": ("花园", "家园", "华庭", "苑"),
    "old": ("新村", "一村", "二村", "里"),
    "resettlement": ("安置小区", "佳苑"),
    "unit": ("宿舍", "公寓"),
}
_SHAPES = {  # staircases, floors, doors a floor, years of building
    "commodity": (2, 11, 2, (2003, 2021)),
    "old": (3, 6, 2, (1982, 1998)),
    "resettlement": (3, 6, 2, (2004, 2016)),
    "unit": (2, 5, 3, (1978, 1992)),
}
_KINDS = ("commodity", "old", "commodity", "resettlement", "old", "unit")


@dataclass(slots=True)
class Site:
    """What a community has: its estates, and its homes in the order in which they are moved into."""

    area: Area
    estates: list[Estate] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    empty: list[Home] = field(default_factory=list)


class Builder:
    """Rows in the making; `write` pours them with keys drawn first."""

    def __init__(self, options: Options, sources: dict[str, int]) -> None:
        self.dice = Random(f"places:{options.seed}")
        self.ground = Ground(self.dice)
        self.since = options.first_day.replace(year=options.first_day.year - 4)
        self.sources = sources

    def build(self, area: Area, homes: int, batch: int) -> Site:
        """Estates, buildings and homes of a community for so many households, grid by grid."""
        site = Site(area)
        grids = places.children(area) or [area]
        share = -(-homes // len(grids))
        used: set[str] = set()
        for number, grid in enumerate(grids):
            kind = _KINDS[(area.id // grid.id + number + self.dice.randrange(6)) % 6]
            estate = self._estate(grid, kind, used, batch)
            site.estates.append(estate)
            self._fill(site, estate, kind, share, batch)
        return site

    def _estate(self, grid: Area, kind: str, used: set[str], batch: int) -> Estate:
        while True:
            name = self.dice.choice(_FIRST) + self.dice.choice(_LAST[kind])
            if name not in used:
                break
        used.add(name)
        return Estate(
            area=grid,
            name=name,
            kind=kind,
            address=f"{self.dice.choice(_FIRST)}路{self.dice.randrange(1, 300)}号",
            built=self.dice.randint(*_SHAPES[kind][3]),
            since=self.since,
            sources={"*": batch},
        )

    def _fill(self, site: Site, estate: Estate, kind: str, wanted: int, batch: int) -> None:
        units, floors, doors, _years = _SHAPES[kind]
        centre = self.ground.point(estate.area)
        made, number = 0, 0
        while made < wanted:
            number += 1
            building = self._building(estate, number, (units, floors), centre, batch)
            site.buildings.append(building)
            for home in _doors(building, units, floors, doors):
                if made >= wanted:
                    break
                home.sources = {"*": batch}
                home.since = self.since
                if self.dice.randrange(VACANT_EVERY) == 0:
                    home.use = "empty"
                    site.empty.append(home)
                    continue
                made += 1
                home.size = round(self.dice.uniform(52, 128), 2)
                site.homes.append(home)

    def _building(
        self,
        estate: Estate,
        number: int,
        shape: tuple[int, int],
        centre: tuple[float, float] | None,
        batch: int,
    ) -> Building:
        name = f"{number}幢"
        address = f"{estate.name}{name}"
        lon, lat = (None, None)
        if centre is not None:
            lon = round(centre[0] + 0.0005 * (number % 4) - 0.0007, 6)
            lat = round(centre[1] + 0.0004 * (number // 4) - 0.0006, 6)
        return Building(
            area=estate.area,
            estate=estate,
            name=name,
            address=address,
            address_key=addresses.building_key(address),
            lon=lon,
            lat=lat,
            units=shape[0],
            floors=shape[1],
            since=self.since,
            sources={"*": batch},
        )


def _doors(building: Building, units: int, floors: int, doors: int) -> Iterator[Home]:
    for unit in range(1, units + 1):
        for floor in range(1, floors + 1):
            for door in range(1, doors + 1):
                room = f"{floor}{door:02d}"
                yield Home(
                    area=building.area,
                    building=building,
                    unit_no=str(unit),
                    floor=floor,
                    room=room,
                    size=None,
                )


def write(sites: list[Site]) -> None:
    """Everything that stands, in three strokes; its homes come last because people say how they are used."""
    estates = [each for site in sites for each in site.estates]
    buildings = [each for site in sites for each in site.buildings]
    homes = [each for site in sites for each in (*site.homes, *site.empty)]
    for model, rows in ((Estate, estates), (Building, buildings), (Home, homes)):
        for row, key in zip(rows, numbers(model, len(rows)), strict=True):
            row.pk = key
    for building in buildings:
        building.estate = building.estate  # its key is known only now
    for home in homes:
        home.building = home.building
    pour(estates)
    pour(buildings)
    pour(homes)
