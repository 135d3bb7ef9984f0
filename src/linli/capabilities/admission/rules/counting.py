"""How much a reduction is, by each method that is in use, so that no claim rests on the kinder one (R068, R093). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reduced:
    """Rates in hundredths, two places: each class, all counted together, the mean of the classes."""

    each: tuple[Decimal, ...]
    pooled: Decimal
    mean: Decimal

    def meets(self, target: int) -> dict[str, bool]:
        """Whether a target is met: pooled, by the mean, and by every class alone."""
        return {
            "pooled": self.pooled >= target,
            "mean": self.mean >= target,
            "each": all(rate >= target for rate in self.each),
        }


def _rate(before: int, after: int) -> Decimal:
    return Decimal(before - after) * 100 / Decimal(before)


def _shown(rate: Decimal) -> Decimal:
    return rate.quantize(PLACES, ROUND_HALF_UP)


def reduced(pairs: Sequence[tuple[int, int]]) -> Reduced:
    """Rates of (before, after) pairs; ValueError without any, or where there was nothing before."""
    if not pairs or any(before <= 0 for before, _after in pairs):
        raise ValueError("a reduction needs what there was before")
    rates = [_rate(before, after) for before, after in pairs]
    pooled = _rate(sum(b for b, _a in pairs), sum(a for _b, a in pairs))
    mean = sum(rates, Decimal(0)) / len(rates)
    return Reduced(tuple(_shown(rate) for rate in rates), _shown(pooled), _shown(mean))


def whole(before: int, after: int, classes_before: int = 0, classes_after: int = 0) -> bool:
    """Whether fewer booklets are truly fewer: not when their classes stayed as many (明减暗不减)."""
    if after >= before:
        return False
    return not classes_before or classes_after < classes_before
