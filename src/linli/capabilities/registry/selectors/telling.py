"""How what is held of people is told: titles of columns, codes, tags, former values, once per language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Building, Estate, Succession
from linli.capabilities.registry.policy import Ground, RegistryPolicy
from linli.capabilities.registry.policy.tags import Tag
from linli.capabilities.registry.rules.rights import Answer, answers
from linli.capabilities.registry.rules.rights import Ground as Ground_
from linli.capabilities.registry.selectors.dossier import Dossier
from linli.capabilities.registry.verbs import SENSITIVE
from linli.kernel.acts import Act
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.places import selectors as places
from linli.kernel.policy import current

COLUMNS = {
    "sex": _("性别"),
    "age": _("年龄"),
    "kind": _("居住类型"),
    "address": _("住址"),
    "area": _("所属网格"),
    "relation": _("与户主关系"),
    "tags": _("标签"),
    "phone": _("联系电话"),
    "document": _("证件号码"),
    "education": _("文化程度"),
    "employment": _("就业状况"),
    "political": _("政治面貌"),
    "since": _("入住日期"),
}
USUAL = ("sex", "age", "kind", "address", "area", "tags", "phone")
CODED = {
    "sex": "sex",
    "kind": "residence_kind",
    "relation": "relation",
    "education": "education",
    "employment": "employment",
    "political": "political",
    "marital": "marital",
    "ethnic": "ethnic",
    "document_kind": "document_kind",
    "ending": "residence_ending",
}
FIELDS = {
    "name": _("姓名"),
    "former_name": _("曾用名"),
    "sex": _("性别"),
    "born": _("出生日期"),
    "document_kind": _("证件类型"),
    "document": _("证件号码"),
    "phone": _("联系电话"),
    "ethnic": _("民族"),
    "native_place": _("籍贯"),
    "marital": _("婚姻状况"),
    "education": _("文化程度"),
    "political": _("政治面貌"),
    "employment": _("就业状况"),
    "workplace": _("工作单位"),
    "died": _("死亡日期"),
    "residence": _("住址"),
    "household": _("家庭成员"),
    "mark": _("标签"),
    "account_id": _("账号"),
    "until": _("结束日期"),
    "since": _("开始日期"),
    "ending": _("原因"),
    "kind": _("居住类型"),
    "lives": _("是否在住"),
    "relation": _("与户主关系"),
    "home_id": _("房屋"),
    "household_id": _("户"),
    "area_id": _("区域"),
    "basis": _("依据"),
    "code": _("标签"),
}
SEEN = {**FIELDS, "clear": _("完整证件号码和电话")}  # what a reading or an export showed
SHOWS = {
    "all": _("全部在册"),
    "registered": _("户籍"),
    "permanent": _("常住"),
    "floating": _("流动"),
    "lodging": _("寄住"),
    "others": _("非户籍常住"),
    "left": _("已离开"),
}
GAPS = {
    "document": _("没有证件号码"),
    "phone": _("没有联系电话"),
    "reach": _("缺证件号码或联系电话"),
    "reached": _("证件号码和联系电话都有"),
    "guardian": _("未成年、没有监护人"),
    "head": _("这一户没有户主"),
    "education": _("没有文化程度"),
    "employment": _("没有就业状况"),
}
TABLES = {
    "registry_person": _("个人信息"),
    "registry_residence": _("居住登记"),
    "registry_tie": _("人房关系"),
    "registry_bond": _("人际关系"),
    "registry_mark": _("标签"),
}

# What facts of the registry call otherwise than those of other rooms.
NAMES = {"taken": _("是否更正"), "code": _("哪一类")}
VERDICTS = {"same": _("是同一人"), "new": _("是另一个人"), "leave": _("不导入")}


class _Places:
    """Where something went: an area, or a building of it."""

    def get(self, number: Any, /) -> str | None:
        """The name of an area or the address of a building in sight."""
        if not isinstance(number, int):
            return None
        found = places.near_name(number)
        return found or Building.objects.filter(pk=number).values_list("address", flat=True).first()


PLACES = _Places()


@lru_cache(maxsize=8)
def _said(language: str | None, version: int) -> dict[str, dict[str, str]]:
    """Words drawn on every row."""
    tables = {name: dict(dictionary.choices(table)) for name, table in CODED.items()}
    return {
        **tables,
        "tags": {tag.code: str(tag.title) for tag in policy().tags},
        "purposes": {each.code: str(each.title) for each in policy().purposes},
        "posts": {post.code: str(post.title) for post in policy().organisation_posts},
        "tie": dict(dictionary.choices("tie_kind")),
        "bond": dict(dictionary.choices("bond_kind")),
        "columns": {code: str(title) for code, title in COLUMNS.items()},
        "shows": {code: str(title) for code, title in SHOWS.items()},
        "fields": {code: str(title) for code, title in FIELDS.items()},
    }


def words() -> dict[str, dict[str, str]]:
    """Titles by table and code, in the reader's language."""
    return _said(get_language(), current().id)


def sexes() -> dict[str, str]:
    """Titles of the sexes."""
    return words()["sex"]


def tag_titles() -> dict[str, str]:
    """Titles of the tags."""
    return words()["tags"]


def politicals() -> dict[str, str]:
    """Titles of what somebody is politically."""
    return words()["political"]


def by_hand() -> dict[str, str]:
    """Titles of the sources, of which some are entered by hand."""
    return {each.code: str(each.title) for each in policy().sources}


def endings() -> dict[str, str]:
    """Titles of the reasons for which a residence ends."""
    return words()["ending"]


def papers() -> dict[str, str]:
    """Titles of the kinds of documents."""
    return words()["document_kind"]


def purposes() -> dict[str, str]:
    """Titles of the purposes for which something is held."""
    return words()["purposes"]


def checklists() -> dict[str, str]:
    """Titles of the checklists."""
    return {each.code: str(each.title) for each in policy().checklists}


def codes() -> dict[str, str]:
    """Titles of facilities and of what is kept for a time."""
    kept = {each.code: str(each.title) for each in policy().retention}
    return {**policy().facility_titles, **kept}


def kinds_told() -> dict[str, Any]:
    """Titles of the kinds of estates, buildings, organisations, their stations and changes, and of ties."""
    known = policy()
    return {
        **dict(Estate.Kind.choices),
        **dict(Building.Kind.choices),
        **dict(Succession.Kind.choices),
        **{each.code: each.title for each in known.station_kinds},
        **{each.code: each.called for each in known.organisation_kinds},
        **words()["bond"],
    }


def policy() -> RegistryPolicy:
    """The registry's section of the pack in force."""
    return current().section(RegistryPolicy)


def tag_choices(roles: frozenset[str], *, sensitive: bool) -> list[tuple[str, str]]:
    """The tags that somebody may give, by title."""

    def may(tag: Tag) -> bool:
        allowed = not tag.seen_by or bool(roles & set(tag.seen_by))
        return allowed and (sensitive or not tag.is_sensitive)

    return [(tag.code, str(tag.title)) for tag in policy().tags if may(tag)]


def unseen_tags(act: Act, element: str, values: Sequence[str]) -> list[str]:
    """Which of some tags the actor's post is not shown, by title."""
    if element != "tag.code":
        return []
    sensitive = act.sensitive and act.may(SENSITIVE.code)
    seen = {code for code, _title in tag_choices(act.roles, sensitive=sensitive)}
    return [str(t.title) for t in policy().tags if t.code in values and t.code not in seen]


def rights(found: Dossier) -> list[Answer]:
    """What the person's grounds of residence open, and what is missing for the rest (R015)."""
    if found.person.died is not None:
        return []
    grounds = [Ground_(s.row.kind, s.row.lives, s.row.since) for s in found.open_stays]
    return answers(policy().rights, grounds, found.person.born, found.day)


def consent_choices() -> list[tuple[str, str]]:
    """The purposes that rest on a person's consent, by title."""
    asked = (each for each in policy().purposes if each.ground is Ground.CONSENT)
    return [(each.code, str(each.title)) for each in asked]


def value(name: str, raw: Any) -> str:
    """A former value in words; what was sealed stays so."""
    if raw in (None, ""):
        return _t("未填")
    if name in ("document", "phone", "other_phone") or name.endswith("_index"):
        return _t("（保密）")
    if name == "lives":
        return _t("是") if raw else _t("否")
    table = words().get(name) if name in CODED else words()["tags"] if name == "code" else None
    return table.get(str(raw), str(raw)) if table else str(raw)


def values(found: Dossier, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Values with their titles and sources; sealed ones print masked."""
    rows = []
    for name in names:
        raw = getattr(found.person, name)
        shown = words()[name].get(raw, raw) if name in CODED and raw else raw
        rows.append(
            {"name": name, "title": FIELDS[name], "value": shown, "said": found.source(name)}
        )
    return rows


def tags(found: Dossier) -> list[dict[str, Any]]:
    """The marks, those in force first, with basis, purpose and end."""
    rows = []
    for mark in found.marks:
        ended = mark.until is not None and mark.until <= found.day
        title = words()["tags"].get(mark.code, mark.code)
        never = mark.until is not None and mark.until <= mark.since
        rows.append(
            {
                "row": mark,
                "title": title,
                "ended": ended,
                "never": never,
                "said": found.source_of(mark),
            }
        )
    return sorted(rows, key=lambda row: bool(row["ended"]))
