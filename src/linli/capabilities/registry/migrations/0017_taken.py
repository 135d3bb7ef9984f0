"""A resident is told of every taking that held them, whichever room took the rows out."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

INDEX = """
CREATE INDEX fact_taken ON acts_fact USING gin ((data -> 'taken') jsonb_path_ops)
    WHERE data ? 'taken'
"""


def _looked(taken: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION registry_looked()
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
            AND f.data -> 'people' @> to_jsonb(me.id){taken}
    )
    SELECT l.at, l.verb::text, coalesce(l.data ->> 'field', ''),
        coalesce(u.name || ' ', '') || coalesce(a.name, ''), coalesce(w.body, '')
    FROM looked l LEFT JOIN access_account a ON a.id = l.actor
    LEFT JOIN access_unit u ON u.id = l.unit
    LEFT JOIN acts_words w ON w.fact_id = l.id AND w.name = 'reason'
    ORDER BY l.at DESC LIMIT 50
$$;
"""


TAKEN = """
        UNION ALL
        SELECT f.* FROM me JOIN acts_fact f ON f.data ? 'taken'
            AND f.data -> 'taken' @> to_jsonb(me.id)"""


class Migration(migrations.Migration):
    """One more way in which somebody's record leaves the house."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0016_forget_dead")]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(INDEX, "DROP INDEX fact_taken"),
        migrations.RunSQL(_looked(TAKEN), _looked("")),
    ]
