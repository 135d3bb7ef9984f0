"""Kinds of organisations, their posts and sizes, as the pack in force says."""

from __future__ import annotations

from linli.capabilities.registry.policy import Family, OrganisationKind, RegistryPolicy
from linli.kernel.policy import current
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
