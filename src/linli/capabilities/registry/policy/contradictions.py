"""Contradictions of the section that no single shape can see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations

from linli.capabilities.registry.policy.places import CommitteeSize
from linli.capabilities.registry.policy.section import RegistryPolicy
from linli.capabilities.registry.policy.sources import Profile
from linli.capabilities.registry.policy.tables import code_tables
from linli.kernel.dictionary.check import ambiguous
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.shapes import CodeTable, DictionaryPolicy, Element
from linli.kernel.dictionary.tables import tables_of
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.shapes import AccessPolicy
from linli.kernel.policy.yamlfile import Trail

Fault = tuple[Trail, str]
LISTS = {
    "tag": "tags",
    "organisation_kind": "organisation_kinds",
    "organisation_label": "organisation_labels",
    "organisation_post": "organisation_posts",
    "station_kind": "station_kinds",
}
# Codes that a file's values are kept under, whatever else the pack says.
NEEDED = {"door", "window", "resident"}


def contradictions(pack: Pack) -> Iterator[Fault]:
    """Every contradiction of a pack about the registry: (trail to it, what is wrong)."""
    policy = pack.section(RegistryPolicy)
    elements = pack.section(DictionaryPolicy).by_code
    yield from _tags(policy, pack.section(AccessPolicy), elements)
    yield from _facilities(policy)
    yield from _sizes(policy.committee_sizes)
    yield from _kinds(policy)
    yield from _sources(policy, elements)
    tables = tables_of(pack)
    for profile in policy.profiles:
        yield from _profile(profile, elements, tables)
    for table in code_tables(pack):
        yield from _spelled(table)


def _tags(
    policy: RegistryPolicy, access: AccessPolicy, elements: Mapping[str, Element]
) -> Iterator[Fault]:
    cleared = {role.code for role in access.roles if role.sensitive}
    for tag in policy.tags:
        where = ("registry", "tags", tag.code)
        if tag.purpose not in policy.purpose_by_code:
            yield (*where, "purpose"), f"there is no purpose `{tag.purpose}`"
        if tag.is_sensitive and (open_to := set(tag.seen_by) - cleared):
            yield (*where, "seen_by"), f"sensitive, but roles {sorted(open_to)} are not cleared"
        for code in tag.elements:
            if code not in elements or not code.startswith("tag."):
                yield (*where, "elements"), f"`{code}` is not an element of tags"


def _facilities(policy: RegistryPolicy) -> Iterator[Fault]:
    groups = tuple(group.code for group in policy.facilities.groups)
    for entry in policy.facilities.classes:
        if not entry.code.startswith(groups):
            yield (
                ("registry", "facilities", "classes", entry.code),
                "its code begins with that of no group",
            )


def _sizes(sizes: tuple[CommitteeSize, ...]) -> Iterator[Fault]:
    """A later version takes over from an earlier one; two that begin on one day contradict each other."""
    for one, other in combinations(sizes, 2):
        if one.kind == other.kind and one.in_force.start == other.in_force.start:
            yield (
                ("registry", "committee_sizes", other.code, "in_force"),
                f"begins on the same day as `{one.code}`",
            )


def _kinds(policy: RegistryPolicy) -> Iterator[Fault]:
    for kind in policy.organisation_kinds:
        if (kind.family == "self_governing") != bool(kind.national):
            yield (
                ("registry", "organisation_kinds", kind.code, "national"),
                "self-governing organisations, and only they, say which national type they are",
            )
    heads = Counter(kind for post in policy.organisation_posts if post.head for kind in post.kinds)
    for code, count in heads.items():
        if count > 1:
            yield ("registry", "organisation_kinds", code), "has more than one post at its head"


def _sources(policy: RegistryPolicy, elements: Mapping[str, Element]) -> Iterator[Fault]:
    if missing := NEEDED - set(policy.source_by_code):
        yield ("registry", "sources"), f"sources by hand are missing: {sorted(missing)}"
    for source in policy.sources:
        for code in source.ranks:
            if code not in elements:
                yield (
                    ("registry", "sources", source.code, "ranks", code),
                    f"there is no element `{code}`",
                )


def _profile(
    profile: Profile, elements: Mapping[str, Element], tables: Mapping[str, CodeTable]
) -> Iterator[Fault]:
    where = ("registry", "profiles", profile.code)
    said = Counter(column.element for column in profile.columns)
    said.update(profile.always.keys())
    for code, count in said.items():
        if count > 1:
            yield (*where, "columns"), f"`{code}` is said twice"
    headings = Counter(normal(heading) for c in profile.columns for heading in (c.heading, *c.also))
    for heading, count in headings.items():
        if count > 1:
            yield (*where, "columns"), f"the heading “{heading}” stands twice"
    for code, value in profile.always.items():
        element = elements.get(code)
        table = tables.get(element.table) if element else None
        if element is None or (table is not None and value not in table.by_code):
            yield (*where, "always", code), f"`{value}` is no value of `{code}`"


def _spelled(table: CodeTable) -> Iterator[Fault]:
    for code, message in ambiguous(table):
        if table.code in LISTS:
            yield ("registry", LISTS[table.code], code), message
