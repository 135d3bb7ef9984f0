"""What the rows of a region are – people, households, homes, organisations … – from its title and its headings (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from linli.capabilities.tables.mapping.registers import REGISTERS
from linli.kernel.dictionary.headings import Match


@dataclass(frozen=True, slots=True)
class RowKind:
    """A kind of rows: the record sets that its columns may come from, likeliest first; words of titles; what never fits.

    `called`: what a heading of one word means in rows of this kind alone.
    """

    code: str
    sets: tuple[str, ...]
    core: tuple[str, ...]
    words: re.Pattern[str]
    never: frozenset[str] = frozenset()
    called: Mapping[str, str] = field(default_factory=dict)


_NEVER_PERSON = frozenset({"estate.homes", "building.name", "home.unit_no", "home.room"})
# A number in a list of posts is its holder's, no office's; where a holder lives nobody here keeps.
_NEVER_HOLDING = frozenset(
    {
        "organisation.name", "organisation.head_name", "organisation.since", "organisation.phone", "organisation.public_phone",
        "organisation.place", "residence.address", "residence.registered_address", "residence.kind", "residence.since",
        "residence.grid", "residence.until", "residence.lives", "residence.apart", "residence.relation", "residence.ending", "residence.moved_to",
    }
)  # fmt: skip
KINDS: tuple[RowKind, ...] = (
    RowKind(
        "person",
        ("person", "residence", "household", "tag", "bond", "tie", "home"),
        ("person", "tag", "residence"),
        re.compile(
            r"人员|居民|人口|老人|老年|儿童|青少年|党员|志愿者|残疾|军人|优抚|对象|失业|妇女|学生|精神|矫正|走访|申请|登记卡|采集|离退休干部|老干部"
        ),
        _NEVER_PERSON,
    ),
    RowKind(
        "household",
        ("household", "residence", "tag", "bond", "home", "person"),
        ("household",),
        re.compile(r"家庭|住户|农户|户主|户情"),
        frozenset({"person.name", "person.note", *_NEVER_PERSON}),
    ),
    RowKind(
        "holding",
        ("holding", "organisation", "residence"),
        ("holding",),
        re.compile(
            r"工作者|工作人员|两委|班子|委员会成员|居委会成员|任职|(?<!离退休)(?<!老)干部|专职|网格员(名册|花名册|信息)|社工"
        ),
        _NEVER_HOLDING,
    ),
    RowKind(
        "organisation",
        ("organisation", "residence"),
        ("organisation",),
        re.compile(r"单位|企业|商户|商铺|门店|店铺|场所|社会组织|机构|学校|党组织|沿街|经营|法人"),
        frozenset({"residence.address", "residence.kind", "residence.since"}),
    ),
    RowKind(
        "home",
        ("home", "tie", "building", "estate", "residence", "household", "person"),
        ("home", "tie"),
        re.compile(r"房屋|出租|住房|房产|空置|业主|租赁|资产|房源"),
        frozenset(
            {
                "person.name",
                "estate.homes",
                "household.size",
                "person.note",
                "residence.kind",
                "residence.address",
            }
        ),
    ),
    RowKind(
        "building",
        ("building", "estate", "home", "residence"),
        ("building",),
        re.compile(r"楼栋|楼宇|楼幢|单元"),
        frozenset({"estate.homes", "home.since", "residence.since", "home.address"}),
    ),
    RowKind(
        "estate",
        ("estate", "residence"),
        ("estate",),
        re.compile(r"小区|物业|院落|自然村"),
        frozenset({"residence.address", "residence.since", "residence.kind", "residence.estate"}),
    ),
    RowKind(
        "facility",
        ("facility", "residence"),
        ("facility",),
        re.compile(r"设施|部件|设备|井盖|路灯|消防栓|充电|监控|健身器材|点位"),
        frozenset({"residence.address", "residence.since", "residence.kind", "residence.lives"}),
    ),
    RowKind(
        "visit",
        ("visit", "residence", "household", "person"),
        ("visit",),
        re.compile(r"走访|入户记录|探访|巡访|家访"),
        frozenset({"person.note", "residence.kind", "residence.since"}),
    ),
    RowKind(
        "matter",
        ("matter", "residence"),
        ("matter",),
        re.compile(r"诉求|事件|工单|投诉|信访|矛盾|纠纷|问题台账|来访|案件"),
        frozenset({"residence.kind", "residence.since", "residence.address"}),
    ),
    RowKind(
        "area",
        ("area", "residence", "statistic"),
        ("area",),
        re.compile(
            r"网格(设置|划分|情况|基本|一览)|各社区|各村|各街道|辖区情况|社区(基本)?(概况|情况)"
        ),
        frozenset({"residence.address", "residence.kind", "residence.since"}),
    ),
    *(
        RowKind(
            each.code,
            (each.code, "residence"),
            (each.code,),
            each.words,
            frozenset(
                {"residence.address", "residence.kind", "residence.since", "residence.until"}
            ),
            {word: f"{each.code}.{name}" for word, name in each.called.items()},
        )
        for each in REGISTERS
    ),
)
BY_CODE: Mapping[str, RowKind] = {kind.code: kind for kind in KINDS}
# One heading that says what every row is.
_TELLING = {
    "person.document": ("person", 1.0),
    "person.name": ("person", 1.0),
    "household.head_name": ("household", 2.0),
    "organisation.uscc": ("organisation", 3.0),
    "organisation.name": ("organisation", 1.0),
    "organisation.scope": ("organisation", 1.0),
    "holding.post": ("holding", 2.0),
    "tie.name": ("home", 2.0),
    "home.size": ("home", 1.0),
    "building.units": ("building", 1.5),
    "visit.on": ("visit", 6.0),
    "visit.by": ("visit", 1.0),
    "matter.opened": ("matter", 1.5),
    "matter.closed": ("matter", 1.5),
    "facility.code": ("facility", 2.0),
    "facility.name": ("facility", 2.0),
    "estate.name": ("estate", 1.0),
    "estate.property_company": ("estate", 1.5),
    "estate.kind": ("estate", 1.5),
}


# Where something lies is asked of anything.
_PLACED = frozenset(
    f"residence.{each}"
    for each in ("community", "street", "district", "grid", "estate", "building", "unit", "room")
)
# What rows of a kind are called: where no heading asks one of these, the rows are hardly of that kind.
_NAMED_BY = {
    "facility": frozenset({"facility.code", "facility.name", "facility.number"}),
    "organisation": frozenset({"organisation.name", "organisation.short_name", "organisation.uscc", "organisation.head_name"}),
    "estate": frozenset({"estate.name"}),
    "matter": frozenset({"matter.opened", "matter.closed", "matter.number", "matter.title", "matter.class", "matter.outcome", "matter.address"}),
}  # fmt: skip


def judge(title: str, section: str, exact: Iterable[list[Match]]) -> tuple[RowKind, float]:
    """The kind of a region and how clearly it leads (0..1); `exact` are the good matches of each heading."""
    points = {
        kind.code: 2.5 * len(set(kind.words.findall(section or title)))
        + 1.0 * bool(section and kind.words.search(title))
        for kind in KINDS
    }
    told: set[str] = set()
    for matches in exact:
        found = {match.element.code for match in matches if match.score >= 0.95}
        told |= found
        for kind in KINDS:
            points[kind.code] += _share(kind, found)
    points["person"] += 1.0 * ("名册" in (section or title))
    for code, weight in _told(told, section or title):
        points[code] += weight
    ranked = sorted(points, key=lambda code: -points[code])
    lead = points[ranked[0]] - points[ranked[1]]
    return BY_CODE[ranked[0]], min(1.0, lead / 2.0)


def _told(told: set[str], title: str) -> Iterator[tuple[str, float]]:
    """What single headings, and those that lack, say of a kind."""
    yield from (_TELLING[code] for code in told if code in _TELLING)
    yield from ((kind, -3.0) for kind, names in _NAMED_BY.items() if not told & names)
    if "person.name" in told and "person.document" in told:
        yield "person", 2.0
    if "holding.post" in told and BY_CODE["holding"].words.search(title):
        yield "holding", 4.0
    yield from ((each.code, -3.0) for each in REGISTERS if not _of(each.code, told))
    if "household.head_name" in told:
        yield "household", -3.0 if "person.name" in told else 7.0


def _of(record_set: str, told: set[str]) -> bool:
    """Whether two headings at least are asked of a register alone."""
    return sum(code.startswith(f"{record_set}.") for code in told) > 1


def _share(kind: RowKind, found: set[str]) -> float:
    here = [
        code
        for code in found
        if code.partition(".")[0] in kind.core and code not in kind.never and code not in _PLACED
    ]
    return len(here) / len(found) if here else 0.0
