"""Sessions that know whose they are."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """The table of sessions."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0002_system_account")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("account", models.BigIntegerField(null=True)),
                ("device", models.CharField(blank=True, max_length=40)),
                ("started", models.DateTimeField(null=True)),
                ("touched", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("account", None), _negated=True),
                        fields=["account"],
                        name="session_account",
                    )
                ],
            },
        ),
    ]
