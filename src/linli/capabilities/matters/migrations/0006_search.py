"""Search by words: array operators are not leakproof, so under a policy their index is lost (0.2 → 408 ms on
2,000,000 rows). One narrow function looks the words up by index and applies the scope itself."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall

SCOPE = Wall(
    "matters_matter",
    area="area_id",
    account="reporter_id",
    unit=("unit_id", "offered_unit_id"),
    key="visitor",
    sensitive="restricted",
).condition()
MAKE = f"""
CREATE FUNCTION matters_search(wanted text[], most int) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id FROM matters_matter WHERE tokens @> wanted::varchar[] AND ({SCOPE})
    ORDER BY id DESC LIMIT most
$$;
REVOKE ALL ON FUNCTION matters_search(text[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matters_search(text[], int) TO linli_app;
"""


class Migration(migrations.Migration):
    """The function."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("matters", "0005_export")]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(MAKE, "DROP FUNCTION matters_search(text[], int)")
    ]
