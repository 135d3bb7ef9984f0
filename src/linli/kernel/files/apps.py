"""Manifest of files."""

from linli.ui.manifest import Room


class FilesConfig(Room):
    """Uploads that live under the same scope as what they belong to."""

    name = "linli.kernel.files"
    label = "files"
