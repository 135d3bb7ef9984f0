"""Photos of a matter: which may be attached, and who of the office reads them, wherever the matter came from."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.selectors.names import names
from linli.kernel.acts import Act
from linli.kernel.files import selectors as files
from linli.kernel.files.examine import Clean
from linli.kernel.files.services import check


def sees(act: Act, matter: int) -> bool:
    """Whether one of the staff may read a matter, and so its photos; the walls say which (one statement)."""
    return act.unit is not None and Matter.objects.filter(pk=matter).exists()


def judged(upload: UploadedFile[Any], field: str = "files") -> Clean:
    """An upload made clean, photos no larger than the pack says; Refusal that names it otherwise."""
    return check(upload, field, names().policy.photos.megabytes)


files.admit("matters.matter", sees)
