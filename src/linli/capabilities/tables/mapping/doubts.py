"""Names that mean different things in different forms: where the rest of a list does not bear them out, they are asked about (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from linli.kernel.dictionary.headings import normal

if TYPE_CHECKING:
    from linli.capabilities.tables.mapping.kinds import RowKind
    from linli.capabilities.tables.mapping.proposing import Words
    from linli.capabilities.tables.reading.shapes import Field, Region
    from linli.kernel.dictionary.shapes import Element

# Names that say little: they are taken for sure only where choices or the title bear them out.
_VAGUE = {
    "residence.kind": ("人口", "流动", "常住", "居民信息", "实有"),
    "person.note": ("人员", "居民", "人口", "儿童", "老", "党员", "残疾", "登记"),
    "tag.aid_amount": ("低保", "最低生活", "特困", "供养", "救助", "低收入", "困境", "孤儿"),
}
_VAGUE_NAMES = frozenset(map(normal, ("单位", "名称", "编号", "类别", "关系", "其他", "说明", "区", "层", "室", "地址", "面积", "数量", "数据", "状态", "时期", "年份", "户数", "人口数", "职业", "来源地", "去向", "起始日期", "截止日期", "注册日期", "住户类型", "证号", "服务对象", "救助对象", "保障对象", "被访人")))  # fmt: skip
# From when to when: of anything, unless the list is about people with a tag.
_TERMS = frozenset({"tag.since", "tag.until"})
_ANY_TERM = frozenset(map(normal, ("起始日期", "审批日期", "批准日期", "终止日期", "退出日期", "截止日期", "截止时间", "失效日期", "有效期至", "到期日期")))  # fmt: skip
_GREAT = ("万元", "亩", "平方公里", "公里")


class Work(Protocol):
    """A region being mapped: what its rows are, how clearly, how many of its headings say so."""

    region: Region
    words: Words
    kind: RowKind
    lead: float
    support: int


def vague(work: Work, each: Field, element: Element) -> bool:
    """Whether the name of an element may mean something else in this list."""
    title = work.region.title + work.region.section
    if element.code in _VAGUE:
        return not any(word in title for word in _VAGUE[element.code])
    if each.unit in _GREAT and not any(each.unit in name for name in element.names):
        return True  # what is held is told in yuan and square metres
    leaf = normal(each.path[-1])
    if element.code in _TERMS and leaf in _ANY_TERM and not _on_tags(work, each):
        return True
    if work.kind.code == "home" and element.record_set == "person":
        return True  # whose it is where the rows are homes
    if leaf in _VAGUE_NAMES and len(each.path) == 1 and (work.lead < 0.5 or work.support < 4):
        return True
    return work.lead < 0.15 and _elsewhere(work, leaf, element)


def _on_tags(work: Work, each: Field) -> bool:
    """Whether a term is that of a tag: the list is about people with one, and what stands before is known."""
    title = normal(work.region.title + work.region.section)
    paths = [one.path for one in work.region.fields]
    before = [path[-1] for path in paths[: paths.index(each.path)]]
    while before and normal(before[-1]) in _ANY_TERM:
        before.pop()
    found = work.words.index.look_up(before[-1], work.kind.sets) if before else []
    about = any(len(word) > 1 and word in title for word in work.words.tags)
    tagged = any(one.score >= 0.95 and one.element.record_set == "tag" for one in found)
    return tagged or about and bool(found) and found[0].score >= 0.95


def _elsewhere(work: Work, leaf: str, element: Element) -> bool:
    """Whether a heading is as well the name of something in other records than these."""
    others = {m.element.record_set for m in work.words.index.look_up(leaf) if m.score >= 0.95}
    return bool(others - {element.record_set} - set(work.kind.sets[:3]))
