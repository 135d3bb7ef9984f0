"""Exports of matters stand with those of every other room."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

COPY = """
INSERT INTO files_export
    (kind, account, hat, reason, query, format, state, total, done, file_id, asked, finished)
SELECT 'matters', account, hat, reason, query, format, state, total, done, file_id, asked, finished
FROM matters_export ORDER BY id
"""


class Migration(migrations.Migration):
    """Rows move, the table goes."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("matters", "0008_latin_words"),
        ("files", "0002_export"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Export"),
    ]
