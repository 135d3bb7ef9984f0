"""Tables of tasks and the walls around them."""

from typing import ClassVar

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
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", models.BigIntegerField()),
                ("post", models.CharField(blank=True, max_length=40)),
                ("unit", models.BigIntegerField(null=True)),
                ("account", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=64)),
                ("subject_type", models.CharField(max_length=64)),
                ("subject_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("due", models.DateTimeField(null=True)),
                ("created", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.BigIntegerField(null=True)),
                ("household", models.BigIntegerField(null=True)),
                ("weight", models.SmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["area", "due", "id"],
                        name="task_open_area",
                    ),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["unit", "due", "id"],
                        name="task_open_unit",
                    ),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["account", "due", "id"],
                        name="task_open_account",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=("subject_type", "subject_id", "kind", "post", "unit"),
                        name="task_open_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        Wall("tasks_task", area="area", account="account", unit="unit"),
    ]
