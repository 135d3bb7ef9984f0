"""Account 1 is the system: a named actor for the clock and for batches."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

SYSTEM = """
INSERT INTO access_account (id, kind, name, password, second_used, failed, active, demo)
VALUES (1, 'system', '系统', '', 0, 0, true, '');
SELECT setval(pg_get_serial_sequence('access_account', 'id'), 100);
"""


class Migration(migrations.Migration):
    """Insert it, and keep the first hundred numbers free."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0001_initial")]

    operations: ClassVar[list[Operation]] = [migrations.RunSQL(SYSTEM, migrations.RunSQL.noop)]
