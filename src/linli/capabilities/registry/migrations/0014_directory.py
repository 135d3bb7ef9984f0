"""The directory of organisations at one pace, whatever the word and the scope.

A page is first sought along the keys, where a frequent word fills it at once; then a narrow scope is read from one
index that holds all that is asked, and a rare word in a wide scope from the characters of the name.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import in_area

WANTED = """
    (kinds IS NULL OR o.kind = ANY (kinds))
    AND (label = '' OR label = ANY (o.labels))
    AND (registered = '' OR o.registered = registered)
    AND (wanted = '' OR o.state = wanted)
    AND (ended OR o.until IS NULL)
    AND o.area_id >= first AND o.area_id < beyond AND o.id > after
    AND (party = '' OR (party = 'yes') = EXISTS (SELECT FROM registry_organisation c
        WHERE c.id = (o.more ->> 'party')::bigint AND c.until IS NULL))
    AND (asked = '' OR o.uscc = upper(asked) OR o.number = asked
        OR strpos(o.name, asked) > 0 OR strpos(o.short_name, asked) > 0)
"""
SEEN = (
    f"({in_area('o.area_id')} OR EXISTS (SELECT FROM registry_station s"
    f" WHERE s.organisation_id = o.id AND s.until IS NULL AND ({in_area('s.area_id')})))"
)
HEAD = """
CREATE OR REPLACE FUNCTION registry_directory(asked text, kinds text[], label text, registered text,
    wanted text, party text, ended boolean, first bigint, beyond bigint, after bigint, most int)
RETURNS TABLE (id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public
SET plan_cache_mode = force_custom_plan SET jit = off
"""
# OFFSET 0 keeps the planner on the index of a place; each place gives no more than a page.
AROUND = f"""
    RETURN QUERY
    SELECT n.id FROM (
        SELECT a.id FROM registry_spans() s CROSS JOIN LATERAL (
            SELECT i.id FROM (SELECT o.id FROM registry_organisation o
                WHERE o.area_id >= s.lo AND o.area_id < s.hi AND {WANTED} OFFSET 0) i
            ORDER BY i.id LIMIT most) a
        UNION SELECT g.id FROM registry_spans() s CROSS JOIN LATERAL (
            SELECT o.id FROM registry_station t JOIN registry_organisation o ON o.id = t.organisation_id
            WHERE t.area_id >= s.lo AND t.area_id < s.hi AND t.until IS NULL AND {WANTED} OFFSET 0) g
    ) n ORDER BY n.id LIMIT most;
"""
BY_TOKENS = f"""
    RETURN QUERY
    SELECT o.id FROM (
        SELECT w.* FROM registry_organisation w
        WHERE registry_tokens(w.name::text || w.short_name::text) @> pieces
        UNION ALL SELECT w.* FROM registry_organisation w
        WHERE w.uscc = upper(asked) AND w.uscc <> ''
        UNION ALL SELECT w.* FROM registry_organisation w WHERE w.number = asked AND w.number <> ''
    ) o WHERE {WANTED} AND {SEEN} GROUP BY o.id ORDER BY o.id LIMIT most;
"""
NEW = f"""{HEAD}
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_variable
DECLARE
    narrow boolean := (SELECT sum(s.hi - s.lo) <= {4 * 2**36} FROM registry_spans() s);
    pieces text[];
    horizon bigint;
    found_so_far int;
BEGIN
    IF narrow IS NULL THEN RETURN; END IF;
    IF narrow THEN {AROUND} RETURN; END IF;
    horizon := (SELECT h.id FROM registry_organisation h WHERE h.id > after
        ORDER BY h.id OFFSET 3000 LIMIT 1);
    RETURN QUERY SELECT o.id FROM registry_organisation o
    WHERE o.id <= coalesce(horizon, 9223372036854775807) AND {WANTED} AND {SEEN}
    ORDER BY o.id LIMIT most;
    GET DIAGNOSTICS found_so_far = ROW_COUNT;
    IF found_so_far >= most OR horizon IS NULL THEN RETURN; END IF;
    most := most - found_so_far;
    after := horizon;
    pieces := ARRAY(SELECT substr(asked, i, 2)
        FROM generate_series(1, greatest(length(asked) - 1, 1)) i WHERE asked <> '');
    IF asked <> '' AND (SELECT count(*) <= 15000 FROM (SELECT FROM registry_organisation w
            WHERE registry_tokens(w.name::text || w.short_name::text) @> pieces LIMIT 15001) x) THEN
        {BY_TOKENS}
    ELSE {AROUND}
    END IF;
END $$;
"""
# The way back, plainly; like what 0008 wrote it finds the same, slower.
OLD = f"""{HEAD} AS $$
#variable_conflict use_variable
BEGIN
    IF (SELECT sum(s.hi - s.lo) <= {4 * 2**36} FROM registry_spans() s) THEN
        {AROUND}
    ELSE
        RETURN QUERY SELECT o.id FROM registry_organisation o
        WHERE {WANTED} AND {SEEN} ORDER BY o.id LIMIT most;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    """One index, one function."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0013_renew")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                fields=["area", "id"],
                include=[
                    *("kind", "state", "until", "registered"),
                    *("uscc", "number", "name", "short_name"),
                ],
                name="organisation_directory",
            ),
        ),
        migrations.RunSQL(NEW, OLD),
    ]
