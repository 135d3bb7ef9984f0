"""Is somebody with this document known already? The one question that reaches people out of sight."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Person
from linli.capabilities.registry.rules.people import Identity
from linli.kernel.acts import Refusal
from linli.kernel.vault.fields import lookups, matching

_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_KNOWN = "SELECT id, same FROM registry_known(%s, %s::bytea[], %s)"


@dataclass(frozen=True, slots=True)
class Known:
    """What the registry says of a number: under this very name, in sight or elsewhere."""

    id: int | None
    same: bool
    here: bool


def held(identity: Identity) -> None:
    """Hold a number until the transaction ends: who registers it at the same time waits."""
    index = lookups("id_number", identity.number)[0]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [int.from_bytes(index[:8], "big", signed=True)])


def held_birth(identity: Identity) -> None:
    """Hold a name and birthday until the transaction ends: both parents may enter a child at the same time."""
    told = f"{identity.name}\0{identity.born}".encode()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [int.from_bytes(sha256(told).digest()[:8], "big", signed=True)])


def known(identity: Identity) -> Known | None:
    """Who has this number, if anybody; the id only when the name is the very same."""
    with connection.cursor() as cursor:
        indexes = lookups("id_number", identity.number)
        cursor.execute(_KNOWN, [identity.kind, indexes, identity.name])
        row = cursor.fetchone()
    if row is None:
        return None
    here = Person.objects.filter(
        matching(Person, "document", identity.number), document_kind=identity.kind
    )
    return Known(row[0], bool(row[1]), here.exists())


def not_known(identity: Identity) -> None:
    """Refuse a number that is registered already, saying what to do."""
    found = known(identity)
    if found is None:
        return
    if not found.same:
        raise other_name()
    if found.here:
        raise Refusal(
            _("此人已登记在您的范围内，请查找后打开，不要重复登记。"),
            field="number",
            code="known-here",
        )
    raise Refusal(
        _("此人已在其他社区登记。请核对证件后用“接收”把档案接到本社区，不要重复登记。"),
        field="number",
        code="known-elsewhere",
    )


def other_name() -> Refusal:
    """The number stands under another name: which of the two is right, a person must find out."""
    return Refusal(
        _("这个证件号码登记在另一个姓名下。请核对证件；确已改名的，请原登记社区先更正姓名。"),
        field="name",
        code="other-name",
    )
