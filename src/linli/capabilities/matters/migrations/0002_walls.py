"""Raise the walls around matters and let their facts and files be read with them."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Arm, Wall

OWNER = "EXISTS (SELECT 1 FROM matters_matter m WHERE m.id = matter_id)"


class Migration(migrations.Migration):
    """Walls and arms."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("matters", "0001_initial"),
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        Wall(
            "matters_matter",
            area="area_id",
            account="reporter_id",
            unit=("unit_id", "offered_unit_id"),
            key="visitor",
            sensitive="restricted",
        ),
        Wall("matters_message", via=OWNER),
        Wall("matters_evidence", via=OWNER),
        Wall("matters_extension", via=OWNER),
        Wall(
            "matters_follower",
            account="account_id",
            via="EXISTS (SELECT 1 FROM matters_matter m WHERE m.id = matter_id)",
        ),
        Arm(
            "acts_fact",
            "matters",
            "subject_type = 'matters.matter' AND EXISTS "
            "(SELECT 1 FROM matters_matter m WHERE m.id = subject_id)",
        ),
        Arm(
            "files_file",
            "matters",
            "owner_type = 'matters.matter' AND EXISTS "
            "(SELECT 1 FROM matters_matter m WHERE m.id = owner_id)",
        ),
    ]
