"""Manifest of files."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Hangs, Room


class FilesConfig(Room):
    """Uploads that live under the same scope as what they belong to."""

    name = "linli.kernel.files"
    label = "files"
    codes: ClassVar[dict[str, str]] = {
        "purpose": "linli.kernel.files.words.PURPOSES",
        "state": "linli.kernel.files.words.STATES",
        "kind": "linli.kernel.files.words.KINDS",
    }
    hangs = (Hangs("files_file", "area", _("文件")),)
