"""Tables of files and the walls around them."""

from typing import ClassVar

import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):
    """Create them."""

    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner_type", models.CharField(max_length=64)),
                ("owner_id", models.BigIntegerField()),
                ("area", models.BigIntegerField()),
                ("account", models.BigIntegerField(null=True)),
                ("unit", models.BigIntegerField(null=True)),
                ("visitor", models.UUIDField(null=True)),
                ("by", models.BigIntegerField()),
                ("purpose", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=100)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("width", models.IntegerField(null=True)),
                ("height", models.IntegerField(null=True)),
                (
                    "created",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner_type", "owner_id", "id"], name="file_owner"),
                    models.Index(fields=["digest"], name="file_digest"),
                ],
            },
        ),
        Wall("files_file", area="area", account="account", unit="unit", key="visitor"),
    ]
