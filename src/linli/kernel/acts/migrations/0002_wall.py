"""Facts are append-only for the application; their words are erasable."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall

MINE = "actor = coalesce(nullif(current_setting('linli.account', true), '')::bigint, 0)"


class Migration(migrations.Migration):
    """Raise the walls."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("acts", "0001_initial")]

    operations: ClassVar[list[Operation]] = [
        Wall("acts_fact", area="area", account="actor", insert=MINE, append_only=True),
        Wall(
            "acts_words",
            via="EXISTS (SELECT 1 FROM acts_fact f WHERE f.id = fact_id)",
            insert=MINE,
            append_only=True,
            erasable=True,
        ),
        migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON acts_seal FROM linli_app", ""),
    ]
