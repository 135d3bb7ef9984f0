"""The one question of an import about people elsewhere: which of these numbers are held by anybody?"""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

TAKEN = """
CREATE FUNCTION registry_taken(indexes bytea[]) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT p.document_index FROM registry_person p WHERE p.document_index = ANY (indexes)
$$;
REVOKE ALL ON FUNCTION registry_taken(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_taken(bytea[]) TO linli_app;
"""


class Migration(migrations.Migration):
    """One narrow door."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0003_search")]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(TAKEN, "DROP FUNCTION registry_taken(bytea[])"),
    ]
