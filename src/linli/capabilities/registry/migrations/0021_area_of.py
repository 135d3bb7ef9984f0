"""In which area a building stands is no secret: whoever tells where a lamp is broken need not know the grids."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

AREA_OF = """
CREATE FUNCTION registry_area_of(lowest bigint, beyond bigint, asked text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT CASE WHEN min(b.area_id) = max(b.area_id) THEN min(b.area_id) END
    FROM registry_building b
    WHERE b.address_key = asked AND b.until IS NULL AND b.area_id >= lowest AND b.area_id < beyond
$$;
REVOKE ALL ON FUNCTION registry_area_of(bigint, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_area_of(bigint, bigint, text) TO linli_app;
"""


class Migration(migrations.Migration):
    """One narrow function."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0020_area_counts")]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(AREA_OF, "DROP FUNCTION registry_area_of(bigint, bigint, text)")
    ]
