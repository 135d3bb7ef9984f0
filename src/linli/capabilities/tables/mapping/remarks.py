"""Remarks in brackets behind a heading: those that may change what it means, and those that do not (pure)."""

from __future__ import annotations

import re

from linli.capabilities.tables.reading.shapes import Field
from linli.kernel.dictionary.shapes import Element, Kind

REMARK = re.compile(
    r"[(（\[【](?!.*(?:填|选|如|例|格式|年月|阳历|公历|万?元|人|户|㎡|平方|岁|%|％|必|11位|18位)).*[)）\]】]"
)


_PLACE_WORDS = re.compile(
    r"^[(（\[【](?:(?:省|市|县|区|旗|街道|街|镇|乡|村|居|社区|居委会|村委会|小区|路|弄|巷|号|门牌号?|栋|幢|楼号?|楼栋|单元|室|房号|组|户籍|详细|具体|到|至|精确|地址|行政|自然)[、,，/\-及和]*)+[)）\]】]$"
)
_LISTED = re.compile(r"[(（\[【]([^/、()（）]{1,10}(?:/[^/、()（）]{1,10})+)[)）\]】]\s*$")


def remarked(each: Field, element: Element) -> bool:
    """Whether a heading carries a remark that may change what it means; not what may be chosen, nor parts of an address."""
    found = REMARK.search(each.path[-1])
    if found is None:
        return False
    if element.kind in (Kind.ADDRESS, Kind.AREA) and _PLACE_WORDS.match(found[0]):
        return not set(found[0]) - set("(（[【)）]】省市县区、,，/")
    return not (element.kind in (Kind.CODE, Kind.BOOLEAN) and _LISTED.search(each.path[-1]))
