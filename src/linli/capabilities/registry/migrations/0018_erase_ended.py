"""What ended longer ago than the pack keeps it is erased, with what was kept of it before."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# It shows nothing, and touches nothing that is in force or ended within a month.
ERASE = """
CREATE FUNCTION registry_erase_ended(what text, before_day date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    gone bigint[];
    done bigint;
BEGIN
    IF nullif(current_setting('linli.account', true), '') IS NULL
        OR before_day > current_date - interval '1 month' THEN
        RETURN 0;
    END IF;
    IF what IN ('tag', 'sensitive_tag') THEN
        WITH ended AS (DELETE FROM registry_mark
            WHERE until < before_day AND sensitive = (what = 'sensitive_tag') RETURNING id)
        SELECT array_agg(id) INTO gone FROM ended;
        DELETE FROM registry_past WHERE "table" = 'registry_mark' AND "row" = ANY (gone);
        RETURN coalesce(array_length(gone, 1), 0);
    ELSIF what = 'consent' THEN
        WITH ended AS (DELETE FROM registry_consent WHERE withdrawn < before_day RETURNING id)
        SELECT array_agg(id) INTO gone FROM ended;
        DELETE FROM registry_past WHERE "table" = 'registry_consent' AND "row" = ANY (gone);
        RETURN coalesce(array_length(gone, 1), 0);
    ELSIF what = 'objection' THEN
        UPDATE registry_objection SET words = '', wish = NULL, answer = ''
        WHERE decided < before_day AND (words <> '' OR wish IS NOT NULL OR answer <> '');
    ELSIF what = 'batch_row' THEN
        DELETE FROM registry_batchrow r USING registry_batch b
        WHERE b.id = r.batch_id AND b.finished < before_day AND r.values IS NOT NULL;
    ELSE
        RETURN 0;
    END IF;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION registry_erase_ended(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_erase_ended(text, date) TO linli_app;
"""


class Migration(migrations.Migration):
    """One narrow door."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0017_taken")]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(ERASE, "DROP FUNCTION registry_erase_ended(text, date)"),
    ]
