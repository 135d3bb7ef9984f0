"""What the clock keeps on a matter; the hotline's workbooks."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.functions.datetime
import django.utils.timezone
import linli.kernel.vault.fields
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):
    """Two columns, two indexes, one table."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("matters", "0002_walls")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name="matter",
            name="look",
            field=models.DateTimeField(default=django.utils.timezone.now, db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="matter",
            name="told",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), db_default=[], default=list, size=None),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(condition=models.Q(("closed__isnull", True)), fields=["look", "id"], name="matter_look"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(condition=models.Q(("channel", "hotline")), fields=["channel", "-id"], name="matter_hotline"),
        ),
        migrations.CreateModel(
            name="HotlineFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("area", models.BigIntegerField()),
                ("account", models.BigIntegerField()),
                ("uploaded", models.DateTimeField()),
                ("imported", models.DateTimeField(null=True)),
                ("good", models.PositiveIntegerField(default=0)),
                ("bad", models.PositiveIntegerField(default=0)),
                ("made", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("rows", linli.kernel.vault.fields.VaultField(blank=True, kind="text", null=True)),
                ("refused", linli.kernel.vault.fields.VaultField(blank=True, kind="text", null=True)),
            ],
        ),
        Wall("matters_hotlinefile", area="area", account="account"),
    ]
