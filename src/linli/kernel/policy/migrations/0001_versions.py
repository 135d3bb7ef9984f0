"""Policy versions, which the application may add and read only; a trigger stops everyone else."""

import django.db.models.functions
from django.db import migrations, models

FREEZE = """
CREATE FUNCTION policy_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a policy version is immutable' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER policy_version_frozen BEFORE UPDATE OR DELETE ON policy_version
    FOR EACH ROW EXECUTE FUNCTION policy_version_frozen();
REVOKE UPDATE, DELETE, TRUNCATE ON policy_version FROM linli_app;
"""
THAW = """
DROP TRIGGER policy_version_frozen ON policy_version;
DROP FUNCTION policy_version_frozen();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("hash", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                (
                    "applied_at",
                    models.DateTimeField(db_default=django.db.models.functions.Now()),
                ),
                ("applied_by", models.BigIntegerField(default=1)),
                ("note", models.TextField(default="")),
            ],
            options={
                "db_table": "policy_version",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(hash__regex="^[0-9a-f]{64}$"),
                        name="policy_version_hash",
                    )
                ],
            },
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
