"""Reads of files, narrowed to what the actor may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import reverse

from linli.kernel.acts import Act
from linli.kernel.files.models import File

Door = Callable[[Act, int], bool]
_doors: dict[str, Door] = {}


def admit(owner_type: str, door: Door) -> None:
    """A room says who sees one of its rows (`matters.matter`, id): that person sees its files."""
    _doors[owner_type] = door


def visible(act: Act, file: File) -> bool:
    """Whether the actor may see a file: by area, as its person, unit or guest, or through its owner."""
    own = (
        act.sees(file.area)
        or (file.account is not None and act.signed_in and file.account == act.actor)
        or (file.unit is not None and file.unit == act.unit)
        or (file.visitor is not None and file.visitor == act.key)
    )
    door = _doors.get(file.owner_type)
    return own or (door is not None and door(act, file.owner_id))


def one(act: Act, pk: int) -> File | None:
    """One file that the actor may see; row-level security has narrowed the rows before."""
    file = File.objects.filter(pk=pk).first()
    return file if file is not None and visible(act, file) else None


def of(owner_type: str, owner_ids: Iterable[int]) -> QuerySet[File]:
    """The files of some rows that the caller was allowed to read, oldest first (one statement)."""
    return File.objects.filter(owner_type=owner_type, owner_id__in=list(owner_ids)).order_by("id")


def shown(pk: int, name: str, media_type: str) -> dict[str, str]:
    """A file as `ui.photo_grid` shows it: href, thumb ("" where it is no picture) and name."""
    whole = _before("files:original")
    thumb = f"{whole}{pk}/thumb/" if media_type.startswith("image/") else ""
    return {"href": f"{whole}{pk}/", "thumb": thumb, "name": name}


@lru_cache(maxsize=1)
def _before(name: str) -> str:
    """What stands before a file's number; reversing takes 60 µs a link, and a matter may show thirty."""
    return reverse(name, kwargs={"pk": 0}).removesuffix("0/")
