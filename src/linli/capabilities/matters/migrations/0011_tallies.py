"""Matters counted by month and place; what stands already is marked, and counted within a minute."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall

MARK_ALL = """
INSERT INTO matters_uncounted (area_id, month)
SELECT DISTINCT coalesce(community, area_id), date_trunc('month', opened AT TIME ZONE 'Asia/Shanghai')::date
FROM matters_matter
"""


def _to(model: str, **more: object) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        model,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        **more,  # type: ignore[arg-type]
    )


class Migration(migrations.Migration):
    """The counts, their walls, and the marks of what is not counted yet."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("access", "0006_filter_place"),
        ("matters", "0010_around"),
        ("places", "0002_rezoning"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Uncounted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", _to("places.area")),
                ("month", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", _to("places.area")),
                ("month", models.DateField()),
                ("unit", _to("access.unit", null=True)),
                ("restricted", models.BooleanField()),
                ("received", models.PositiveIntegerField()),
                ("judged", models.PositiveIntegerField()),
                ("in_time", models.PositiveIntegerField()),
                ("rated", models.PositiveIntegerField()),
                ("satisfied", models.PositiveIntegerField()),
                ("reopened", models.PositiveIntegerField()),
                ("overdue", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["month", "area"], name="matters_tally_month"),
                    models.Index(fields=["unit", "month"], name="matters_tally_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "month", "unit", "restricted"),
                        name="matters_tally_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        Wall("matters_tally", area="area_id", unit="unit_id", sensitive="restricted"),
        Wall("matters_uncounted", area="area_id"),
        migrations.RunSQL(MARK_ALL, migrations.RunSQL.noop),
    ]
