"""Kinds of organisations, their posts and sizes, as the pack in force says."""

from __future__ import annotations

from datetime import date

from linli.capabilities.registry.models import Organisation
from linli.capabilities.registry.policy import Family, Filed, OrganisationKind, RegistryPolicy
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import LEVELS, Level, enclosing
from linli.kernel.policy import current
from linli.kernel.policy.shapes import AccessPolicy
from linli.kernel.vault.uscc import SELF_GOVERNING


def section() -> RegistryPolicy:
    """What the pack in force says about the registry."""
    return current().section(RegistryPolicy)


def kind(code: str) -> OrganisationKind | None:
    """A kind of organisation by code."""
    return section().kind_by_code.get(code)


def title(code: str) -> str:
    """What a kind is called here; the code itself where the pack no longer knows it."""
    found = kind(code)
    return found.called if found else code


def of_family(*families: Family) -> list[str]:
    """The codes of the kinds of some families."""
    return [each.code for each in section().organisation_kinds if each.family in families]


def committees(type_: str = "") -> list[str]:
    """The codes of committee kinds (54-prefixed, no groups), of one national type or of both."""
    found = (
        each
        for each in section().organisation_kinds
        if each.national is not None and SELF_GOVERNING in each.credit
    )
    return [each.code for each in found if type_ in ("", each.national)]


def covered() -> list[str]:
    """The codes of the kinds that Party coverage counts (两新组织, R031)."""
    return [each.code for each in section().organisation_kinds if each.covered]


def beside() -> list[str]:
    """The codes of posts whose holders are no members: reserves, whoever keeps in touch from outside."""
    return [each.code for each in section().organisation_posts if each.beside]


def filed(body: Organisation, post: str, day: date) -> Filed | None:
    """How holders of a post of a body are filed on a day; none where the pack asks for no filing (R026)."""
    known = section().post_by_code.get(post)
    rule = known.filed if known else None
    if rule is None or not rule.in_force.holds(day) or body.kind not in rule.kinds:
        return None
    if places.area(body.area_id).level not in rule.levels or (rule.topmost and _below(body)):
        return None
    return rule


def _below(body: Organisation) -> bool:
    """Whether a body stands below another of its community."""
    above = body.parent
    if above is None:
        return False
    return enclosing(above.area_id, Level.COMMUNITY) == enclosing(body.area_id, Level.COMMUNITY)


def filed_posts() -> list[str]:
    """The codes of posts whose holders are filed."""
    return [each.code for each in section().organisation_posts if each.filed]


def files_at(rule: Filed, area: int) -> int:
    """The area in which whoever files for an area holds the post: the district, or whatever stands for it."""
    posts = {each.code: each.level for each in current().section(AccessPolicy).posts}
    level = posts[rule.by].value
    return (enclosing(area, Level(level)) if level in LEVELS else None) or area
