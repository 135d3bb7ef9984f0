"""The numbers of whoever died long ago are erased, with what was kept of them before, where the pack says so."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# It shows nobody, erases nothing of the living and nothing of whoever died within a year.
FORGET = """
CREATE FUNCTION registry_forget_dead(before_day date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    gone bigint[];
BEGIN
    IF nullif(current_setting('linli.account', true), '') IS NULL
        OR before_day > current_date - interval '1 year' THEN
        RETURN 0;
    END IF;
    SELECT array_agg(id) INTO gone FROM registry_person
    WHERE died < before_day AND (document IS NOT NULL OR phone IS NOT NULL);
    UPDATE registry_person SET document = NULL, document_index = NULL, phone = NULL, phone_index = NULL
    WHERE id = ANY (gone);
    UPDATE registry_past p SET before = p.before - '{document,document_index,phone,phone_index}'::text[]
    WHERE p."table" = 'registry_person' AND p.person = ANY (gone);
    RETURN coalesce(array_length(gone, 1), 0);
END $$;
REVOKE ALL ON FUNCTION registry_forget_dead(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_forget_dead(date) TO linli_app;
"""


class Migration(migrations.Migration):
    """One narrow door."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0015_holding_sources")]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(FORGET, "DROP FUNCTION registry_forget_dead(date)"),
    ]
