"""What one keeps for oneself, and what was answered to oneself, is seen by nobody else."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall

SYSTEM = "nullif(current_setting('linli.account', true), '')::bigint = 1"


class Migration(migrations.Migration):
    """Raise the walls."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("access", "0004_machines"),
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        Wall("access_savedfilter", account="account_id", via=SYSTEM),
        Wall("access_once", account="account", via=SYSTEM),
    ]
