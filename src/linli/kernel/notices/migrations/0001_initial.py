"""Tables of notices and the walls around them."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

import linli.kernel.vault.fields
from linli.kernel.acts.walls import Wall, in_area, is_account

SYSTEM = is_account("1")  # the system's own account


class Migration(migrations.Migration):
    """Create them."""

    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("account", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "address",
                    linli.kernel.vault.fields.VaultField(blank=True, kind="text", null=True),
                ),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.BigIntegerField()),
                ("area", models.BigIntegerField(default=0)),
                ("kind", models.CharField(max_length=64)),
                ("subject_type", models.CharField(blank=True, max_length=64)),
                ("subject_id", models.BigIntegerField(default=0)),
                ("params", models.JSONField(default=dict)),
                ("urgent", models.BooleanField(default=False)),
                ("robot", models.BooleanField(default=False)),
                ("created", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("planned", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-id"], name="notice_inbox"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["account"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("planned", False)),
                        fields=["id"],
                        name="notice_unplanned",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.BigIntegerField()),
                ("kind", models.CharField(blank=True, max_length=64)),
                ("sms", models.BooleanField(default=True)),
                ("email", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "kind"), name="preference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "短信"), ("email", "邮件"), ("robot", "工作群")],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发"),
                            ("sent", "已发"),
                            ("skipped", "未发"),
                            ("failed", "失败"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("due", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notices.notice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due"],
                        name="delivery_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "channel"), name="delivery_once")
                ],
            },
        ),
        # A notice is its reader's alone; whoever may act in its area, or for themselves, may write one.
        Wall(
            "notices_notice",
            account="account",
            via=SYSTEM,
            insert=f"{in_area('area')} OR {is_account('account')} OR {SYSTEM}",
        ),
        Wall("notices_delivery", via=SYSTEM),
        Wall("notices_preference", account="account", via=SYSTEM),
        Wall("notices_mailbox", account="account", via=SYSTEM),
    ]
