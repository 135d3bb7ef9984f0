"""What was filled in is kept at once: what can be read is saved, what cannot comes back beside its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.capabilities.tables import services
from linli.capabilities.tables.rules import Said
from linli.kernel.acts import Act, Refusal


@dataclass(slots=True)
class Taken:
    """How many gaps were closed, and what was wrong with the rest, by field."""

    closed: int = 0
    wrong: dict[str, Refusal] = field(default_factory=dict)
    whole: Refusal | None = None

    @property
    def fine(self) -> bool:
        """Whether everything was taken."""
        return not self.wrong and self.whole is None


def take(
    act: Act,
    answers: Mapping[int, str],
    without: Mapping[int, Said],
    *,
    source: str,
    sure: bool = False,
) -> Taken:
    """Take answers; one that is refused leaves the others be."""
    left, none, found = dict(answers), dict(without), Taken()
    while left or none:
        try:
            found.closed += services.answer(
                act, answers=left, without=none, source=source, sure=sure
            )
        except Refusal as refusal:
            key = _gap(refusal.field)
            if key not in left and key not in none:
                found.whole = refusal
                return found
            found.wrong[f"gap-{key}"] = refusal
            left.pop(key, None)
            none.pop(key, None)
            continue
        return found
    return found


def _gap(name: str | None) -> int:
    rest = (name or "").removeprefix("gap-")
    return int(rest) if rest.isascii() and rest.isdigit() else 0
