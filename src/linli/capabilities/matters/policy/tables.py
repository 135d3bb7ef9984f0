"""The section's lists as code tables of the dictionary, so that others can read and ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linli.capabilities.matters.policy.section import MattersPolicy
from linli.kernel.dictionary.shapes import CodeTable, Entry
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.shapes import InForce, Source, Status

KINDS = (("item", "办事", "Service item"), ("event", "事件", "Event"))
CHANNELS = (
    ("web", "居民网上", "Residents online"),
    ("window", "窗口", "Window"),
    ("field", "网格员", "Grid worker"),
    ("api", "接口", "Other system"),
    ("hotline", "12345 热线", "12345 hotline"),
    ("job", "系统", "System"),
)
OUTCOMES = (
    ("solved", "已解决", "Solved"),
    ("partly", "部分解决", "Partly solved"),
    ("explained", "已解释说明", "Explained"),
    ("unable", "暂时无法解决", "Cannot be solved for now"),
)


def code_tables(pack: Pack) -> Iterator[CodeTable]:
    """Classes and items, states, channels and outcomes as code tables."""
    policy = pack.section(MattersPolicy)
    classes = [(each.code, str.__str__(each.title), "") for each in policy.classes]
    items = [(each.code, str.__str__(each.title), "") for each in policy.items]
    states = [
        (code, str.__str__(state.title), code.capitalize())
        for code, state in policy.flow.states.items()
    ]
    yield _table("matter_class", "诉求类别", "Class of matter", [*classes, *items])
    groups = [(each.code, str.__str__(each.title), "") for each in policy.groups]
    yield _table("matter_group", "诉求大类", "Group of matter", groups)
    yield _table("matter_kind", "办事或事件", "Item or event", KINDS)
    yield _table("matter_channel", "诉求来源", "Source of matter", CHANNELS)
    yield _table("matter_state", "办理状态", "State of matter", states)
    yield _table("matter_outcome", "办理结果", "Outcome of matter", OUTCOMES)


def _table(
    code: str, title: str, english: str, entries: Iterable[tuple[str, str, str]]
) -> CodeTable:
    return CodeTable(
        source=Source(document="默认示例，待各地核定"),
        status=Status.DEFAULT,
        in_force=InForce(),
        code=code,
        title=title,
        english=english,
        entries=tuple(Entry(code=c, title=t, english=e) for c, t, e in entries),
    )
