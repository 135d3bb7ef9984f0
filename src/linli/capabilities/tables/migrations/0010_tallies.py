"""Entries are kept counted by community, kind and month; what stands already is counted here."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall

# A community's number has 28 bits below it, a street's 36.
COUNT_ALL = r"""
INSERT INTO tables_entrytally (area_id, kind, month, number, hours)
SELECT CASE WHEN e.area_id & -(1::bigint << 28) & ((1::bigint << 36) - 1) <> 0
    THEN e.area_id & -(1::bigint << 28) ELSE e.area_id END,
    e.kind, date_trunc('month', e.day)::date, count(*),
    sum(CASE WHEN e.body->>'hours' ~ '^[0-9]{1,6}([.][0-9]{1,6})?$' THEN (e.body->>'hours')::float ELSE 0 END)
FROM tables_entry e WHERE NOT e.struck GROUP BY 1, 2, 3
"""


class Migration(migrations.Migration):
    """The counts and their wall."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("tables", "0009_entry_latest"),
        ("places", "0002_rezoning"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="EntryTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        "places.area",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
                ("kind", models.CharField(max_length=32)),
                ("month", models.DateField()),
                ("number", models.PositiveIntegerField()),
                ("hours", models.FloatField()),
            ],
            options={
                "indexes": [models.Index(fields=["month", "area"], name="tables_tally_month")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "kind", "month"), name="tables_tally_once"
                    )
                ],
            },
        ),
        Wall("tables_entrytally", area="area_id"),
        migrations.RunSQL(COUNT_ALL, migrations.RunSQL.noop),
    ]
