"""An address in parts – province, city, district, street, the rest – as forms ask it in columns of its own (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

PARTS = ("province", "city", "district", "street", "community", "detail")
# GB/T 2260: the first two digits of a division code and the name of the province.
_PROVINCES = (
    "11北京市 12天津市 13河北省 14山西省 15内蒙古自治区 21辽宁省 22吉林省 23黑龙江省 31上海市 "
    "32江苏省 33浙江省 34安徽省 35福建省 36江西省 37山东省 41河南省 42湖北省 43湖南省 44广东省 "
    "45广西壮族自治区 46海南省 50重庆市 51四川省 52贵州省 53云南省 54西藏自治区 61陕西省 62甘肃省 "
    "63青海省 64宁夏回族自治区 65新疆维吾尔自治区 71台湾省 81香港特别行政区 82澳门特别行政区"
)
PROVINCES: Mapping[str, str] = {each[:2]: each[2:] for each in _PROVINCES.split()}
_NAMES = "|".join(PROVINCES.values())
_BELOW = (
    ("city", re.compile(r"^[^省市县区]{1,10}?(?:市|自治州|地区|盟)")),
    ("district", re.compile(r"^[^市区县旗]{1,9}?(?:新区|区|县|旗|市)")),
    ("street", re.compile(r"^[^街镇乡]{1,9}?(?:街道|镇|乡)")),
    ("community", re.compile(r"^[^社村]{1,9}?(?:社区|村)(?!民小组)")),
)


def parts_of(text: str) -> dict[str, str]:
    """The parts that an address says in so many words; nothing is guessed, and nothing where no province is named."""
    begun = re.match(_NAMES, text)
    if begun is None:
        return {}
    found, rest = {"province": begun[0]}, text[begun.end() :]
    for name, pattern in _BELOW:
        said = pattern.match(rest)
        if said is not None:
            found[name], rest = said[0], rest[said.end() :]
    if rest:
        found["detail"] = rest
    return found
