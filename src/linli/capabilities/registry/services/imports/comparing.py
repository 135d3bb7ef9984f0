"""The statements that compare what rows say of people with what is held of them, and take over what holds."""

from __future__ import annotations

from linli.capabilities.registry.services.imports.statements import DAYS, PLAIN

_PAIRS = ", ".join(
    [
        *(f"('{name}', i.{name}, nullif(w.{name}, ''))" for name in PLAIN),
        *(f"('{name}', i.{name}::text, w.{name}::text)" for name in DAYS),
        "('phone', encode(i.phone_index, 'hex'), encode(w.phone_index, 'hex'))",
    ]
)
_ANY = " OR ".join(
    [
        *(f"i.{name} <> w.{name}" for name in PLAIN),
        *(f"(i.{name} IS NOT NULL AND i.{name} IS DISTINCT FROM w.{name})" for name in DAYS),
        "(i.phone_index IS NOT NULL AND i.phone_index IS DISTINCT FROM w.phone_index)",
        "(i.more IS NOT NULL AND NOT w.more @> i.more)",
    ]
)
# What a source weighs for a value: the pack's rank for the element, the pack's by and large, its own (values.ranks).
_HELD = "coalesce((%(ranks)s::jsonb -> s.source ->> d.field)::int, (%(ranks)s::jsonb -> s.source ->> '*')::int, s.rank, 90)"
_NEW = "coalesce((%(ranks)s::jsonb -> %(source)s ->> d.field)::int, %(rank)s)"
# The rules of precedence (rules.precedence.verdict), for sets. What is held from the same file (this batch or an
# earlier one of it) was said by another line of it. A row linked without an ID fills what is empty and never contradicts a document.
DIFFERENCES = f"""
INSERT INTO differing
WITH d AS MATERIALIZED (
    SELECT i.line, w.person, v.field, v.offered, v.held, w.linked,
        coalesce(w.sources ->> v.field, w.sources ->> '*')::bigint AS held_batch,
        v.field IN ('name', 'sex', 'born') AND i.document_index IS NOT NULL AS backed
    FROM incoming i JOIN who w ON w.line = i.line
    CROSS JOIN LATERAL (
        SELECT * FROM (VALUES {_PAIRS}) AS plain(field, offered, held)
        UNION ALL SELECT 'more:' || key, value::text, (w.more -> key)::text FROM jsonb_each(i.more)
    ) AS v(field, offered, held)
    WHERE NOT w.new AND ({_ANY}) AND v.offered IS NOT NULL AND v.offered <> ''
        AND v.offered IS DISTINCT FROM v.held
)
SELECT d.line, d.person, d.field, d.offered, d.held, d.held_batch,
    CASE
        WHEN d.held IS NULL THEN 'take'
        WHEN d.held_batch = ANY (%(same)s) THEN CASE WHEN d.linked THEN 'keep' ELSE 'repeated' END
        WHEN d.linked AND d.backed THEN 'keep'
        WHEN {_NEW} < {_HELD} THEN 'take'
        WHEN {_NEW} > {_HELD} THEN CASE WHEN d.backed THEN 'conflict' ELSE 'keep' END
        WHEN %(day)s::date > coalesce(s.as_of, '0001-01-01') THEN 'take'
        WHEN %(day)s::date = s.as_of THEN 'conflict'
        ELSE 'keep'
    END
FROM d LEFT JOIN registry_said(ARRAY(SELECT DISTINCT held_batch FROM d WHERE held_batch IS NOT NULL)) s
    ON s.id = d.held_batch
"""
VERDICTS = "SELECT verdict, count(*) FROM differing GROUP BY verdict"
REPEATED = "SELECT DISTINCT line FROM differing WHERE verdict = 'repeated'"
TAKE = (
    """
UPDATE registry_person p SET
"""
    + "".join(
        f"    {name} = CASE WHEN t.taken ? '{name}' THEN t.taken ->> '{name}' ELSE p.{name} END,\n"
        for name in PLAIN
    )
    + "".join(
        f"    {name} = CASE WHEN t.taken ? '{name}' THEN (t.taken ->> '{name}')::date ELSE p.{name} END,\n"
        for name in DAYS
    )
    + """    pinyin = CASE WHEN t.taken ? 'name' THEN coalesce(i.pinyin, p.pinyin) ELSE p.pinyin END,
    phone = CASE WHEN t.taken ? 'phone' THEN i.phone ELSE p.phone END,
    phone_index = CASE WHEN t.taken ? 'phone' THEN i.phone_index ELSE p.phone_index END,
    more = p.more || t.more,
    sources = p.sources || t.sources,
    changed = now()
FROM (
    SELECT person, min(line) AS line,
        coalesce(jsonb_object_agg(field, offered) FILTER (WHERE field NOT LIKE 'more:%%'), '{}'::jsonb) AS taken,
        coalesce(jsonb_object_agg(substr(field, 6), offered::jsonb) FILTER (WHERE field LIKE 'more:%%'),
            '{}'::jsonb) AS more,
        jsonb_object_agg(field, %(batch)s::bigint) AS sources
    FROM (SELECT DISTINCT ON (person, field) person, field, line, offered
        FROM differing WHERE verdict = 'take' ORDER BY person, field, line) one
    GROUP BY person
) t JOIN incoming i ON i.line = t.line
WHERE p.id = t.person
"""
)
CONFLICTS = """
SELECT coalesce(p.area, (SELECT r.area_id FROM registry_residence r
        WHERE r.person_id = d.person ORDER BY r.until NULLS FIRST, r.id LIMIT 1), %(area)s),
    'person', d.person, d.field,
    CASE WHEN d.field = 'phone' THEN encode(w.phone, 'hex') ELSE d.held END, d.held_batch,
    CASE WHEN d.field = 'phone' THEN encode(i.phone, 'hex') ELSE d.offered END, d.line
FROM differing d JOIN incoming i ON i.line = d.line JOIN who w ON w.line = d.line
LEFT JOIN placed p ON p.door = w.door
WHERE d.verdict = 'conflict' ORDER BY d.line, d.field
"""
