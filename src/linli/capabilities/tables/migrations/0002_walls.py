"""Raise the walls around communities' own ledgers; whoever stands on a grid reads those of the community around it."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Arm, Wall

_LO = "nullif(current_setting('linli.lo1', true), '')::bigint"
_HI = "nullif(current_setting('linli.hi1', true), '')::bigint"
AROUND = (
    "EXISTS (SELECT 1 FROM places_area a WHERE a.id = tables_ledger.area_id"
    f" AND a.id <= {_LO} AND a.hi >= {_HI})"
)


class Migration(migrations.Migration):
    """Walls and one arm."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("tables", "0001_initial"),
        ("acts", "0002_wall"),
        ("places", "0001_initial"),
    ]

    operations: ClassVar[list[Operation]] = [
        Wall("tables_ledger", area="area_id"),
        Arm("tables_ledger", "around", AROUND),
        Wall(
            "tables_ledgeredition",
            via="EXISTS (SELECT 1 FROM tables_ledger l WHERE l.id = ledger_id)",
            append_only=True,
        ),
    ]
