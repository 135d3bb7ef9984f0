"""What residents and staff attach to a matter."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from linli.capabilities.matters import selectors
from linli.kernel.files import services as files
from linli.kernel.files.examine import Clean


def judged(upload: UploadedFile[Any], field: str = "files") -> Clean:
    """An upload made clean, photos no larger than the pack says; Refusal that names it otherwise."""
    return files.check(upload, field, selectors.names().policy.photos.megabytes)
