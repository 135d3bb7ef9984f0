"""Manifest of files."""

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Hangs, Room


class FilesConfig(Room):
    """Uploads that live under the same scope as what they belong to."""

    name = "linli.kernel.files"
    label = "files"
    hangs = (Hangs("files_file", "area", _("文件")),)
