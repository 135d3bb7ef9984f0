"""What one deed changed belongs together; consents keep their past; a guardian's account is told whom it guards;
whoever has left stands in an index of their own."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

KEEP = """
CREATE OR REPLACE FUNCTION registry_keep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    now_ jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) ELSE '{}'::jsonb END;
    gone jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(key, value), '{}'::jsonb) INTO gone FROM jsonb_each(was)
    WHERE key NOT IN ('changed', 'tokens', 'pinyin') AND now_ -> key IS DISTINCT FROM value;
    IF TG_OP = 'DELETE' OR gone - 'sources' <> '{}'::jsonb THEN
        INSERT INTO registry_past
            ("table", "row", person, area, account, actor, operation, before, deed)
        VALUES (TG_TABLE_NAME, OLD.id,
            CASE WHEN TG_TABLE_NAME = 'registry_person' THEN OLD.id
                 ELSE (was ->> 'person_id')::bigint END,
            (was ->> 'area_id')::bigint, (was ->> 'account_id')::bigint,
            nullif(current_setting('linli.account', true), '')::bigint, lower(TG_OP), gone,
            nullif(current_setting('linli.deed', true), '')::uuid);
    END IF;
    RETURN NULL;
END $$;
"""
CONSENTS = """
CREATE TRIGGER keep AFTER UPDATE OR DELETE ON registry_consent
FOR EACH ROW EXECUTE FUNCTION registry_keep();
"""
# Only of the account that asks: children born after a day whose guardian it is.
WARDS = """
CREATE FUNCTION registry_wards(after date) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.person_id FROM registry_person g
    JOIN registry_bond b ON b.other_id = g.id AND b.kind = 'guardian' AND b.until IS NULL
    JOIN registry_person c ON c.id = b.person_id AND c.born > after AND c.died IS NULL
    WHERE g.account_id = nullif(current_setting('linli.account', true), '')::bigint
    ORDER BY c.born, c.id
$$;
REVOKE ALL ON FUNCTION registry_wards(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_wards(date) TO linli_app;
"""


class Migration(migrations.Migration):
    """One column, two indexes, the trigger, one narrow door."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0009_departments")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name="past",
            name="deed",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="past",
            index=models.Index(
                fields=["deed"], name="past_deed", condition=models.Q(deed__isnull=False)
            ),
        ),
        # Few have left: without an index of their own, the first page of them reads everybody of a city (187 ms).
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(
                fields=["area", "person"],
                name="residence_left",
                condition=models.Q(until__isnull=False),
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(CONSENTS, "DROP TRIGGER keep ON registry_consent"),
        migrations.RunSQL(WARDS, "DROP FUNCTION registry_wards(date)"),
    ]
