"""Which rows a list is about, from its title: 企业名录 asks for firms, 低保家庭 for households of which somebody has the tag (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from linli.capabilities.tables.mapping import plain, registers
from linli.capabilities.tables.mapping.whom import UNTOLD, narrowed, untold
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.rules import spellings
from linli.kernel.dictionary.shapes import CodeTable

_COMMITTEES = "residents_committee|villagers_committee"
_PARTY = "party_committee|party_general_branch|party_branch|party_joint_branch|party_group"
_TRADE = "company|individual_business|cooperative|property_company|state_company|branch_office"
_SOCIAL = (
    "social_association|social_service|foundation|community_organisation|social_work_agency|"
    "volunteer_team|federation"
)
_PUBLIC = "school|kindergarten|hospital|clinic|care_home|agency|institution|barracks"
# Words of titles that name several kinds of organisations at once.
_KINDS = (
    (re.compile(r"沿街|商户|商铺|门店|店铺|九小场所"), "individual_business|company|branch_office"),
    (re.compile(r"社区社会组织"), "community_organisation|volunteer_team"),
    (re.compile(r"社会组织"), _SOCIAL),
    (re.compile(r"党组织"), _PARTY),
    (re.compile(r"企业|公司|法人单位"), _TRADE),
    (
        re.compile(r"(驻区|辖区|驻地|共建)单位"),
        f"{_TRADE}|{_SOCIAL}|{_PUBLIC}|place_of_worship|other",
    ),
)
_SEVERAL = frozenset(f"[kind={codes}]" for _words, codes in _KINDS)
_SEATS = (
    (re.compile(r"业委会|业主委员会"), "owners_committee"),
    (
        re.compile(r"两委|班子|社区工作者|社工|专职|社区(工作人员|干部)|村干部"),
        f"{_COMMITTEES}|{_PARTY}",
    ),
    (re.compile(r"居委会|居民委员会|村委会|村民委员会"), _COMMITTEES),
    (re.compile(r"党组织|党支部|支委|支部"), _PARTY),
)
# People at work in a community who have a post of their own, and those whom no post tells.
_POSTS = ((re.compile("网格员"), "grid_worker"), (re.compile("网格长"), "grid_head"))
_NO_POST = re.compile(r"楼[栋门幢]?长|单元长|中心户长|联户长|协管员|辅警|保洁员|公益性?岗")
# Conditions by the codes that a title may name: 老旧小区, 商务楼宇, 12345热线, 矛盾纠纷.
_BY_CODE = {
    "estate": (("estate", "estate_kind"),),
    "building": (("building", "building_kind"),),
    "matter": (("source", "matter_channel"), ("group", "matter_group"), ("matter", "matter_class")),
}
_ANY = ("公共", "基础", "市政", "便民", "配套", "社区", "辖区")
_BUILT = re.compile(r"([\u4e00-\u9fff]{2})(?:设施|设备|器材)")


def rows_of(
    kind: str,
    title: str,
    section: str,
    tables: Mapping[str, CodeTable],
    tags: Mapping[str, str],
    subject: str = "",
) -> str:
    """The conditions on the rows of a list: by its title, by what stands right above it, or by whose name is asked.

    `UNTOLD` where they name people whom nothing here tells from others; `subject` is the group in 残疾人姓名.
    """
    said = (title, section, subject)
    found = next((got for text in said if text and (got := _rows_of(kind, text, tables, tags))), "")
    if kind == "person" and any(untold(text, bool(found), tags) for text in said if text):
        return UNTOLD
    whole = not found or kind in ("home", "visit") or found in _SEVERAL
    return (
        UNTOLD if whole and kind in plain.KNOWN and plain.left_over(normal(title), kind) else found
    )


def _rows_of(kind: str, text: str, tables: Mapping[str, CodeTable], tags: Mapping[str, str]) -> str:
    if kind in ("person", "household"):
        found = narrowed(text, tags)
        return found if kind == "person" or "[tag=" in found else ""
    said = normal(text)
    if kind == "organisation":
        return _said("kind", _of_kinds(said, tables))
    if kind == "holding":
        return _of_posts(said)
    if kind == "home":
        return _said("use", _spelt(said, tables.get("home_use")))
    if kind in registers.DAYS or kind in _BY_CODE:
        return _recorded(kind, text, tables)
    if kind == "facility":
        return _said("class", _facilities(said, tables.get("facility")))
    return ""


def _of_posts(text: str) -> str:
    """Posts by their own name, else by what they are posts of."""
    if _NO_POST.search(text):
        return UNTOLD
    posts = "|".join(code for pattern, code in _POSTS if pattern.search(text))
    return _said("holding.post", posts) or _said("kind", _first(_SEATS, text))


def _recorded(kind: str, text: str, tables: Mapping[str, CodeTable]) -> str:
    """The conditions on records: their codes and the year that a title names."""
    if kind in registers.BY_CODE:
        about = registers.narrowed(kind, text, tables)
        return UNTOLD if about is None else about
    when = registers.period(registers.DAYS[kind], text) if kind in registers.DAYS else ""
    return UNTOLD if when is None else _coded(kind, normal(text), tables) + when


def _coded(kind: str, text: str, tables: Mapping[str, CodeTable]) -> str:
    """The one condition by the first code table of a kind that has a word of the title."""
    if kind == "matter" and "12345" in text:
        return "[source=hotline]"
    found = (
        _said(name, _spelt(text, tables.get(table), 3)) for name, table in _BY_CODE.get(kind, ())
    )
    return next(filter(None, found), "")


def _said(name: str, codes: str) -> str:
    return f"[{name}={codes}]" if codes else ""


def _first(known: Iterable[tuple[re.Pattern[str], str]], text: str) -> str:
    return next((codes for pattern, codes in known if pattern.search(text)), "")


def _of_kinds(text: str, tables: Mapping[str, CodeTable]) -> str:
    """Kinds of organisations by the longest of their names in a title, or by a word for several kinds."""
    return (
        _first(_KINDS[:2], text)
        or _spelt(text, tables.get("organisation_kind"), 3)
        or _first(_KINDS, text)
    )


def _spelt(text: str, table: CodeTable | None, least: int = 2) -> str:
    """The code whose longest spelling stands in a text."""
    known = spellings(table) if table else {}
    found = [word for word in known if len(word) >= least and not word.isdigit() and word in text]
    return known[max(found, key=len)] if found else ""


def _facilities(text: str, table: CodeTable | None) -> str:
    if table is None:
        return ""
    built = _BUILT.search(text)
    if built and built[1] not in _ANY:
        named = [entry.code for entry in table.entries if built[1] in str.__str__(entry.title)]
        return "|".join(named)
    return _spelt(text, table)
