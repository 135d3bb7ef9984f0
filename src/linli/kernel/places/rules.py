"""Which numbers belong to which area: widths, slots and codes, by arithmetic alone."""

from collections.abc import Iterable
from enum import StrEnum

from linli.kernel.acts.act import Refusal, Span


class Level(StrEnum):
    """A rung of the area tree, widest first."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"


ROOT = Span(0, 1 << 62)
LEVELS = tuple(Level)
WIDTH: dict[Level, int] = {
    Level.PROVINCE: 1 << 56,
    Level.CITY: 1 << 50,
    Level.DISTRICT: 1 << 43,
    Level.STREET: 1 << 36,
    Level.COMMUNITY: 1 << 28,
    Level.GRID: 1 << 19,
    Level.BUILDING: 1 << 11,
}
LABELS_ZH = {
    Level.PROVINCE: "省份",
    Level.CITY: "城市",
    Level.DISTRICT: "区县",
    Level.STREET: "街道",
    Level.COMMUNITY: "社区",
    Level.GRID: "网格",
    Level.BUILDING: "楼栋",
}

# GB/T 2260: the order of the provinces is fixed, so a city has the same numbers everywhere.
PROVINCES = (
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
    "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54",
    "61", "62", "63", "64", "65", "71", "81", "82",
)  # fmt: skip


def _above(level: Level) -> int:
    index = LEVELS.index(level)
    return WIDTH[LEVELS[index - 1]] if index else ROOT.hi


def capacity(level: Level) -> int:
    """How many areas of a level one parent can hold (slot 0 is the parent itself)."""
    return _above(level) // WIDTH[level] - 1


def allot_many(parent: Span, level: Level, taken: Iterable[int], count: int) -> list[Span]:
    """The lowest ``count`` free intervals of a level inside a parent; refuses when it is full.

    ``taken`` are the ``lo`` of the parent's present and ended areas of that level. A level may be
    skipped (a street straight under a city): such areas take the numbers of slot 0 of the level
    between, which nobody else uses.
    """
    width = WIDTH[level]
    if parent.hi - parent.lo <= width:
        raise Refusal(f"{LABELS_ZH[level]}不能设在同级或更低一级的区域之下。", code="level")
    used = set(taken)
    free: list[Span] = []
    for slot in range(1, capacity(level) + 1):
        if len(free) == count:
            break
        lo = parent.lo + slot * width
        if lo not in used:
            free.append(Span(lo, lo + width))
    if len(free) < count:
        raise Refusal(
            f"该区域下最多设 {capacity(level)} 个{LABELS_ZH[level]}（含已撤销的），编号已用完。",
            code="full",
        )
    return free


def allot(parent: Span, level: Level, taken: Iterable[int]) -> Span:
    """The lowest free interval of a level inside a parent; refuses when the parent is full."""
    return allot_many(parent, level, taken, 1)[0]


def province_span(code: str) -> Span | None:
    """The fixed interval of a province by the first two digits of any code of it, if it is one."""
    if code[:2] not in PROVINCES:
        return None
    lo = (PROVINCES.index(code[:2]) + 1) * WIDTH[Level.PROVINCE]
    return Span(lo, lo + WIDTH[Level.PROVINCE])


def enclosing(area_id: int, level: Level) -> int | None:
    """The ``lo`` of the area of ``level`` around an id, or None when the id lies above it."""
    lo = area_id & -WIDTH[level]
    return lo if lo & (_above(level) - 1) else None


def pool_of(area_id: int, level: Level) -> int:
    """The ``lo`` of the area whose slots an area of a level was allotted from."""
    return area_id & -_above(level)


def level_of(area_id: int) -> Level:
    """The level of an area by its number alone."""
    return next((each for each in LEVELS if area_id % WIDTH[each] == 0), Level.BUILDING)


def span_of(area_id: int) -> Span:
    """The interval that starts at an area's number."""
    return Span(area_id, area_id + WIDTH[level_of(area_id)])


_LENGTHS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.DISTRICT, 9: Level.STREET}


def canonical(code: str) -> str:
    """A statistical code in its full twelve digits (``3202`` and ``320200`` are one city).

    Codes that are not of the national form (grids, cities abroad) are returned as they are.
    """
    code = code.strip()
    return code.ljust(12, "0") if code.isdigit() and len(code) in _LENGTHS else code


def code_level(code: str) -> Level:
    """The level that a national statistical code names, by where its zeros begin."""
    digits = canonical(code)
    if len(digits) > 12:
        return Level.GRID
    for length, level in _LENGTHS.items():
        if not digits[length:].strip("0"):
            return level
    return Level.COMMUNITY


def parent_codes(code: str) -> list[str]:
    """The codes of the areas above, nearest first (some may not exist as areas)."""
    digits = canonical(code)
    lengths = [length for length in (9, 6, 4, 2) if digits[length:].strip("0")]
    if len(digits) > 12:
        return [digits[:12], *(digits[:length].ljust(12, "0") for length in lengths)]
    return [digits[:length].ljust(12, "0") for length in lengths]


def grid_code(community_code: str, number: int) -> str:
    """Our code of a grid: the community's twelve digits and a three-digit number from 1."""
    return f"{community_code}{number:03d}"


def kind_of(code: str) -> str:
    """Committee type by the last three digits: 001–199 urban, 200–399 rural, 400–599 quasi."""
    digits = canonical(code)
    if len(digits) != 12 or not digits.isdigit():
        return ""
    number = int(digits[9:])
    for low, high, kind in ((1, 199, "urban"), (200, 399, "rural"), (400, 599, "quasi")):
        if low <= number <= high:
            return kind
    return ""


_TAILS = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
)


def short_name(name: str) -> str:
    """A committee's place as people say it: 春城社区居委会 → 春城社区, 红星村委会 → 红星村."""
    for tail, said in _TAILS:
        if name.endswith(tail) and len(name) > len(tail):
            stem = name[: -len(tail)]
            return stem if stem.endswith(said) else stem + said
    return name


# Cities without a national code share the last interval of the province level.
ABROAD = (63 * WIDTH[Level.PROVINCE], 64 * WIDTH[Level.PROVINCE])
_UNSAID = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def full_name(above: str, name: str) -> str:
    """A full name from the name above and one's own; words that name no place are left out."""
    return above if name in _UNSAID and above else above + short_name(name)
