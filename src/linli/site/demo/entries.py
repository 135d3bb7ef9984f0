"""What communities of the demonstration city wrote in their ledgers in half a year: activities, projects, money, supplies.

Everything goes through the services, so that facts, editions and files are what they would leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from linli.capabilities.registry.models import Building, Residence
from linli.capabilities.tables.services import entries
from linli.kernel.access.hats import act_for
from linli.kernel.acts import Act
from linli.kernel.calendar import SHANGHAI
from linli.kernel.files.examine import Clean
from linli.kernel.places.models import Area
from linli.site.demo.options import Options
from linli.site.demo.people import Cast

DAYS, COMMUNITIES, VOLUNTEERS = 180, 8, 12
Values = dict[str, Any]
# days ago, title, kind, place, committee, hours of volunteers, cost
ACTIVITIES = (
    (172, "元宵灯谜会", "festival", "居民活动室", "", 0, 460),
    (150, "春季义诊", "health", "小区广场", "health_committee", 9, 0),
    (131, "楼道杂物清理", "environment", "一至四幢", "environment_property", 14, 120),
    (118, "防诈骗宣讲", "safety", "居委会二楼", "security", 4, 80),
    (104, "四点半课堂", "children", "居民活动室", "services", 24, 300),
    (83, "端午包粽子", "festival", "小区广场", "", 12, 680),
    (66, "独居老人理发", "elders", "日间照料中心", "services", 10, 0),
    (48, "消防逃生演练", "safety", "五幢", "security", 6, 150),
    (29, "垃圾分类入户", "environment", "全小区", "environment_property", 20, 90),
    (12, "党员义务巡逻", "volunteer", "全小区", "security", 16, 0),
    (3, "读书分享会", "culture", "居民活动室", "", 0, 60),
)
TOPICS = (
    (140, "电动车充电棚选址", "public_space", "设在三幢北侧，先装十二个位子", True),
    (95, "加装电梯费用分担", "property", "按楼层系数分担，一楼不出资", True),
    (51, "广场舞时间", "neighbours", "晚上八点半前结束", True),
    (16, "楼道堆物怎么管", "safety_topic", "先劝导两周，再集中清理", False),
)
NOTICES = (
    (125, "一季度经费收支情况", "board", 7),
    (60, "低保复核名单（按规定隐去号码）", "board", 7),
    (33, "惠民资金项目安排", "online", 10),
)
# days ago, days until the end, title, kind, state, source, amount, contractor, milestone
PROJECTS = (
    (
        160,
        -20,
        "银龄陪伴",
        "welfare",
        "done",
        "venture",
        30000,
        "市乐龄社会工作服务社",
        "首轮探访完成",
    ),
    (
        90,
        60,
        "微花园改造",
        "minor_works",
        "running",
        "maintenance",
        48000,
        "社区居民委员会",
        "已种植两处",
    ),
    (
        70,
        -6,
        "楼道灯更换",
        "minor_works",
        "running",
        "maintenance",
        12600,
        "社区居民委员会",
        "换了四个楼道",
    ),
    (
        40,
        120,
        "电动车充电棚",
        "facilities",
        "running",
        "budget",
        86000,
        "街道招标确定",
        "基础浇筑完成",
    ),
    (9, 200, "旧小区雨污分流", "renewal", "planned", "budget", 650000, "", "方案已公示"),
)
MONEY = (
    (155, "in", "grant", "budget", 50000, "服务群众专项经费拨入", "收字第 003 号"),
    (120, "out", "office", "budget", 380, "打印纸和文具", "付字第 011 号"),
    (74, "out", "aid_cost", "donation", 2400, "慰问困难家庭", "付字第 019 号"),
    (22, "out", "repair", "maintenance", 1250, "健身器材维修", "付字第 027 号"),
)
SUPPLIES = (
    ("沙袋", 200, "只", 0, "地下车库"),
    ("灭火器", 24, "具", 300, "居委会仓库"),
    ("急救包", 6, "个", 200, "居委会办公室"),
    ("抽水泵", 2, "台", 0, "居委会仓库"),
)
COURSES = ((100, "网格员业务培训", 8, 92), (41, "社会救助政策培训", 4, 88))


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry to write: its kind, how many days ago, its values, how many photos."""

    kind: str
    ago: int
    values: Values
    photos: int = 0


def settle(cast: Cast, options: Options, drawings: list[Clean]) -> int:
    """Write the ledgers of some communities; returns how many entries there are."""
    dice = Random(f"entries:{options.seed}")
    wanted = [cast.stage, *(each for each in cast.lively if each.pk != cast.stage.pk)]
    made = 0
    for area in wanted[:COMMUNITIES]:
        hands = cast.staff.get((cast.seats[area.pk], "clerk"), [])
        people, doors = _people(area), _doors(area)
        for line in _lines(people, doors, options.now.date(), dice) if hands else ():
            act = act_for(hands[0].account, hands[0].hat, at=_at(options, line.ago, 15))
            _write(act, area, line, dice.sample(drawings, line.photos))
            made += 1
    return made


def _at(options: Options, ago: int, hour: int) -> datetime:
    day = options.now.date() - timedelta(days=ago)
    return min(datetime.combine(day, time(hour, 0), SHANGHAI), options.now)


def _people(area: Area) -> list[str]:
    """Residents who volunteer and make up the team."""
    rows = Residence.objects.filter(
        area__gte=area.pk, area__lt=area.hi, lives=True, until__isnull=True
    )
    return [str(key) for key in rows.order_by("pk").values_list("person", flat=True)[:VOLUNTEERS]]


def _doors(area: Area) -> list[str]:
    """Addresses of some buildings of the community."""
    rows = Building.objects.filter(area__gte=area.pk, area__lt=area.hi, until__isnull=True)
    return list(rows.order_by("pk").values_list("address", flat=True)[:VOLUNTEERS])


def _write(act: Act, area: Area, line: _Line, photos: list[Clean]) -> None:
    values = {f"{line.kind}.{key}": value for key, value in line.values.items()}
    day = act.at.astimezone(SHANGHAI).date()
    entries.enter(act, kind=line.kind, area=area, day=day, values=values, photos=photos)


def _projects(people: list[str], doors: list[str], today: date) -> Iterator[_Line]:
    """Projects, each at another building of the community."""
    names = ("title", "kind", "state", "source", "amount", "contractor", "milestone")
    for at, (ago, lasts, *told) in enumerate(PROJECTS):
        values: Values = dict(zip(names, map(str, told), strict=True))
        values["until"] = (today + timedelta(days=lasts)).isoformat()
        values["place"] = doors[at % len(doors)] if doors else ""
        values["manager"] = people[at : at + 1]
        yield _Line("project", ago, values)


def _lines(people: list[str], doors: list[str], today: date, dice: Random) -> Iterator[_Line]:
    yield from _activities(people, doors, dice)
    yield from _talks(people, today)
    yield from _projects(people, doors, today)
    booked = ("direction", "subject", "source", "amount", "purpose", "voucher")
    for ago, *told in MONEY:
        yield _Line("money", ago, dict(zip(booked, map(str, told), strict=True)))
    yield from _kept(people, today, dice)


def _activities(people: list[str], doors: list[str], dice: Random) -> Iterator[_Line]:
    for ago, title, kind, place, committee, hours, cost in ACTIVITIES:
        helpers = dice.sample(people, min(3, len(people))) if hours else []
        values: Values = {
            "title": title,
            "kind": kind,
            "place": doors[len(title) % len(doors)] if doors and place == "小区广场" else place,
            "organiser": "社区居民委员会",
            "attended": str(dice.randint(15, 80)),
            "committee": committee,
            "volunteers": helpers,
            "hours": str(hours or ""),
            "cost": str(cost or ""),
            "outcome": "居民反映好" if dice.random() < 0.5 else "",
        }
        yield _Line("activity", ago, values, photos=dice.randint(0, 2))


def _talks(people: list[str], today: date) -> Iterator[_Line]:
    for ago, topic, kind, conclusion, told in TOPICS:
        values: Values = {
            "topic": topic,
            "kind": kind,
            "proposer": people[:1],
            "parties": "居民代表、物业、业委会",
            "conclusion": conclusion,
        }
        if told:
            values["disclosed"] = ((today - timedelta(days=ago)) + timedelta(days=3)).isoformat()
        yield _Line("consultation", ago, values)
    for ago, title, way, days in NOTICES:
        until = ((today - timedelta(days=ago)) + timedelta(days=days)).isoformat()
        yield _Line("disclosure", ago, {"title": title, "way": way, "until": until})


def _kept(people: list[str], today: date, dice: Random) -> Iterator[_Line]:
    for name, amount, unit, lasts, stored in SUPPLIES:
        values: Values = {"name": name, "amount": str(amount), "unit": unit, "stored": stored}
        values["team"] = people[1:4]
        if lasts:
            values["expires"] = (today + timedelta(days=lasts)).isoformat()
        yield _Line("supply", 30, values)
    yield _Line(
        "asset",
        45,
        {
            "name": "一号楼底层门面",
            "kind": "asset",
            "tenant": "便民理发店",
            "size": "36",
            "rent": "24000",
            "due": "24000",
            "paid": "12000",
        },
    )
    for ago, course, hours, score in COURSES:
        scored = str(score + dice.randint(-6, 6))
        values = {"people": people[4:6], "course": course, "hours": str(hours), "score": scored}
        yield _Line("training", ago, {**values, "grade": "competent"})
