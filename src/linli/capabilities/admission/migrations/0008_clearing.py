"""By when something that stands without admission is to be taken down."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """One column, one partial index."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("admission", "0007_requests")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField("placement", "clear_by", models.DateField(null=True)),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                fields=["area", "clear_by"],
                name="admission_placement_clearing",
                condition=models.Q(clear_by__isnull=False),
            ),
        ),
    ]
