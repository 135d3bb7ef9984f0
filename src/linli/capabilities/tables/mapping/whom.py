"""Which people a form is about, from its title: 80周岁以上高龄老人花名册 asks for people of 80 and more (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from linli.capabilities.tables.mapping.counting import BY_AGE
from linli.kernel.dictionary.headings import normal

UNTOLD = "?"  # people are meant whom nothing here tells from others
_AGES = (
    (re.compile(r"(\d{1,3})(?:周?岁)?[-—–~～至到](\d{1,3})周?岁"), "[age>={0}][age<={1}]"),
    (re.compile(r"(\d{2,3})周?岁(?:\(含\)|含)?(?:及|及其|\(含\))?以上"), "[age>={0}]"),
    (re.compile(r"(\d{1,3})周?岁(?:\(含\)|含)?及以下"), "[age<={0}]"),
    (re.compile(r"(?:未满|不满)(\d{1,3})周?岁|(\d{1,3})周?岁以下"), "[age<{0}]"),
)
_STAYS = (
    (re.compile(r"流动人口|暂住人口|外来人口|租住人员"), "[residence=floating]"),
    (re.compile(r"户籍人口|户籍人员"), "[residence=registered]"),
    (re.compile(r"人户分离"), "[residence.apart=true]"),
)
_ENDING = re.compile(r"(对象|人员|家庭|户)$")
_GROUPS = (
    (re.compile(r"儿童|未成年|青少年"), "[age<18]"),
    (re.compile(r"妇女(?!儿童)"), "[age>=18]"),
)
_SEX = (
    (re.compile(r"妇女(?!儿童)|女性"), "[sex=2]"),
    (re.compile(r"男性|男青年"), "[sex=1]"),
)
# Tags of one family stand side by side for any of them (低保特困); of two families for both (低保残疾人).
_FAMILIES = (
    {"low_income", "low_income_edge", "destitute", "expense_hardship", "temporary_aid", "poverty_watch"},
    {"living_alone", "empty_nest", "left_elder", "disabled_elder"},
    {"orphan", "unsupported_child", "hardship_child", "left_child", "migrant_child"},
    {"correction", "resettled", "drug_recovery", "mental"},
    {"veteran", "preferential"},
    {"disabled", "severe_disability"},
)  # fmt: skip
_LISTED = re.compile("[、,，;；]")
_APART = re.compile(r"[、,，/和与及或(（)）;；]|以及")
# People who are some of those that the rest of a title names, and whom no tag or age tells.
_FEWER = re.compile(
    r"适龄|育龄|孕情|孕检|新生儿|学龄|入学|一年级|初中|死亡|去世|亡故|迁入|迁出|新增|减少|变动|未参|未接|未缴|未领|漏|疑似|疑点|异常|重复|比对|超龄"
)
# Where the title names the age itself, these say no more than that.
_OF_AGE = re.compile(r"适龄|学龄")
# Of those who have a tag, whoever took part in something.
_TOOK_PART = re.compile(r"体检|参训|参加|报名|签到|获奖|入选")
# People whom only the form's own department knows.
_OTHERS = re.compile(
    r"重点(人员|人群|对象|关注|管控)|特殊(人群|群体|人员)|征兵|兵役|应征|民兵|预备役|两癌|育龄|孕|新生|婴幼|托育|骨干|文艺|队员|积极分子"
    r"|光荣牌|光荣之家|待遇|资格认证|养老|退休|离休|返乡|外出|务工|农民工|毕业生|大学生|高校|留学|归侨|侨|台胞|台属|港澳|外籍|境外"
    r"|出国|宗教|信教|信访|上访|邪教|接种|疫苗|核酸|隔离|体检|筛查|大病|重病|患病|患者|病人|住院|失地|被征地|拆迁|动迁|购房|车主|车辆|电动车"
    r"|宠物|养犬|乡贤|能人|专家|律师|教师|医生|人大代表|政协|劳模|先进|好人|获奖|表彰|最美|独生子女|双女|现役|在役|服役|烈士|伤残|公益性?岗位"
    r"|零就业|下岗|创业|培训|补贴|津贴|补助|慰问|帮扶|结对|救助|困难|贫困|享受|发放|领取|报名|签到|值班|通讯录|巡逻|保安|保洁|业主代表|小组长|楼[栋门幢]?长|单元长|网格长|联户长|中心户长|户代表"
    r"|来访|接访|接待|访客|出入登记|会议|活动(?!困难|不便|受限)|调解员|网格员|信息员|联络员|安全员|宣传员|义警|缴费|欠费|学生|在校"
)


def narrowed(title: str, tags: Mapping[str, str]) -> str:
    """The conditions that a title names, as `[age>=80]`, `[tag=low_income]`; empty where it names none."""
    text = normal(_LISTED.sub("和", title))
    ages = _ages(_whole(title))
    stays = "".join(said for pattern, said in _STAYS if pattern.search(text))
    named = _named(text, tags)
    rest = text
    for word, code in named:
        rest = rest if code in BY_AGE else rest.replace(word, "")
    tagged = _tagged(text, [one for one in named if one[1] not in BY_AGE])
    if not ages:
        by_age = [BY_AGE[code] for word, code in named if code in BY_AGE and word in rest]
        by_age = by_age if not stays or tagged else []
        groups = [said for pattern, said in _GROUPS if pattern.search(rest)]
        ages = (by_age or groups or [""])[0]
    sex = next((said for pattern, said in _SEX if pattern.search(rest)), "")
    return ages + stays + tagged + sex


def _whole(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).split())


def _ages(text: str) -> str:
    """The ages that a title names."""
    met = ((found, said) for pattern, said in _AGES if (found := pattern.search(text)))
    return next((said.format(*filter(None, found.groups())) for found, said in met), "")


def untold(text: str, found: bool, tags: Mapping[str, str]) -> bool:
    """Whether a title means people whom nothing here tells from others; `found`: some of its words were understood.

    Of several groups apart by commas each has to be understood: 居民代表、网格员通讯录 is not about representatives alone.
    """
    plain = normal(text)
    if _ages(_whole(text)):
        plain = _OF_AGE.sub("", plain)
    if (
        _FEWER.search(plain)
        or _TOOK_PART.search(plain)
        and "[tag=" in narrowed(text, tags)
        or not found
        and _OTHERS.search(plain)
    ):
        return True
    groups = _LISTED.split(text)
    return len(groups) > 1 and any(
        _OTHERS.search(normal(each)) and not narrowed(each, tags) for each in groups
    )


def _named(text: str, tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """The names of tags in a title, in their order, each once and the longest only."""
    stems = {_ENDING.sub("", word): code for word, code in tags.items()}
    known = {word: code for word, code in stems.items() if len(word) >= 4} | dict(tags)
    named = [(word, code) for word, code in known.items() if len(word) > 1 and word in text]
    named = [(w, c) for w, c in named if not any(w != other and w in other for other, _c in named)]
    return sorted(named, key=lambda one: text.index(one[0]))


def _tagged(text: str, named: list[tuple[str, str]]) -> str:
    """The tags of a title: any of those that stand apart or are of one family, all of those that follow each other."""
    groups: list[set[str]] = []
    end = 0
    for word, code in named:
        at = text.index(word)
        apart = bool(_APART.search(text[end:at])) or any(
            code in family and groups and family & groups[-1] for family in _FAMILIES
        )
        if groups and (apart or code in groups[-1]):
            groups[-1].add(code)
        else:
            groups.append({code})
        end = at + len(word)
    return "".join(f"[tag={'|'.join(sorted(group))}]" for group in groups)
