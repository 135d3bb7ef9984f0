"""Two communities that were called to one meeting may be joined: each keeps what it was called to."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """A key that becomes an index."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("admission", "0008_clearing")]

    operations: ClassVar[list[Operation]] = [
        migrations.RemoveConstraint("occasion", "admission_occasion_once"),
        migrations.AddIndex(
            "occasion",
            models.Index(fields=["ticket", "area"], name="admission_occasion_ticket"),
        ),
    ]
