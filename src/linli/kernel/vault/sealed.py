"""A protected value in memory: it prints masked, and gives its clear text only when asked."""

from __future__ import annotations

from collections.abc import Callable

from linli.kernel.vault.crypto import KeyRing, VaultError
from linli.kernel.vault.masking import masked
from linli.kernel.vault.normal import normalise

_rings: list[Callable[[], KeyRing]] = []


def use_ring(ring: Callable[[], KeyRing]) -> None:
    """Say where the keys come from (the ring of the installation hands itself over at start)."""
    _rings[:] = [ring]


def keys() -> KeyRing:
    """The key ring in force."""
    if not _rings:
        raise VaultError("no key ring is in force")
    return _rings[0]()


class Sealed:
    """One protected value, clear or sealed; `str()` is the masked form, so a template cannot leak it."""

    __slots__ = ("_bytes", "_clear", "kind", "place")

    def __init__(
        self, kind: str, place: str, *, clear: str | None = None, sealed: bytes | None = None
    ) -> None:
        self.kind = kind
        self.place = place
        self._clear = clear
        self._bytes = sealed

    def open(self) -> str:
        """The clear text; pages get it through `services.reveal`, which leaves a fact."""
        if self._clear is None:
            self._clear = keys().open(self.place, self._bytes or b"")
        return self._clear

    def stored(self) -> bytes:
        """The sealed bytes to store."""
        if self._bytes is None:
            self._bytes = keys().seal(self.place, self._clear or "")
        return self._bytes

    def index(self) -> bytes:
        """The blind index to store beside it."""
        return keys().index(self.kind, normalise(self.kind, self.open()))

    @property
    def masked(self) -> str:
        """The masked form."""
        return masked(self.kind, self.open())

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<{self.kind} of {self.place}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.open() == other.open()

    def __hash__(self) -> int:
        return hash((self.kind, self.open()))

    def __len__(self) -> int:
        return len(self.masked)
