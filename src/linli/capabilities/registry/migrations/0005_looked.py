"""What a resident is told of looks at them: protected values shown in clear, lists taken out, with the reason."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

INDEX = """
CREATE INDEX fact_exported ON acts_fact USING gin ((data -> 'people') jsonb_path_ops)
    WHERE verb = 'registry.export'
"""
# Only of the account that asks: whoever signs in reads of themselves and of nobody else.
LOOKED = """
CREATE FUNCTION registry_looked()
RETURNS TABLE (at timestamptz, verb text, field text, who text, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH me AS (
        SELECT p.id FROM registry_person p
        WHERE p.account_id = nullif(current_setting('linli.account', true), '')::bigint
    ), looked AS (
        SELECT f.* FROM me JOIN acts_fact f ON f.subject_type = 'registry.person'
            AND f.subject_id = me.id AND f.verb = 'vault.reveal'
        UNION ALL
        SELECT f.* FROM me JOIN acts_fact f ON f.verb = 'registry.export'
            AND f.data -> 'people' @> to_jsonb(me.id)
    )
    SELECT l.at, l.verb::text, coalesce(l.data ->> 'field', ''),
        coalesce(u.name || ' ', '') || coalesce(a.name, ''), coalesce(w.body, '')
    FROM looked l LEFT JOIN access_account a ON a.id = l.actor
    LEFT JOIN access_unit u ON u.id = l.unit
    LEFT JOIN acts_words w ON w.fact_id = l.id AND w.name = 'reason'
    ORDER BY l.at DESC LIMIT 50
$$;
REVOKE ALL ON FUNCTION registry_looked() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_looked() TO linli_app;
"""


class Migration(migrations.Migration):
    """One narrow door for residents."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("registry", "0004_taken"),
        ("access", "0001_initial"),
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(INDEX, "DROP INDEX fact_exported"),
        migrations.RunSQL(LOOKED, "DROP FUNCTION registry_looked()"),
    ]
