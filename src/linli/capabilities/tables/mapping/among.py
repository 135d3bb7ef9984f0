"""What fields side by side say of each other: whose a number is, and which of two that mean the same is meant (pure)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from linli.capabilities.tables.mapping.meaning import SURE, WHY, Meaning
from linli.capabilities.tables.mapping.names import asks_whether, generic, neutral, other
from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.shapes import Element, Kind

SUBJECTS = {"person": "person.name", "holding": "holding.name", "household": "household.head_name"}
_ANYBODYS = re.compile(r"^(联系)?(电话|方式|手机)(号码?)?$|^手机号?码?$")
_THEIRS = (Kind.PHONE, Kind.ID_NUMBER)


def siblings(elements: Iterable[Element], named: Element) -> list[Element]:
    """What the dictionary holds of the same person as a name."""
    if named.code == "person.name":
        return []
    stem = named.code.removesuffix("name")
    codes = {"organisation.head_name": ("organisation.phone", "organisation.head_name")}.get(
        named.code
    )
    return [
        each
        for each in elements
        if each.record_set is named.record_set
        and (
            each.of_kind == named.of_kind
            if named.of_kind
            else each.code in codes
            if codes
            else each.code.startswith(stem)
        )
    ]


@dataclass(slots=True)
class Among:
    """The fields of one region, whose rows are of a kind."""

    elements: tuple[Element, ...]
    kind: str

    def whose(self, found: list[Meaning]) -> list[Meaning]:
        """Doubt what may be asked of anybody right after somebody else was named."""
        somebody = ""
        for at, each in enumerate(found):
            element = self._element(each.element)
            if element is None:
                leaf = each.field.path[-1]
                asks_other = (
                    other(leaf) and not asks_whether(leaf) and not each.element.startswith("count")
                )
                somebody = "?" if asks_other else somebody
                continue
            found[at] = self._checked(each, element, somebody)
            somebody = self._named(each, element, somebody)
        return found

    def _named(self, each: Meaning, element: Element, before: str) -> str:
        """Who was named last, once a field has been passed: empty for whom the row is about."""
        if len(each.field.path) > 1 and not neutral(each.field.path[0]):
            return ""
        if element.kind is Kind.NAME and element.code != "person.former_name":
            return "" if element.code == SUBJECTS.get(self.kind) else element.code
        if element.record_set in ("bond", "tie") or element.code.startswith("household.head"):
            return before or "?"
        return before if generic(element) else ""

    def _checked(self, each: Meaning, element: Element, somebody: str) -> Meaning:
        if len(each.field.path) > 1 and not neutral(each.field.path[0]):
            return each
        if element.code == "organisation.public_phone" and somebody == "organisation.head_name":
            return self._of_the_head(each)
        if element.kind is Kind.NAME or element.record_set in ("bond", "tie", "household"):
            return each
        if self.kind == "household" and element.kind in _THEIRS:
            return self._doubted(each, element, SUBJECTS["household"])
        if element.code == "residence.relation" and "户主" in each.field.path[-1]:
            return each
        return self._doubted(each, element, somebody) if somebody and generic(element) else each

    def _of_the_head(self, each: Meaning) -> Meaning:
        """A phone right after who heads an organisation is theirs, unless it says that it is the office's."""
        head = self._element("organisation.head_name")
        if head is None or not _ANYBODYS.match(normal(each.field.path[-1])):
            return each
        why = str(WHY["family"] % {"group": head.title})
        sure = min(each.confidence, 0.85)
        return replace(each, element="organisation.phone", confidence=sure, why=why)

    def _element(self, code: str) -> Element | None:
        return next((one for one in self.elements if one.code == code), None)

    def _doubted(self, each: Meaning, element: Element, somebody: str) -> Meaning:
        """A number or phone beside another person: theirs where the rows are about them, otherwise doubtful."""
        named = self._element(somebody)
        if named is None:
            return replace(each, confidence=min(each.confidence, 0.7), why=str(WHY["whose"]))
        if element.record_set is named.record_set:
            return each
        theirs = [one for one in siblings(self.elements, named) if one.kind is element.kind]
        if (
            theirs
            and self.kind in ("household", "home", "organisation")
            and element.kind in _THEIRS
        ):
            why = str(WHY["family"] % {"group": named.title})
            is_owner = somebody in ("household.head_name", "tie.name")
            sure = 0.92 if is_owner and each.confidence >= SURE else 0.8
            return replace(
                each, element=theirs[0].code, confidence=min(sure, each.confidence), why=why
            )
        return replace(each, confidence=min(each.confidence, 0.7), why=str(WHY["whose"]))

    def unique(self, found: list[Meaning]) -> list[Meaning]:
        """Of two columns that mean the same only the better one is sure."""
        counted = Counter(each.element for each in found if "." in each.element and not each.part)
        titles = {one.code: normal(one.title) for one in self.elements}
        for code in (code for code, times in counted.items() if times > 1):
            here = [at for at, each in enumerate(found) if each.element == code and not each.part]
            ranks = {
                at: (
                    found[at].confidence,
                    normal(found[at].field.path[-1]) == titles.get(code),
                    -at,
                )
                for at in here
            }
            keep = max(ranks, key=ranks.__getitem__)
            for at in here:
                if at != keep:
                    confidence = min(found[at].confidence, 0.8)
                    found[at] = replace(found[at], confidence=confidence, why=str(WHY["twice"]))
        return found
