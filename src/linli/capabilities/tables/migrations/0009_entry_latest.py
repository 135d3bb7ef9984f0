"""The latest entries of a whole city are found without reading all of them, whichever kinds a ledger holds."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """One index."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("tables", "0008_visits")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["-day", "-id"], name="tables_entry_latest"),
        ),
    ]
