"""Whoever left is no longer shown to the community that was left once the time for keeping is over (PIPL 19).

The dated residence stays, so that any past day can still be counted; the person behind it does not.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall, in_area

KEPT = """
CREATE FUNCTION registry_kept_from() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce((SELECT since FROM registry_keeping WHERE code = 'residence'), '-infinity')
$$;
REVOKE ALL ON FUNCTION registry_kept_from() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_kept_from() TO linli_app;
"""
IN_FORCE = "(t.until IS NULL OR t.until >= (SELECT registry_kept_from()))"
BEFORE = " OR ".join(
    f"EXISTS (SELECT 1 FROM registry_{table} t WHERE t.person_id = registry_person.id)"
    for table in ("residence", "tie")
)
AFTER = " OR ".join(
    f"EXISTS (SELECT 1 FROM registry_{table} t WHERE t.person_id = registry_person.id AND {IN_FORCE})"
    for table in ("residence", "tie")
)


def _sight(via: str) -> str:
    arms = Wall("registry_person", account="account_id", via=via, insert="true").condition()
    return f"""
    ALTER POLICY sight ON registry_person USING ({arms});
    ALTER POLICY change ON registry_person USING ({arms}) WITH CHECK ({arms});
    ALTER POLICY removal ON registry_person USING ({arms});
    """


def _seen(kept: str) -> str:
    return " OR ".join(
        f"EXISTS (SELECT FROM registry_{table} t WHERE t.person_id = p.id AND ({in_area('t.area_id')})"
        f"{kept} OFFSET 0)"
        for table in ("residence", "tie")
    )


def _branch(name: str, kept: str) -> str:
    """A frequent name in a few communities goes from their people to the name, any other from the name to its people."""
    return f"""
    IF narrow AND (SELECT count(*) > 1000 FROM (SELECT FROM registry_person p
            WHERE {name} >= prefix AND {name} < beyond LIMIT 1001) x) THEN
        RETURN QUERY
        WITH around AS MATERIALIZED (
            SELECT t.person_id FROM registry_spans() s
            JOIN registry_residence t ON t.area_id >= s.lo AND t.area_id < s.hi{kept}
            UNION SELECT t.person_id FROM registry_spans() s
            JOIN registry_tie t ON t.area_id >= s.lo AND t.area_id < s.hi{kept}
        ), called AS MATERIALIZED (
            SELECT p.id, {name} AS name FROM around a JOIN registry_person p ON p.id = a.person_id
        )
        SELECT c.id, c.name FROM called c
        WHERE c.name >= prefix AND c.name < beyond AND (c.name, c.id) > (after_name, after_id)
        ORDER BY c.name, c.id LIMIT most;
        RETURN;
    END IF;
    RETURN QUERY SELECT p.id, {name}::text FROM registry_person p
    WHERE ({name}, p.id) > (after_name, after_id) AND {name} < beyond AND ({_seen(kept)})
    ORDER BY {name}, p.id LIMIT most;
"""


def _names(kept: str, declared: str = "", first: str = "") -> str:
    return f"""
CREATE OR REPLACE FUNCTION registry_find_names(
    prefix text, beyond text, backward boolean, after_name text, after_id bigint, most int)
RETURNS TABLE (id bigint, found text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public
SET plan_cache_mode = force_custom_plan SET jit = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    narrow boolean := (SELECT sum(s.hi - s.lo) <= {16 * 2**28} FROM registry_spans() s);
    {declared}
BEGIN
    IF narrow IS NULL THEN RETURN; END IF;
    {first}
    IF backward THEN {_branch("reverse(p.name)", kept)}
    ELSE {_branch("p.name::text", kept)}
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    """A day, a function that tells it, the wall around people and their search."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0010_deeds")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Keeping",
            fields=[
                (
                    "code",
                    models.CharField(max_length=40, primary_key=True, serialize=False),
                ),
                ("since", models.DateField()),
            ],
        ),
        # What the wall asks of a residence stands in its index.
        migrations.RemoveIndex(model_name="residence", name="residence_person"),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(
                fields=["person"], include=["area", "account", "until"], name="residence_person"
            ),
        ),
        migrations.RunSQL(KEPT, "DROP FUNCTION registry_kept_from()"),
        migrations.RunSQL(_sight(AFTER), _sight(BEFORE)),
        migrations.RunSQL(
            _names(
                " AND (t.until IS NULL OR t.until >= kept)",
                "kept date := registry_kept_from();",
            ),
            _names(""),
        ),
    ]
