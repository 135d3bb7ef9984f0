"""Contradictions that no single shape can see: flow against roles, handlers against posts, groups against kinds."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from linli.capabilities.matters.policy.catalogue import GroupKind, Handler
from linli.capabilities.matters.policy.section import MattersPolicy
from linli.kernel.flow.check import check
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.shapes import AccessPolicy, Level
from linli.kernel.policy.yamlfile import Trail

Fault = tuple[Trail, str]
HOLDER = "@holder"
NEEDED_COLUMNS = {"number", "received_at", "title", "text"}


def contradictions(pack: Pack) -> Iterator[Fault]:
    """Every contradiction of a pack about matters: (trail to it, what is wrong)."""
    matters, access = pack.section(MattersPolicy), pack.section(AccessPolicy)
    yield from _flow(matters, access)
    yield from _grants(matters, access)
    yield from _groups(matters)
    yield from _handlers(matters, access)
    yield from _ladder(matters, access)
    yield from _columns(matters)
    yield from _duties(matters)


def _flow(matters: MattersPolicy, access: AccessPolicy) -> Iterator[Fault]:
    for fault in check(matters.machine, {role.code for role in access.roles}):
        yield ("matters", "flow", *fault.where.split(".", 1)), fault.words
    for code, stage in matters.flow.stages.items():
        if stage.term is not None:
            yield (
                ("matters", "flow", "stages", code),
                "a stage's term belongs in matters.clock, as a norm",
            )
    for code, action in matters.flow.actions.items():
        if action.kind == "extend" and action.roles:
            yield (
                ("matters", "flow", "actions", code, "roles"),
                "who decides on an extension belongs in matters.clock.extension.decided_by",
            )
    for each in matters.flow.escalations:
        if each.idle and each.idle != matters.clock.idle.term:
            yield (
                ("matters", "flow", "escalations"),
                f"idle must be matters.clock.idle ({matters.clock.idle.term})",
            )


def _grants(matters: MattersPolicy, access: AccessPolicy) -> Iterator[Fault]:
    roles = {role.code: role for role in access.roles}
    for verb, action in matters.machine.actions.items():
        where = ("matters", "flow", "actions", verb)
        for code in action.roles:
            role = roles.get(code)
            if role and not any(fnmatchcase(verb, glob) for glob in role.verbs):
                yield where, f"role `{code}` may act here but its verbs do not grant `{verb}`"


def _groups(matters: MattersPolicy) -> Iterator[Fault]:
    kinds = {group.code: group.kind for group in matters.groups}
    for item in matters.items:
        if kinds.get(item.group) is not GroupKind.ITEMS:
            yield (
                ("matters", "items", item.code, "group"),
                f"`{item.group}` is not a group of items",
            )
    for entry in matters.classes:
        if kinds.get(entry.group) is not GroupKind.CLASSES:
            yield (
                ("matters", "classes", entry.code, "group"),
                f"`{entry.group}` is not a group of classes",
            )


def _handlers(matters: MattersPolicy, access: AccessPolicy) -> Iterator[Fault]:
    levels = {post.code: post.level for post in access.posts}
    named: list[tuple[Trail, Handler]] = [
        *((("matters", "items", item.code, "handler"), item.handler) for item in matters.items),
        *(
            (("matters", "classes", entry.code, "handler"), entry.handler)
            for entry in matters.classes
        ),
        *((("matters", "routes", route.code, "to"), route.to) for route in matters.routes),
    ]
    for path, handler in named:
        true_level = levels.get(handler.post) if handler.post else Level.UNIT
        if true_level is not handler.level:
            yield path, f"level is `{handler.level}` but the post stands at `{true_level}`"


def _ladder(matters: MattersPolicy, access: AccessPolicy) -> Iterator[Fault]:
    levels = {post.code: post.level for post in access.posts}
    upward = [Level.GRID, Level.COMMUNITY, Level.STREET, Level.DISTRICT, Level.CITY]
    if [levels[post] for post in matters.ladder] != upward:
        yield (
            ("matters", "ladder"),
            "needs one post for each level: grid, community, street, district, city",
        )


def _columns(matters: MattersPolicy) -> Iterator[Fault]:
    missing = NEEDED_COLUMNS - {column.code for column in matters.hotline.columns}
    if missing:
        yield ("matters", "hotline", "columns"), f"columns are missing: {sorted(missing)}"


def _duties(matters: MattersPolicy) -> Iterator[Fault]:
    kinds = {group.code: group.kind for group in matters.groups}
    taken: dict[str, str] = {}
    for duty in matters.duties:
        where = ("matters", "duties", duty.code, "groups")
        for group in duty.groups:
            if kinds.get(group) is GroupKind.ITEMS:
                yield where, f"`{group}` is a group of items; a duty names groups of classes"
            if group in taken:
                yield where, f"`{group}` counts under `{taken[group]}` already"
            taken[group] = duty.code
    if sum(duty.items for duty in matters.duties) > 1:
        yield ("matters", "duties"), "service items count under one duty at most"
