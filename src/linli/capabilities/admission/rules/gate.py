"""The gate: may this come down to a community, and if not, which rule says so and what to do instead. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linli.capabilities.admission.policy import AdmissionPolicy, Certificate, Forbidden


@dataclass(frozen=True, slots=True)
class Held:
    """An item as it stands on the day: what it lets pass, whose it is, which fields it was admitted with.

    `span` is where it applies, as keys [lo, hi); `lead` the code of its department ("" where the place names none).
    """

    code: str
    kinds: frozenset[str]
    lead: str
    fields: frozenset[str]
    in_force: bool
    span: tuple[int, int]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of communities, by whom, through whom, in whose responsibility.

    `unit` and `leads` are unit codes; `streets` the streets of the communities that it goes through (all of them when
    the asker is a street itself); `responsible` who answers for it: "unit" or "community". `agreement` is the money
    behind a purchase, None without one; `duty` is the code of the unit whose duty the title names.
    """

    kind: str
    title: str
    unit: str
    leads: tuple[str, ...]
    communities: tuple[int, ...]
    streets: frozenset[int]
    via: frozenset[int]
    day: date
    fields: tuple[str, ...] = ()
    responsible: str = "unit"
    forbidden_class: str = ""
    veto: bool = False
    agreement: Decimal | None = None
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """It may come down, under an item or under a purchase agreement."""

    by: str

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Stopped:
    """It may not: the clause of the pack, and what in particular."""

    clause: str
    what: str = ""

    def __bool__(self) -> bool:
        return False


Rule = Callable[[AdmissionPolicy, Asked, Held | None], Stopped | None]


def judge(policy: AdmissionPolicy, asked: Asked, held: Held | None) -> Passed | Stopped:
    """Whether a demand passes; the first rule that stops it answers (R071–R076, R084, R087).

    `held` is None for something off the lists, which passes only with an agreement that has money (R072).
    """
    for rule in _RULES:
        stopped = rule(policy, asked, held)
        if stopped is not None:
            return stopped
    return Passed("item" if held is not None else "agreement")


def _veto(_policy: AdmissionPolicy, asked: Asked, _held: Held | None) -> Stopped | None:
    return Stopped("veto") if asked.veto else None


def _forbidden(policy: AdmissionPolicy, asked: Asked, held: Held | None) -> Stopped | None:
    found = class_of(policy.forbidden, asked)
    if found is None:
        return None
    if found.absolute:
        return Stopped(found.clause or "forbidden", found.code)
    if asked.responsible == "community":
        return Stopped("responsible", found.code)
    # Helping with it is possible, but only as what was admitted: an item that is about it.
    admitted = held is not None and (not found.words or given_away(found, held.title))
    return None if admitted else Stopped("forbidden", found.code)


def class_of(classes: Collection[Forbidden], asked: Asked) -> Forbidden | None:
    """The forbidden class that a demand belongs to: named by its sender, or given away by its title."""
    for each in classes:
        if each.code == asked.forbidden_class or given_away(each, asked.title):
            return each
    return None


def barred(policy: AdmissionPolicy, title: str, catalogue: str = "") -> Stopped | None:
    """What a title says that may not come down at all, as an agreement or an item no more than as a demand.

    In a list of what the community itself answers for, what it may never answer for is barred as well.
    """
    own = catalogue in {each.code for each in policy.catalogues if each.own}
    for each in policy.forbidden:
        if given_away(each, title) and (each.absolute or own):
            clause = "forbidden" if each.absolute else "responsible"
            return Stopped(each.clause or clause, each.code)
    return None


def given_away(found: Forbidden, title: str) -> bool:
    """Whether a title names what the class forbids."""
    return any(word in title for word in found.words)


def _responsible(_policy: AdmissionPolicy, asked: Asked, held: Held | None) -> Stopped | None:
    if asked.responsible == "community" and held is not None and held.lead:
        return Stopped("responsible")
    return None


def _one_lead(_policy: AdmissionPolicy, asked: Asked, _held: Held | None) -> Stopped | None:
    return None if len(set(asked.leads)) == 1 else Stopped("one_lead", " ".join(asked.leads))


def _certificate(policy: AdmissionPolicy, asked: Asked, _held: Held | None) -> Stopped | None:
    if asked.kind != "seal":
        return None
    found = certificate_refused(policy.certificates, asked.title)
    return Stopped("certificate", found.code) if found else None


def certificate_refused(listed: Collection[Certificate], title: str) -> Certificate | None:
    """The certificate of the national list that a wish names, in its own words or in everyday ones (R079)."""
    wish = "".join(title.split())
    if not wish:
        return None
    for each in listed:
        if wish == each.title or each.title in wish or any(word in wish for word in each.words):
            return each
    return None


def _duty(_policy: AdmissionPolicy, asked: Asked, held: Held | None) -> Stopped | None:
    """What is some unit's duty is not shifted down off the lists, nor asked by another one (R074)."""
    if held is not None or not asked.duty:
        return None
    if asked.responsible == "community":
        return Stopped("responsible", asked.duty)
    other = asked.agreement is None and asked.leads and asked.leads[0] != asked.duty
    return Stopped("not_lead", asked.duty) if other else None


def named_duty(duties: Mapping[str, Collection[str]], title: str) -> str:
    """The unit whose duty a title names, by the longest of its words; none where two units share it."""
    found = {(len(w), unit) for unit, words in duties.items() for w in words if w in title}
    longest = max((size for size, _unit in found), default=0)
    units = [unit for size, unit in found if size == longest]
    return units[0] if len(units) == 1 else ""


def _listed(_policy: AdmissionPolicy, asked: Asked, held: Held | None) -> Stopped | None:
    if held is not None:
        return None
    if asked.kind == "seal":
        return Stopped("unlisted_certificate")
    if asked.agreement is None:
        return Stopped("unknown_item")
    return None if asked.agreement > 0 else Stopped("unfunded")


def _item(_policy: AdmissionPolicy, asked: Asked, held: Held | None) -> Stopped | None:
    if held is None:
        return None
    if not held.in_force:
        return Stopped("not_in_force")
    if asked.kind not in held.kinds:
        return Stopped("wrong_kind")
    lo, hi = held.span
    if any(not lo <= community < hi for community in asked.communities):
        return Stopped("elsewhere")
    if held.lead and asked.leads and asked.leads[0] != held.lead:
        return Stopped("not_lead", held.lead)
    return None


def _fields(_policy: AdmissionPolicy, asked: Asked, held: Held | None) -> Stopped | None:
    if held is None:
        return None
    more = [field for field in asked.fields if field not in held.fields]
    return Stopped("fields", "\n".join(more)) if more else None


def _via(_policy: AdmissionPolicy, asked: Asked, _held: Held | None) -> Stopped | None:
    return None if asked.communities and asked.streets <= asked.via else Stopped("via_street")


_RULES: tuple[Rule, ...] = (
    _veto,
    _forbidden,
    _one_lead,
    _certificate,
    _duty,
    _listed,
    _item,
    _responsible,
    _fields,
    _via,
)
