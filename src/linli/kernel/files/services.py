"""Writes of files: keep an upload, remove one, sweep what nobody owns."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, Refusal, Span, action, crossing, note, under
from linli.kernel.files import store
from linli.kernel.files.examine import Clean, examine
from linli.kernel.files.models import File
from linli.kernel.files.place import PlaceHint
from linli.kernel.files.selectors import visible

GRACE_SECONDS = 24 * 3600
PHOTOS_MOST = 9
_SWEEP_BATCH = 500


@dataclass(frozen=True, slots=True)
class Holder:
    """Who may see the files of a row, besides the room's own readers."""

    owner_type: str
    owner_id: int
    area: int
    account: int | None = None
    unit: int | None = None
    visitor: UUID | None = None


def _first(owner: models.Model, *names: str) -> object:
    return next((v for n in names if (v := getattr(owner, n, None)) is not None), None)


def holder_of(owner: models.Model) -> Holder:
    """The holder of a saved row, by the columns its own wall names."""
    area, account = _first(owner, "area_id", "area"), _first(owner, "reporter_id", "account_id")
    unit, visitor = _first(owner, "unit_id"), _first(owner, "visitor")
    return Holder(
        owner._meta.label_lower,
        int(owner.pk),
        area if isinstance(area, int) else 0,
        account if isinstance(account, int) else None,
        unit if isinstance(unit, int) else None,
        visitor if isinstance(visitor, UUID) else None,
    )


def check(upload: UploadedFile[Any], field: str = "files", photo_megabytes: int = 0) -> Clean:
    """Judge an upload and make it clean, without keeping it; Refusal that names it, in the user's words.

    `photo_megabytes` is a limit for photos below that of their type.
    """
    name, stream = upload.name or "", cast("BinaryIO", upload.file)
    try:
        return examine(stream, upload.size or 0, name, field, photo_megabytes)
    except Refusal as refusal:
        words = _("“%(name)s”：%(why)s") % {"name": name[-60:], "why": str(refusal)}
        raise Refusal(words, field=refusal.field, code=refusal.code) from refusal


def place_hint(clean: Clean) -> PlaceHint | None:
    """The place that a photo noted (WGS-84), to be confirmed by the reporter; it is not stored."""
    return clean.hint


@action("files.add", title=_("上传附件"), codes=("purpose",), guard=False)
def keep(
    act: Act,
    upload: UploadedFile[Any] | Clean,
    *,
    owner: models.Model | Holder,
    purpose: str,
    field: str = "files",
) -> File:
    """Keep an upload as part of a row; the grant is that of the verb which calls this."""
    clean = upload if isinstance(upload, Clean) else check(upload, field)
    holder = owner if isinstance(owner, Holder) else holder_of(owner)
    file = File(
        owner_type=holder.owner_type,
        owner_id=holder.owner_id,
        area=holder.area,
        account=holder.account if holder.account else (act.actor or None),
        unit=holder.unit,
        visitor=holder.visitor or act.key,
        by=act.actor,
        purpose=purpose,
        name=clean.name,
        media_type=clean.media_type,
        size=len(clean.content),
        digest=store.put(clean.content, clean.thumb),
        width=clean.width,
        height=clean.height,
        created=act.at,
    )
    # Two statements less where the row is one's own anyway.
    with nullcontext() if visible(act, file) else crossing(Span(holder.area, holder.area + 1)):
        file.save(force_insert=True)
    note(owner_type=holder.owner_type, owner_id=holder.owner_id, digest=file.digest)
    return file


PENDING = "access.account"


def hold(act: Act, upload: UploadedFile[Any] | Clean, field: str = "file") -> File:
    """Keep an upload for its uploader until a row takes it (`taken`)."""
    holder = Holder(PENDING, act.actor, act.spans[0].lo if act.spans else 0, account=act.actor)
    return keep(act, upload, owner=holder, purpose="pending", field=field)


def taken(act: Act, ids: Sequence[int], field: str = "photos") -> tuple[Clean, ...]:
    """What the actor uploaded before under these ids, to be kept as part of a row; no longer held afterwards."""
    found = File.objects.filter(
        pk__in=list(ids), owner_type=PENDING, owner_id=act.actor, purpose="pending"
    )
    held = {file.pk: file for file in found}
    missing = [pk for pk in ids if pk not in held]
    if missing:
        raise Refusal(
            _("找不到照片 %(id)s，请重新上传。") % {"id": missing[0]}, field=field, code="no-photo"
        )
    cleans = tuple(_clean(held[pk]) for pk in ids)
    File.objects.filter(pk__in=list(held)).delete()
    return cleans


def _clean(file: File) -> Clean:
    small = store.path_of(file.digest, thumb=True)
    return Clean(
        content=store.path_of(file.digest).read_bytes(),
        media_type=file.media_type,
        name=file.name,
        width=file.width,
        height=file.height,
        thumb=small.read_bytes() if small.exists() else None,
    )


@action("files.remove", title=_("删除附件"), keep=("reason",))
def remove(act: Act, file: File, *, reason: str) -> None:
    """Take a file away; its content goes with the next sweep unless somebody else keeps it."""
    if not reason.strip():
        raise Refusal(_("请写明为什么删除。"), field="reason", code="reason")
    note(owner_type=file.owner_type, owner_id=file.owner_id, digest=file.digest)
    try:
        File.objects.filter(pk=file.pk).delete()
    except models.ProtectedError:
        raise Refusal(_("这个附件是办理的证据，不能删除。"), code="evidence") from None


def sweep(act: Act, now: float | None = None, grace: float = GRACE_SECONDS) -> int:
    """Remove contents that no row names and nobody touched for a day; returns how many went."""
    moment = (time.time() if now is None else now) - grace
    gone = 0
    batch = []
    for path in store.older_than(moment):
        batch.append(path)
        if len(batch) == _SWEEP_BATCH:
            gone += _sweep(act, batch, moment)
            batch = []
    return gone + _sweep(act, batch, moment)


def _sweep(act: Act, paths: list[Path], moment: float) -> int:
    digests = {path: path.name.removesuffix(store.THUMB_ENDING) for path in paths}
    with under(act):
        used = set(
            File.objects.filter(digest__in=set(digests.values())).values_list("digest", flat=True)
        )
    return sum(store.drop(path, moment) for path in paths if digests[path] not in used)
