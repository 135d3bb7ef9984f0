"""Steps with a person's ties to others, their account, and what was entered by mistake."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import services
from linli.capabilities.registry.forms import people as forms
from linli.capabilities.registry.selectors import dossier, looking
from linli.capabilities.registry.selectors.dossier import Dossier
from linli.capabilities.registry.selectors.telling import policy, words
from linli.capabilities.registry.services.people import GUARDIAN, Guardian
from linli.capabilities.registry.services.undoing import UNDONE
from linli.kernel.acts import Act, Refusal
from linli.ui.keys import key_of

CHOOSE = ("", _("请选择"))  # nothing is chosen for whoever only presses the button
DEATH = "registry.death"


def row_of(form: forms.StepForm) -> int:
    """Which row of the person's page is meant."""
    return key_of(str(form.data.get("row", ""))) or 0


def _named(data: dict[str, Any]) -> Guardian:
    return Guardian(
        data["person"], data["guardian"], data["guardian_phone"], data["guardian_number"]
    )


def family(act: Act, found: Dossier) -> dict[str, Any]:
    """The adults of the household, to be chosen from."""
    majority = policy().ages.majority
    adults = [(m.person, m.name) for m in found.members if m.age is None or m.age >= majority]
    return {"person": [("", _("不在同一户")), *((k, n) for k, n in adults if k != found.person.pk)]}


def guardian(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    """Name a guardian."""
    return services.bonds.name_guardian(act, found.person, guardian=_named(data))


def household_and_kinds(act: Act, found: Dossier) -> dict[str, Any]:
    """Whom to choose from the household, and which ties there are besides guardians."""
    others = [(m.person, m.name) for m in found.members if m.person != found.person.pk]
    kinds = [(code, title) for code, title in words()["bond"].items() if code != GUARDIAN]
    return {"person": [("", _("不在同一户")), *others], "kind": [CHOOSE, *kinds]}


def bond(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    """Tie the person to another."""
    return services.bonds.tie(
        act, found.person, other=_named(data), kind=data["kind"], since=data["since"]
    )


def unbond(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    """End a tie."""
    held = dossier.bond_of(act, row_of(form))
    if held is None or held.person_id != found.person.pk:
        raise Refusal(_("找不到这个关系，或不在您的范围内。"))
    return services.bonds.untie(act, held, reason=data["reason"])


def documents(act: Act, found: Dossier) -> dict[str, Any]:
    """The kind of document that is on file, to be seen."""
    kind = found.person.document_kind
    return {"seen": [(kind, words()["document_kind"].get(kind, kind))] if kind else []}


def link(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    """Tie the file to the account of a phone, the document in hand."""
    return services.links.link_at_window(act, found.person, **data)


def unlink(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    """Untie the file from its account."""
    return services.links.unlink_account(act, found.person, reason=data["reason"])


def undo(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    """Undo one step; without a row the death that is on file."""
    fact = row_of(form)
    if not fact and found.person.died is not None:
        deaths = [d for d in looking.undoable(act, found.person, UNDONE) if d.verb == DEATH]
        fact = deaths[0].fact if deaths else 0
    return services.undoing.undo(act, found.person, fact=fact, reason=data["reason"])
