"""What the level above records of who holds a post: one table, walled, its former values kept."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("places", "0002_rezoning"),
        ("registry", "0021_area_of"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("appointed", "新任职"),
                            ("changed", "资料变动"),
                            ("ended", "离任"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待备案"),
                            ("filed", "已备案"),
                            ("returned", "已退回"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("by", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("number", models.CharField(blank=True, default="", max_length=60)),
                ("on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.area",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="registry.holding",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "filed"), _negated=True),
                        fields=("holding",),
                        name="filing_open_once",
                    )
                ],
                "indexes": [
                    models.Index(fields=["area", "state", "id"], name="filing_area"),
                    models.Index(fields=["state", "id"], name="filing_state"),
                ],
            },
        ),
        Wall("registry_filing", area="area_id"),
        migrations.RunSQL(
            "CREATE TRIGGER keep AFTER UPDATE OR DELETE ON registry_filing"
            " FOR EACH ROW EXECUTE FUNCTION registry_keep()",
            "DROP TRIGGER keep ON registry_filing",
        ),
    ]
