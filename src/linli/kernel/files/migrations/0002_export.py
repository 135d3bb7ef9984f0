"""Exports of every room: who took which rows out of the house, and how far the file is."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):
    """One table, only for whoever asked."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("files", "0001_initial")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("account", models.BigIntegerField()),
                ("hat", models.BigIntegerField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("query", models.CharField(blank=True, max_length=600)),
                ("more", models.JSONField(db_default={}, default=dict)),
                ("format", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("ready", "已完成"),
                            ("failed", "没有完成"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("asked", models.DateTimeField()),
                ("finished", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="files.file",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-id"], name="files_export_account")]
            },
        ),
        Wall("files_export", account="account"),
    ]
