"""Rows without a number meet people by name, birth, phone and home: surely, probably or not (no Django tables)."""

from linli.capabilities.registry.linking.judging import Verdict, judge
from linli.capabilities.registry.linking.weights import settings

__all__ = ["Verdict", "judge", "settings"]
