"""Whoever reads an application reads what is attached to it: its department, the reviewer, the office of the meeting."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Arm


class Migration(migrations.Migration):
    """One arm."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("admission", "0005_works"),
        ("files", "0001_initial"),
    ]

    operations: ClassVar[list[Operation]] = [
        Arm(
            "files_file",
            "admission_application",
            "owner_type = 'admission.application' AND EXISTS "
            "(SELECT 1 FROM admission_application a WHERE a.id = owner_id)",
        ),
    ]
