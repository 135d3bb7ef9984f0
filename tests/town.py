"""One small fixed town with named people, so that every test reads alike.

甲社区 (two grids) and 乙社区 lie in 东街道, 丙社区 in 西街道, all in 甲区 of 试验市. 王小梅 is the resident the stories
are about, 李建国 is a neighbour who must not see her matters, 陈静 is the clerk of 甲社区, 周涛 of 乙社区.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from linli.kernel.access.hats import act_for
from linli.kernel.access.models import Account, Appointment, Unit
from linli.kernel.acts import Act, Span, system_act, under
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, allot

PASSWORD = "Linli-2026"
SINCE = date(2020, 1, 1)
CENTRE = (120.30, 31.57)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: login or phone, name, post, unit code, area name."""

    key: str
    name: str
    post: str
    unit: str
    area: str


STAFF = (
    Cast("chen", "陈静", "clerk", "jia", "甲社区"),
    Cast("lin", "林芳", "clerk", "jia", "甲社区"),
    Cast("he", "何主任", "community_head", "jia", "甲社区"),
    Cast("zhou", "周涛", "clerk", "yi", "乙社区"),
    Cast("sun", "孙强", "grid_worker", "jia", "甲社区第一网格"),
    Cast("qian", "钱进", "grid_worker", "jia", "甲社区第二网格"),
    Cast("wu", "吴敏", "street_worker", "dong", "东街道"),
    Cast("zheng", "郑磊", "department_worker", "municipal", "试验市"),
    Cast("gao", "高峰", "department_worker", "urban", "试验市"),
    Cast("feng", "冯局长", "duty_head", "command", "试验市"),
)
RESIDENTS = {"wang": ("王小梅", "13800000001"), "li": ("李建国", "13800000002")}
UNITS = (
    ("jia", "甲社区居委会", "committee", "甲社区"),
    ("yi", "乙社区居委会", "committee", "乙社区"),
    ("bing", "丙社区居委会", "committee", "丙社区"),
    ("dong", "东街道办事处", "street_office", "东街道"),
    ("xi", "西街道办事处", "street_office", "西街道"),
    ("municipal", "市政和园林局", "department", "试验市"),
    ("urban", "城市管理局", "department", "试验市"),
    ("command", "社会治理指挥中心", "department", "试验市"),
)


def _square(lon: float, lat: float, half: float) -> dict[str, object]:
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _area(
    name: str,
    level: Level,
    parent: Area,
    number: int,
    code: str,
    at: tuple[float, float],
    half: float,
) -> Area:
    span = allot(Span(parent.pk, parent.hi), level, [])
    width = span.hi - span.lo
    lo = span.lo + (number - 1) * width
    lon, lat = at
    return Area.objects.create(
        pk=lo,
        hi=lo + width,
        level=level,
        parent=parent,
        code=code,
        name=name,
        full_name=f"{parent.full_name}{name}",
        west=lon - half,
        east=lon + half,
        south=lat - half,
        north=lat + half,
        lon=lon,
        lat=lat,
        boundary=_square(lon, lat, half),
        datum="WGS-84",
        source="town",
    )


def build() -> None:
    """Write the town into an empty database (once, into the template that tests clone)."""
    with under(system_act()):
        _places()
        _people()


def _places() -> None:
    root = Span(32 * 2**56, 33 * 2**56)
    span = allot(root, Level.CITY, [])
    lon, lat = CENTRE
    city = Area.objects.create(
        pk=span.lo,
        hi=span.hi,
        level=Level.CITY,
        code="329900000000",
        name="试验市",
        full_name="试验市",
        west=lon - 0.1,
        east=lon + 0.1,
        south=lat - 0.1,
        north=lat + 0.1,
        lon=lon,
        lat=lat,
        boundary=_square(lon, lat, 0.1),
        datum="WGS-84",
        source="town",
    )
    district = _area("甲区", Level.DISTRICT, city, 1, "329901000000", CENTRE, 0.1)
    east = _area("东街道", Level.STREET, district, 1, "329901001000", (lon + 0.05, lat), 0.05)
    west = _area("西街道", Level.STREET, district, 2, "329901002000", (lon - 0.05, lat), 0.05)
    one = _area(
        "甲社区", Level.COMMUNITY, east, 1, "329901001001", (lon + 0.05, lat + 0.025), 0.025
    )
    _area("乙社区", Level.COMMUNITY, east, 2, "329901001002", (lon + 0.05, lat - 0.025), 0.025)
    _area("丙社区", Level.COMMUNITY, west, 1, "329901002001", (lon - 0.05, lat), 0.05)
    for number, shift in ((1, -0.0125), (2, 0.0125)):
        name = f"甲社区第{'一二'[number - 1]}网格"
        code = f"32990100100100{number}"
        _area(name, Level.GRID, one, number, code, (lon + 0.05 + shift, lat + 0.025), 0.0125)


def _people() -> None:
    areas = {a.name: a for a in Area.objects.all()}
    units = {
        code: Unit.objects.create(code=code, name=name, kind=kind, area=areas[place])
        for code, name, kind, place in UNITS
    }
    hashed = make_password(PASSWORD)
    for cast in STAFF:
        account = Account.objects.create(
            kind="staff", login=cast.key, name=cast.name, password=hashed, demo=cast.key
        )
        Appointment.objects.create(
            account=account,
            unit=units[cast.unit],
            area=areas[cast.area],
            post=cast.post,
            since=SINCE,
        )
    for key, (name, phone) in RESIDENTS.items():
        Account.objects.create(
            kind="resident", name=name, phone=phone, home=areas["甲社区"], demo=key
        )


class Town:
    """Look things up by name; get anybody's act."""

    def area(self, name: str) -> Area:
        """An area by its name."""
        return Area.objects.get(name=name)

    def unit(self, code: str) -> Unit:
        """A unit by its code."""
        return Unit.objects.get(code=code)

    def account(self, key: str) -> Account:
        """An account by its key in the cast."""
        return Account.objects.get(demo=key)

    def act(self, key: str, at: datetime | None = None, channel: str = "web") -> Act:
        """The act of somebody of the cast, at a time."""
        return act_for(self.account(key).pk, at=at, channel=channel)
