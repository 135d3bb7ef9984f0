"""What hangs on a matter, asked at once. Each of its tables has a wall that asks for the matter again, and the walls of
facts and files name every room: starting that plan took 0.7–1.4 ms of every page. One narrow function asks for the
matter once, under the scope, and hands out what is seen with it."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Wall

SCOPE = Wall(
    "matters_matter",
    area="area_id",
    account="reporter_id",
    unit=("unit_id", "offered_unit_id"),
    key="visitor",
    sensitive="restricted",
).condition()
MAKE = f"""
CREATE FUNCTION matters_around(wanted bigint)
RETURNS TABLE (messages json, files json, extensions json, told json)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public ROWS 1 AS $$
BEGIN
    RETURN QUERY SELECT
      (SELECT coalesce(json_agg(json_build_object('side', m.side, 'body', m.body, 'at', m.at,
         'who', a.name, 'kind', a.kind) ORDER BY m.id), '[]')
       FROM matters_message m LEFT JOIN access_account a ON a.id = m.account_id WHERE m.matter_id = wanted),
      (SELECT coalesce(json_agg(json_build_object('round', e.round, 'use', e.use, 'file', f.id,
         'name', f.name, 'type', f.media_type, 'at', e.at) ORDER BY e.id), '[]')
       FROM matters_evidence e JOIN files_file f ON f.id = e.file_id WHERE e.matter_id = wanted),
      (SELECT coalesce(json_agg(json_build_object('id', x.id, 'amount', x.amount, 'measure', x.measure,
         'reason', x.reason, 'asked', x.asked, 'granted', x.granted, 'decided', x.decided,
         'words', x.words, 'asked_by', x.asked_by_id) ORDER BY x.id), '[]')
       FROM matters_extension x WHERE x.matter_id = wanted),
      (SELECT coalesce(json_agg(json_build_array(f.id, f.at, f.verb, f.actor, f.unit, f.data, f.channel,
         a.name, a.kind, (SELECT json_object_agg(w.name, w.body) FROM acts_words w WHERE w.fact_id = f.id)
         ) ORDER BY f.id), '[]')
       FROM acts_fact f LEFT JOIN access_account a ON a.id = f.actor
       WHERE f.subject_type = 'matters.matter' AND f.subject_id = wanted)
    FROM matters_matter WHERE id = wanted AND ({SCOPE});
END
$$;
REVOKE ALL ON FUNCTION matters_around(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matters_around(bigint) TO linli_app;
"""


class Migration(migrations.Migration):
    """The function."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("matters", "0009_export_moves"),
        ("files", "0001_initial"),
        ("acts", "0002_wall"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(MAKE, "DROP FUNCTION matters_around(bigint)")
    ]
