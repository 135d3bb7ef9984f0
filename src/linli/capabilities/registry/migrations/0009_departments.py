"""A department sees its own imports and the corrections that go back to it; a bond says where it comes from."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Arm, Wall, is_unit

DROP = "".join(
    f"DROP POLICY {name} ON registry_batch;" for name in ("sight", "entry", "change", "removal")
)
OWN = f"EXISTS (SELECT 1 FROM registry_batch b WHERE b.id = batch_id AND {is_unit('b.unit_id')})"


class Migration(migrations.Migration):
    """Columns, wall, arm."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("registry", "0008_bodies"),
        ("access", "0001_initial"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            "batch",
            "unit",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                db_index=False,
                to="access.unit",
            ),
        ),
        migrations.AddIndex(
            "batch",
            models.Index(
                fields=["unit", "-id"],
                name="batch_unit",
                condition=models.Q(unit__isnull=False),
            ),
        ),
        migrations.AddField("bond", "sources", models.JSONField(default=dict, db_default={})),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        Wall("registry_batch", area="area_id", unit="unit_id"),
        Arm("registry_conflict", "returned", f"state = 'kept' AND {OWN}"),
    ]
