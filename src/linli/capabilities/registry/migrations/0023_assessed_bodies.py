"""A body can be judged by a checklist."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0022_filings")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name="assessment",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="registry.organisation",
            ),
        ),
    ]
