"""Raise the walls around the registry, keep former values by trigger, and open two narrow doors through the walls."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Arm, Wall, is_account

LIVES = "EXISTS (SELECT 1 FROM registry_residence r WHERE r.{column} = {table}.{key})"
PERSON = " OR ".join(
    f"EXISTS (SELECT 1 FROM registry_{table} t WHERE t.person_id = registry_person.id)"
    for table in ("residence", "tie")
)
IN_SIGHT = "EXISTS (SELECT 1 FROM registry_person p WHERE p.id = {})"

# A row of a batch fact stands for inserts; what is changed or removed leaves its former values here.
KEEP = """
CREATE FUNCTION registry_keep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    now_ jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) ELSE '{}'::jsonb END;
    gone jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(key, value), '{}'::jsonb) INTO gone FROM jsonb_each(was)
    WHERE key NOT IN ('changed', 'tokens', 'pinyin') AND now_ -> key IS DISTINCT FROM value;
    IF TG_OP = 'DELETE' OR gone - 'sources' <> '{}'::jsonb THEN
        INSERT INTO registry_past ("table", "row", person, area, account, actor, operation, before)
        VALUES (TG_TABLE_NAME, OLD.id,
            CASE WHEN TG_TABLE_NAME = 'registry_person' THEN OLD.id
                 ELSE (was ->> 'person_id')::bigint END,
            (was ->> 'area_id')::bigint, (was ->> 'account_id')::bigint,
            nullif(current_setting('linli.account', true), '')::bigint, lower(TG_OP), gone);
    END IF;
    RETURN NULL;
END $$;
"""
KEPT = (
    *("person", "household", "residence", "tie", "bond", "mark", "home", "building", "estate"),
    *("facility", "organisation", "station", "holding"),
)
TRIGGERS = "".join(
    f"CREATE TRIGGER keep AFTER UPDATE OR DELETE ON registry_{table}"
    f" FOR EACH ROW EXECUTE FUNCTION registry_keep();\n"
    for table in KEPT
)
UNKEEP = "".join(f"DROP TRIGGER keep ON registry_{table};\n" for table in KEPT)

# The one question about people elsewhere: is this number known, and under this very name?
KNOWN = """
CREATE FUNCTION registry_known(kind text, indexes bytea[], wanted text)
RETURNS TABLE (id bigint, same boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT CASE WHEN p.name = wanted THEN p.id END, p.name = wanted FROM registry_person p
    WHERE p.document_index = ANY (indexes) AND p.document_kind = kind LIMIT 1
$$;
REVOKE ALL ON FUNCTION registry_known(text, bytea[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_known(text, bytea[], text) TO linli_app;
"""


class Migration(migrations.Migration):
    """Walls, arms, trigger, door."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("registry", "0001_initial"),
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        Wall("registry_residence", area="area_id", account="account_id"),
        Wall("registry_tie", area="area_id", account="account_id"),
        # A new person has no residence yet; without one nobody sees the row.
        Wall("registry_person", account="account_id", via=PERSON, insert="true"),
        Wall("registry_mark", area="area_id", account="account_id", sensitive="sensitive"),
        Wall("registry_consent", area="area_id", account="account_id"),
        Wall("registry_objection", area="area_id", account="account_id"),
        Wall(
            "registry_bond",
            area="area_id",
            via=LIVES.format(column="person_id", table="registry_bond", key="person_id"),
        ),
        Wall(
            "registry_household",
            area="area_id",
            via=LIVES.format(column="household_id", table="registry_household", key="id"),
        ),
        Wall(
            "registry_home",
            area="area_id",
            via=LIVES.format(column="home_id", table="registry_home", key="id"),
        ),
        Wall(
            "registry_building",
            area="area_id",
            via="EXISTS (SELECT 1 FROM registry_home h JOIN registry_residence r ON r.home_id = h.id"
            f" WHERE h.building_id = registry_building.id AND {is_account('r.account_id')})",
        ),
        Wall("registry_estate", area="area_id"),
        Wall("registry_facility", area="area_id"),
        Wall("registry_station", area="area_id"),
        Wall(
            "registry_organisation",
            area="area_id",
            via="EXISTS (SELECT 1 FROM registry_station s"
            " WHERE s.organisation_id = registry_organisation.id)",
        ),
        Wall("registry_holding", area="area_id"),
        Wall("registry_succession", area="area_id"),
        Wall("registry_batch", area="area_id"),
        Wall(
            "registry_batchrow",
            via="EXISTS (SELECT 1 FROM registry_batch b WHERE b.id = batch_id)",
        ),
        Wall("registry_conflict", area="area_id"),
        Wall(
            "registry_past",
            area="area",
            account="account",
            via=f"person IS NOT NULL AND {IN_SIGHT.format('person')}",
            append_only=True,
        ),
        # Whoever may not see a sensitive mark does not read of its former values either.
        Arm(
            "registry_past",
            "marks",
            "\"table\" <> 'registry_mark'"
            " OR EXISTS (SELECT 1 FROM registry_mark m WHERE m.id = \"row\")",
            narrows=True,
        ),
        Arm(
            "acts_fact",
            "registry",
            f"subject_type = 'registry.person' AND {IN_SIGHT.format('subject_id')}",
        ),
        Arm(
            "acts_fact",
            "registry_marks",
            "subject_type <> 'registry.mark'"
            " OR EXISTS (SELECT 1 FROM registry_mark m WHERE m.id = subject_id)",
            narrows=True,
        ),
        Arm(
            "files_file",
            "registry",
            f"owner_type = 'registry.person' AND {IN_SIGHT.format('owner_id')}",
        ),
        migrations.RunSQL(KEEP, "DROP FUNCTION registry_keep()"),
        migrations.RunSQL(TRIGGERS, UNKEEP),
        migrations.RunSQL(KNOWN, "DROP FUNCTION registry_known(text, bytea[], text)"),
    ]
