"""People by name: two plain indexes (its beginning, its end) instead of tokens under GIN, which cost twice as much to
write, and one narrow function that applies the scope itself. Who says so: batches of wider areas are told by their
source and day only."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Reverse

from linli.kernel.acts.walls import in_area

SPANS = """
CREATE FUNCTION registry_spans() RETURNS TABLE (lo bigint, hi bigint)
LANGUAGE sql STABLE SET search_path = public AS $$
    SELECT s.lo, s.hi FROM (
        SELECT nullif(current_setting('linli.lo' || slot, true), '')::bigint AS lo,
            nullif(current_setting('linli.hi' || slot, true), '')::bigint AS hi
        FROM generate_series(1, 4) slot
    ) s WHERE s.lo IS NOT NULL AND s.hi IS NOT NULL
$$;
"""
# OFFSET 0 keeps the planner from hashing everybody of a district for the sake of fifty lines.
SEEN = (
    f"(EXISTS (SELECT FROM registry_residence r WHERE r.person_id = p.id AND ({in_area('r.area_id')})"
    " OFFSET 0)"
    f" OR EXISTS (SELECT FROM registry_tie t WHERE t.person_id = p.id AND ({in_area('t.area_id')})"
    " OFFSET 0))"
)


def _branch(name: str) -> str:
    """A frequent name in a few communities goes from their people to the name, any other from the name to its people."""
    return f"""
    IF narrow AND (SELECT count(*) > 1000 FROM (SELECT FROM registry_person p
            WHERE {name} >= prefix AND {name} < beyond LIMIT 1001) x) THEN
        RETURN QUERY
        WITH around AS MATERIALIZED (
            SELECT r.person_id FROM registry_spans() s
            JOIN registry_residence r ON r.area_id >= s.lo AND r.area_id < s.hi
            UNION SELECT t.person_id FROM registry_spans() s
            JOIN registry_tie t ON t.area_id >= s.lo AND t.area_id < s.hi
        ), called AS MATERIALIZED (
            SELECT p.id, {name} AS name FROM around a JOIN registry_person p ON p.id = a.person_id
        )
        SELECT c.id, c.name FROM called c
        WHERE c.name >= prefix AND c.name < beyond AND (c.name, c.id) > (after_name, after_id)
        ORDER BY c.name, c.id LIMIT most;
        RETURN;
    END IF;
    RETURN QUERY SELECT p.id, {name}::text FROM registry_person p
    WHERE ({name}, p.id) > (after_name, after_id) AND {name} < beyond AND {SEEN}
    ORDER BY {name}, p.id LIMIT most;
"""


# The scope of at most sixteen communities counts as narrow: sixteen thousand times their width.
NAMES = f"""
CREATE FUNCTION registry_find_names(
    prefix text, beyond text, backward boolean, after_name text, after_id bigint, most int)
RETURNS TABLE (id bigint, found text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public
SET plan_cache_mode = force_custom_plan SET jit = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    narrow boolean := (SELECT sum(s.hi - s.lo) <= {16 * 2**28} FROM registry_spans() s);
BEGIN
    IF narrow IS NULL THEN RETURN; END IF;
    IF backward THEN {_branch("reverse(p.name)")}
    ELSE {_branch("p.name::text")}
    END IF;
END $$;
REVOKE ALL ON FUNCTION registry_find_names(text, text, boolean, text, bigint, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_find_names(text, text, boolean, text, bigint, int) TO linli_app;
"""
SAID = """
CREATE FUNCTION registry_said(batches bigint[])
RETURNS TABLE (id bigint, source text, title text, rank int, as_of date, at timestamptz, by_hand bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.id, s.code::text, s.title::text, s.rank::int, b.as_of, b.at,
        CASE WHEN b.file_id IS NULL THEN b.account_id END
    FROM registry_batch b JOIN registry_source s ON s.id = b.source_id
    WHERE b.id = ANY (batches) AND nullif(current_setting('linli.account', true), '') IS NOT NULL
$$;
REVOKE ALL ON FUNCTION registry_said(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_said(bigint[]) TO linli_app;
"""


class Migration(migrations.Migration):
    """Indexes, then the functions that use them."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0002_walls")]

    operations: ClassVar[list[Operation]] = [
        migrations.RemoveIndex(model_name="mark", name="mark_area"),
        migrations.RemoveIndex(model_name="person", name="person_tokens"),
        migrations.RemoveField(model_name="person", name="tokens"),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(fields=["code", "area", "person"], name="mark_code"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["name", "id"], name="person_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(Reverse("name"), models.F("id"), name="person_name_end"),
        ),
        migrations.RunSQL(SPANS, "DROP FUNCTION registry_spans()"),
        migrations.RunSQL(
            NAMES, "DROP FUNCTION registry_find_names(text, text, boolean, text, bigint, int)"
        ),
        migrations.RunSQL(SAID, "DROP FUNCTION registry_said(bigint[])"),
    ]
