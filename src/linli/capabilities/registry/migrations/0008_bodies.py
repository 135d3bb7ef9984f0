"""Assessments by checklists; stations in estates and in a host's house; organisations found flat under the wall.

Characters and pairs of characters of an organisation's names stand in one index by expression, so no column repeats them.
Two narrow functions run as the owner: one applies the actor's scope itself, the other gives what the public may know.
"""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall, in_area

TOKENS = """
CREATE FUNCTION registry_tokens(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(w.word, i, n))
    FROM (SELECT regexp_replace(words, '\\s', '', 'g') AS word) w,
        generate_series(1, length(w.word)) i, generate_series(1, 2) n
    WHERE i + n - 1 <= length(w.word)
$$;
CREATE INDEX organisation_tokens ON registry_organisation
    USING gin (registry_tokens(name::text || short_name::text)) WITH (fastupdate = off);
"""
UNTOKENS = "DROP INDEX organisation_tokens; DROP FUNCTION registry_tokens(text)"
ASKED = "text, text[], text, text, text, text, boolean, bigint, bigint, bigint, int"
# What is asked besides sight; an empty text asks nothing. Who covers an organisation must be at work itself.
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
# In a few streets one goes from the place to its organisations; in a wide scope from the words, or along the keys.
DIRECTORY = f"""
CREATE FUNCTION registry_directory(asked text, kinds text[], label text, registered text, wanted text,
    party text, ended boolean, first bigint, beyond bigint, after bigint, most int)
RETURNS TABLE (id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public
SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_variable
BEGIN
    IF (SELECT sum(s.hi - s.lo) <= {4 * 2**36} FROM registry_spans() s) THEN
        RETURN QUERY
        WITH around AS MATERIALIZED (
            SELECT a.id FROM registry_spans() s
            JOIN registry_organisation a ON a.area_id >= s.lo AND a.area_id < s.hi
            UNION SELECT t.organisation_id FROM registry_spans() s
            JOIN registry_station t ON t.area_id >= s.lo AND t.area_id < s.hi AND t.until IS NULL
        )
        SELECT o.id FROM around n JOIN registry_organisation o ON o.id = n.id
        WHERE {WANTED} ORDER BY o.id LIMIT most;
    ELSIF length(asked) > 1 THEN
        RETURN QUERY
        SELECT o.id FROM (
            SELECT w.* FROM registry_organisation w
            WHERE registry_tokens(w.name::text || w.short_name::text) @> ARRAY(
                SELECT substr(asked, i, 2) FROM generate_series(1, length(asked) - 1) i)
            UNION SELECT w.* FROM registry_organisation w WHERE w.uscc = upper(asked) AND w.uscc <> ''
            UNION SELECT w.* FROM registry_organisation w WHERE w.number = asked AND w.number <> ''
        ) o WHERE {WANTED} AND {SEEN} ORDER BY o.id LIMIT most;
    ELSE
        RETURN QUERY SELECT o.id FROM registry_organisation o
        WHERE {WANTED} AND {SEEN} ORDER BY o.id LIMIT most;
    END IF;
END $$;
REVOKE ALL ON FUNCTION registry_directory({ASKED}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_directory({ASKED}) TO linli_app;
"""
# For guests: what kinds are open, or what was opened by hand; the public number only, no head and nobody's own phone.
PUBLIC = """
CREATE FUNCTION registry_public(kinds text[], first bigint, beyond bigint, asked text, most int)
RETURNS TABLE (id bigint, area bigint, kind text, name text, place text, phone text, serves text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT o.id, o.area_id, o.kind::text, o.name::text, o.place::text, o.public_phone::text,
        coalesce(o.more ->> 'services', o.more ->> 'purpose', '')
    FROM registry_organisation o
    WHERE o.area_id >= first AND o.area_id < beyond AND o.until IS NULL AND o.state = 'active'
    AND coalesce((o.more ->> 'open')::boolean, o.kind = ANY (kinds))
    AND (asked = '' OR strpos(o.name, asked) > 0)
    ORDER BY array_position(kinds, o.kind::text), o.id LIMIT most
$$;
REVOKE ALL ON FUNCTION registry_public(text[], bigint, bigint, text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_public(text[], bigint, bigint, text, int) TO linli_app;
"""


class Migration(migrations.Migration):
    """One table, three columns, two doors."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("places", "0002_rezoning"),
        ("registry", "0007_learn"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checklist", models.CharField(max_length=40)),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "met",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("on", models.DateField()),
            ],
        ),
        migrations.RemoveField(
            model_name="organisation",
            name="tokens",
        ),
        migrations.AddField(
            model_name="station",
            name="estate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stations",
                to="registry.estate",
            ),
        ),
        migrations.AddField(
            model_name="station",
            name="host",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="guests",
                to="registry.organisation",
            ),
        ),
        migrations.AddField(
            model_name="station",
            name="more",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AlterField(
            model_name="estate",
            name="kind",
            field=models.CharField(
                choices=[
                    ("commodity", "商品房小区"),
                    ("old", "老旧小区"),
                    ("resettlement", "农民集中安置区"),
                    ("unit", "单位宿舍"),
                    ("village", "自然村"),
                    ("group", "村民小组"),
                    ("courtyard", "院落"),
                    ("other", "其他"),
                ],
                default="other",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("uscc", ""), _negated=True),
                fields=["uscc"],
                name="organisation_uscc",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("number", ""), _negated=True),
                fields=["number"],
                name="organisation_number",
            ),
        ),
        migrations.AddIndex(
            model_name="station",
            index=models.Index(
                condition=models.Q(("host__isnull", False)), fields=["host"], name="station_host"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.area",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="holding",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="registry.holding",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="station",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="registry.station",
            ),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["area", "checklist", "year"], name="assessment_area"),
        ),
        Wall("registry_assessment", area="area_id"),
        migrations.RunSQL(
            "CREATE TRIGGER keep AFTER UPDATE OR DELETE ON registry_assessment"
            " FOR EACH ROW EXECUTE FUNCTION registry_keep()",
            "DROP TRIGGER keep ON registry_assessment",
        ),
        migrations.RunSQL(TOKENS, UNTOKENS),
        migrations.RunSQL(DIRECTORY, f"DROP FUNCTION registry_directory({ASKED})"),
        migrations.RunSQL(
            PUBLIC, "DROP FUNCTION registry_public(text[], bigint, bigint, text, int)"
        ),
    ]
