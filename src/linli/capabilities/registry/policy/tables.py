"""The section's lists as code tables of the dictionary, so that files and forms read them like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from linli.capabilities.registry.policy.section import RegistryPolicy
from linli.kernel.dictionary.shapes import CodeTable, Entry
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.shapes import InForce, Norm, Source, Status

OURS = Norm(
    source=Source(document="默认示例，待各地核定"), status=Status.DEFAULT, in_force=InForce()
)


class _Named(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def synonyms(self) -> tuple[str, ...]: ...


def code_tables(pack: Pack) -> Iterator[CodeTable]:
    """Tags, kinds, classes and posts of a pack as code tables."""
    policy = pack.section(RegistryPolicy)
    tags = [
        each.model_copy(update={"narrower": tag.narrower})
        for each, tag in zip(_entries(policy.tags), policy.tags, strict=True)
    ]
    yield _table("tag", "人员标签", "Tag", tags)
    yield _table("organisation_kind", "单位类型", "Kind of organisation", _kinds(policy))
    labels = _entries(policy.organisation_labels)
    yield _table("organisation_label", "重点分类", "Priority classes", labels)
    posts = _entries(policy.organisation_posts)
    yield _table("organisation_post", "职务", "Post", posts)
    stations = _entries(policy.station_kinds)
    yield _table("station_kind", "驻在方式", "Way of being at work", stations)
    classes = [Entry(code=one.code, title=one.title) for one in policy.facilities.classes]
    yield _table("facility", "部件类别", "Class of facility", classes, policy.facilities)


def _table(
    code: str, title: str, english: str, entries: Iterable[Entry], norm: Norm = OURS
) -> CodeTable:
    return CodeTable(
        source=norm.source,
        status=norm.status,
        in_force=norm.in_force,
        code=code,
        title=title,
        english=english,
        entries=tuple(entries),
    )


def _entries(named: Sequence[_Named]) -> list[Entry]:
    return [Entry(code=one.code, title=one.title, synonyms=one.synonyms) for one in named]


def _kinds(policy: RegistryPolicy) -> Iterator[Entry]:
    for kind in policy.organisation_kinds:
        national = (kind.title,) if kind.local else ()
        yield Entry(code=kind.code, title=kind.called, synonyms=(*national, *kind.synonyms))
