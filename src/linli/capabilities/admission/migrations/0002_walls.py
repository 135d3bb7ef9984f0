"""Raise the walls around admission; versions of items and the log of the seal are written once."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Arm, Wall

IN_SIGHT = "EXISTS (SELECT 1 FROM admission_{0} r WHERE r.id = subject_id)"


class Migration(migrations.Migration):
    """Walls, arms, one revoke."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("admission", "0001_initial"),
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        Wall(
            "admission_application",
            area="area_id",
            unit=("unit_id", "reviewer_id", "decider_id"),
        ),
        Wall(
            "admission_comment",
            account="account",
            via="EXISTS (SELECT 1 FROM admission_application a WHERE a.id = application_id)",
        ),
        Wall("admission_agreement", area="area_id", unit="unit_id"),
        Wall("admission_demand", area="area_id", unit="unit_id"),
        Wall(
            "admission_ticket",
            area="area_id",
            unit="unit_id",
            via="EXISTS (SELECT 1 FROM admission_demand d WHERE d.ticket_id = admission_ticket.id)",
        ),
        Wall("admission_placement", area="area_id", unit="unit_id"),
        Wall("admission_occasion", area="area_id", unit="unit_id"),
        Wall("admission_certificate", area="area_id", key="key"),
        Wall("admission_sealuse", area="area_id", append_only=True),
        *(
            Arm(
                "acts_fact",
                f"admission_{name}",
                f"subject_type = 'admission.{name}' AND {IN_SIGHT.format(name)}",
            )
            for name in ("application", "demand")
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON admission_itemversion FROM linli_app",
            "GRANT UPDATE, DELETE ON admission_itemversion TO linli_app",
        ),
    ]
