"""The dictionary as a page of the reference: elements by record set, code tables with their standards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from linli.kernel.dictionary.selectors import book
from linli.kernel.dictionary.shapes import CodeTable, DictionaryPolicy, Element
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections

STATUS = {"found": "见于所引文件", "known": "待与标准文本核对", "default": "本平台示例"}
SENSITIVE = {"public": "公开", "internal": "内部", "personal": "个人", "sensitive": "敏感"}
SHOWN = 12  # entries of a table that the page names; the pack has all


def dictionary_page(place: str) -> str:
    """The data dictionary of a place's pack, in Chinese."""
    raw = load(place)
    pack = Pack(0, place, raw.hash, raw.body, sections())
    known = book(pack)
    titles = {each.code: each.title for each in pack.section(DictionaryPolicy).record_sets}
    parts = [
        "# 数据字典\n\n每个字段一个含义、一个编号；表头按名称和别名辨认。"
        f"共 {len(known.elements)} 个数据元、{len(known.tables)} 个代码表。\n"
    ]
    for record_set, group in groupby(known.elements.values(), lambda one: one.record_set):
        parts += _set(titles[record_set], group)
    parts.append("\n## 代码表\n\n")
    head = ("代码", "名称", "英文", "依据", "状态", "项")
    parts.append(_rows(head, [_table(one) for one in known.tables.values()]))
    return "".join(parts)


def _set(title: str, elements: Iterable[Element]) -> Iterator[str]:
    head = ("编号", "代码", "名称", "英文", "类型", "归口", "敏感程度", "存放", "别名")
    yield f"\n## {title}\n\n"
    yield _rows(head, [_element(one) for one in elements])


def _element(one: Element) -> tuple[str, ...]:
    kind = f"{one.kind}（{one.table}）" if one.table else str(one.kind)
    kept = f"`{one.column}`" if one.column else one.note or "只用来查找"
    synonyms = "、".join(one.synonyms)
    owner, sensitive = one.owner, SENSITIVE[one.sensitivity]
    code = f"`{one.code}`"
    return one.number, code, one.title, one.english, kind, owner, sensitive, kept, synonyms


def _table(one: CodeTable) -> tuple[str, ...]:
    entries = "、".join(f"{entry.code} {entry.title}" for entry in one.entries[:SHOWN])
    more = f"……共 {len(one.entries)} 项" if len(one.entries) > SHOWN else ""
    code = f"`{one.code}`"
    return code, one.title, one.english, one.standard, STATUS[one.status], entries + more


def _rows(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)
