"""How far each community reaches whoever lives there without being registered there."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):
    """One table of counts."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("registry", "0011_kept"),
        ("places", "0001_initial"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="places.area",
                    ),
                ),
                ("as_of", models.DateField()),
                ("registered", models.PositiveIntegerField()),
                ("living", models.PositiveIntegerField()),
                ("others", models.PositiveIntegerField()),
                ("reached", models.PositiveIntegerField()),
            ],
        ),
        Wall("registry_coverage", area="area_id"),
    ]
