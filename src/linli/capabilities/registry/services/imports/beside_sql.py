"""The statements by which `besides` joins the registry; only the first reads the tables of `merging`."""

from __future__ import annotations

TABLE = """
CREATE TEMP TABLE IF NOT EXISTS beside (
    line int, what text, code text, name text, pinyin text, document bytea, document_index bytea,
    document_kind text, born date, sex text, phone bytea, phone_index bytea, words text, purpose text,
    since date, until date, months int, sensitive boolean, more jsonb
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS told (
    line int, what text, code text, name text, pinyin text, document bytea, document_index bytea,
    document_kind text, born date, sex text, phone bytea, phone_index bytea, words text, purpose text,
    since date, until date, months int, sensitive boolean, more jsonb,
    person bigint, account bigint, area bigint, home bigint, household bigint, kind text, began date,
    other bigint, fresh boolean, building bigint
) ON COMMIT DELETE ROWS;
TRUNCATE beside, told
"""
# Who and where each line is, as `merging` found out; a person without a place in the row lies where they live.
TOLD = """
TRUNCATE told;
INSERT INTO told
SELECT b.*, w.person, a.account_id, coalesce(p.area, a.area_id), p.home, f.household, i.kind, i.since, NULL, false, p.building
FROM beside b JOIN who w ON w.line = b.line JOIN incoming i ON i.line = b.line
LEFT JOIN placed p ON p.door = w.door
LEFT JOIN family f ON f.house = w.house
LEFT JOIN LATERAL (
    SELECT r.area_id, r.account_id FROM registry_residence r WHERE r.person_id = w.person
    ORDER BY r.until NULLS FIRST, r.id LIMIT 1
) a ON true
WHERE b.line <> ALL (%(refused)s)
"""
KINDS = "SELECT what, count(*) FROM told WHERE area IS NOT NULL GROUP BY what"


def _said(value: str) -> str:
    """What this source weighs for a value."""
    return f"coalesce((%(ranks)s::jsonb -> %(source)s ->> '{value}')::int, %(rank)s)"


def _held(sources: str, value: str) -> str:
    """What whoever says the held value weighs for it, and the day they speak of."""
    return f"""LEFT JOIN LATERAL (
    SELECT s.id, s.as_of, coalesce((%(ranks)s::jsonb -> s.source ->> '{value}')::int,
        (%(ranks)s::jsonb -> s.source ->> '*')::int, s.rank) AS rank
    FROM registry_said(ARRAY[coalesce({sources} ->> '{value}', {sources} ->> '*')::bigint]) s
) h ON true"""


def _holds(value: str) -> str:
    """Whether this source's word holds against the held one: stronger, or as strong and not older."""
    here = _said(value)
    return f"(h.id IS NULL OR {here} < h.rank OR ({here} = h.rank AND %(day)s::date >= h.as_of))"


_ONE = (
    "SELECT DISTINCT ON (person, code) * FROM told WHERE what = 'mark' ORDER BY person, code, line"
)
_SINCE = "coalesce(t.since, %(day)s::date)"
_UNTIL = f"coalesce(t.until, ({_SINCE} + make_interval(months => t.months))::date)"
# A tag in force is renewed, or ended where the row says so; its further values follow.
MARKS_KNOWN = f"""
UPDATE registry_mark m SET until = n.until, more = m.more || n.more,
    sources = m.sources || jsonb_build_object('*', %(batch)s::bigint)
FROM (
    SELECT k.id, t.more, CASE WHEN t.until IS NOT NULL THEN greatest(t.until, k.since)
        WHEN k.until IS NULL OR %(day)s::date <= coalesce(h.as_of, '0001-01-01') THEN k.until
        ELSE greatest(k.until, (%(day)s::date + make_interval(months => t.months))::date) END AS until
    FROM ({_ONE}) t
    JOIN registry_mark k ON k.person_id = t.person AND k.code = t.code
        AND (k.until IS NULL OR k.until > {_SINCE})
    {_held("k.sources", "tag")}
    WHERE {_holds("tag")}
) n
WHERE m.id = n.id AND (m.until IS DISTINCT FROM n.until OR NOT m.more @> n.more)
"""
MARKS = f"""
INSERT INTO registry_mark (person_id, account_id, area_id, code, sensitive, basis, purpose, more, sources, since, until)
SELECT t.person, t.account, t.area, t.code, t.sensitive, t.words, t.purpose, t.more,
    jsonb_build_object('*', %(batch)s::bigint), {_SINCE}, greatest({_UNTIL}, {_SINCE})
FROM ({_ONE}) t
WHERE NOT EXISTS (SELECT FROM registry_mark k WHERE k.person_id = t.person AND k.code = t.code
    AND (k.until IS NULL OR k.until > {_SINCE} OR k.since = {_SINCE}
        OR (t.until IS NOT NULL AND k.until = t.until)))
"""

# To whom: whoever has the number, else the one grown person of that name behind the same door.
_OTHER = """
    SELECT t.line, t.code, coalesce(
        (SELECT p.id FROM registry_person p WHERE p.document_index = t.document_index LIMIT 1),
        (SELECT min(r.person_id) FROM registry_residence r JOIN registry_person p ON p.id = r.person_id
            WHERE r.home_id = t.home AND r.until IS NULL AND p.name = t.name AND r.person_id <> t.person
                AND coalesce(p.born, '1900-01-01') <= %(day)s::date - interval '18 years'
            HAVING count(DISTINCT r.person_id) = 1)) AS other
    FROM told t WHERE t.what = 'bond'
"""
_SAME_BOND = """b.person_id = t.person AND b.kind = t.code AND b.until IS NULL
    AND (b.other_id = o.other OR b.other_name = t.name
        OR b.other_id IN (SELECT p.id FROM registry_person p WHERE p.id = b.other_id AND p.name = t.name))"""
BONDS_KNOWN = f"""
UPDATE registry_bond b SET other_phone = coalesce(b.other_phone, t.phone), until = t.until,
    sources = b.sources || jsonb_build_object('*', %(batch)s::bigint)
FROM told t JOIN ({_OTHER}) o ON o.line = t.line AND o.code = t.code
WHERE t.what = 'bond' AND {_SAME_BOND}
    AND ((b.other_phone IS NULL AND t.phone IS NOT NULL) OR t.until IS NOT NULL)
"""
BONDS = f"""
INSERT INTO registry_bond (area_id, person_id, other_id, other_name, other_phone, kind, since, until, sources)
SELECT DISTINCT ON (t.person, t.code, t.name) t.area, t.person, o.other,
    CASE WHEN o.other IS NULL THEN t.name ELSE '' END, CASE WHEN o.other IS NULL THEN t.phone END,
    t.code, t.since, t.until, jsonb_build_object('*', %(batch)s::bigint)
FROM told t JOIN ({_OTHER}) o ON o.line = t.line AND o.code = t.code
WHERE t.what = 'bond' AND o.other IS DISTINCT FROM t.person
    AND NOT EXISTS (SELECT FROM registry_bond b WHERE {_SAME_BOND})
    AND NOT EXISTS (SELECT FROM registry_bond b WHERE b.person_id = t.person AND b.kind = t.code
        AND b.until = t.until AND (b.other_id = o.other OR b.other_name = t.name))
ORDER BY t.person, t.code, t.name, t.line
"""

_TIE = "k.person_id = t.person AND k.kind = t.code AND k.home_id IS NOT DISTINCT FROM t.home"
TIES_ENDED = f"""
UPDATE registry_tie k SET until = greatest(t.until, k.since),
    sources = k.sources || jsonb_build_object('until', %(batch)s::bigint)
FROM told t WHERE t.what = 'tie' AND t.until IS NOT NULL AND k.until IS NULL AND {_TIE}
"""
TIES = f"""
INSERT INTO registry_tie (person_id, account_id, area_id, home_id, kind, since, until, sources)
SELECT DISTINCT ON (t.person, t.code, t.home) t.person, t.account, t.area, t.home, t.code, t.since, t.until,
    jsonb_build_object('*', %(batch)s::bigint)
FROM told t WHERE t.what = 'tie' AND NOT EXISTS (SELECT FROM registry_tie k WHERE {_TIE}
    AND (k.until IS NULL OR k.until = t.until))
ORDER BY t.person, t.code, t.home, t.line
"""

OWNERS_LEFT_EARLY = "SELECT line, 'tie.nowhere' FROM told WHERE what = 'owner' AND home IS NULL"
OWNERS_BY_NUMBER = """
UPDATE told t SET other = p.id FROM registry_person p
WHERE t.what = 'owner' AND t.document_index IS NOT NULL AND p.document_index = t.document_index
"""
OWNERS_BY_NAME = """
UPDATE told t SET other = (
    SELECT min(p.id) FROM registry_person p
    WHERE p.name = t.name AND (p.phone_index = t.phone_index
        OR p.id IN (SELECT k.person_id FROM registry_tie k WHERE k.home_id = t.home AND k.until IS NULL)
        OR p.id IN (SELECT r.person_id FROM registry_residence r WHERE r.home_id = t.home AND r.until IS NULL))
    HAVING count(DISTINCT p.id) = 1)
WHERE t.what = 'owner' AND t.other IS NULL AND t.document_index IS NULL
"""
OWNERS_NEW = """
WITH n AS MATERIALIZED (
    SELECT d.document_index, nextval('registry_person_id_seq') AS person FROM (
        SELECT DISTINCT document_index FROM told
        WHERE what = 'owner' AND other IS NULL AND home IS NOT NULL AND document_index IS NOT NULL
    ) d
    WHERE NOT EXISTS (SELECT FROM registry_taken(ARRAY[d.document_index]))
)
UPDATE told t SET other = n.person, fresh = true FROM n
WHERE t.what = 'owner' AND t.other IS NULL AND t.document_index = n.document_index
"""
OWNERS = """
INSERT INTO registry_person (id, name, pinyin, former_name, sex, born, document_kind, document, document_index,
    phone, phone_index, ethnic, native_place, marital, education, political, employment, workplace, more, sources)
SELECT DISTINCT ON (t.other) t.other, t.name, t.pinyin, '', coalesce(t.sex, ''), t.born, t.document_kind, t.document,
    t.document_index, t.phone, t.phone_index, '', '', '', '', '', '', '', '{}'::jsonb,
    jsonb_build_object('*', %(batch)s::bigint)
FROM told t WHERE t.what = 'owner' AND t.fresh ORDER BY t.other, t.line
"""
OWNER_TIES = """
INSERT INTO registry_tie (person_id, area_id, home_id, kind, since, until, sources)
SELECT DISTINCT ON (t.other, t.home) t.other, t.area, t.home, 'owner', NULL, NULL,
    jsonb_build_object('*', %(batch)s::bigint)
FROM told t WHERE t.what = 'owner' AND t.other IS NOT NULL AND t.home IS NOT NULL
    AND NOT EXISTS (SELECT FROM registry_tie k WHERE k.person_id = t.other AND k.home_id = t.home
        AND k.kind IN ('owner', 'coowner') AND k.until IS NULL)
ORDER BY t.other, t.home, t.line
"""
OWNERS_LEFT = """
SELECT line, CASE WHEN document_index IS NULL THEN 'tie.who' ELSE 'tie.elsewhere' END
FROM told WHERE what = 'owner' AND other IS NULL AND home IS NOT NULL
"""

HOUSEHOLD_KINDS = f"""
UPDATE registry_household y SET kind = n.code,
    sources = y.sources || jsonb_build_object('household_kind', %(batch)s::bigint)
FROM (
    SELECT DISTINCT ON (t.household) t.household, t.code FROM told t
    JOIN registry_household k ON k.id = t.household
    {_held("k.sources", "household_kind")}
    WHERE t.what = 'household' AND t.code <> '' AND k.kind <> t.code
        AND (h.id = %(batch)s OR {_holds("household_kind")})
    ORDER BY t.household, t.line
) n WHERE y.id = n.household AND y.kind <> n.code
"""
HEADS = """
UPDATE registry_household y SET head_id = n.person,
    sources = y.sources || jsonb_build_object('head', %(batch)s::bigint)
FROM (
    SELECT t.household, min(p.id) AS person FROM told t
    JOIN registry_residence r ON r.household_id = t.household AND r.until IS NULL
    JOIN registry_person p ON p.id = r.person_id
        AND (p.document_index = t.document_index OR (t.document_index IS NULL AND p.name = t.name))
    WHERE t.what = 'household' GROUP BY t.household HAVING count(DISTINCT p.id) = 1
) n WHERE y.id = n.household AND y.head_id IS NULL
"""
HOME_VALUES = f"""
UPDATE registry_home o SET use = coalesce(n.more ->> 'use', o.use),
    floor = coalesce((n.more ->> 'floor')::smallint, o.floor), size = coalesce((n.more ->> 'size')::numeric, o.size),
    sources = o.sources || n.said
FROM (
    SELECT DISTINCT ON (t.home) t.home, t.more,
        (SELECT jsonb_object_agg(key, %(batch)s::bigint) FROM jsonb_object_keys(t.more) key) AS said
    FROM told t JOIN registry_home k ON k.id = t.home
    {_held("k.sources", "use")}
    WHERE t.what = 'home' AND (h.id = %(batch)s OR {_holds("use")}) ORDER BY t.home, t.line
) n WHERE o.id = n.home AND (o.use IS DISTINCT FROM coalesce(n.more ->> 'use', o.use)
    OR o.floor IS DISTINCT FROM coalesce((n.more ->> 'floor')::smallint, o.floor)
    OR o.size IS DISTINCT FROM coalesce((n.more ->> 'size')::numeric, o.size))
"""


def _of_place(table: str, stands: str, columns: str, value: str) -> str:
    """Values of buildings and estates, by the same precedence as those of homes."""
    names = [pair.split()[0] for pair in columns.split(", ")]
    told = {
        pair.split()[0]: f"(n.more ->> '{pair.split()[0]}')::{pair.split()[1]}"
        for pair in columns.split(", ")
    }
    new = {name: f"coalesce({told[name]}, o.{name})" for name in names}
    return f"""
UPDATE {table} o SET {", ".join(f"{name} = {new[name]}" for name in names)}, sources = o.sources || n.said
FROM (
    SELECT DISTINCT ON (k.id) k.id, t.more,
        (SELECT jsonb_object_agg(key, %(batch)s::bigint) FROM jsonb_object_keys(t.more) key) AS said
    FROM told t JOIN registry_building b ON b.id = t.building JOIN {table} k ON k.id = {stands}
    {_held("k.sources", value)}
    WHERE t.what = '{value}' AND (h.id = %(batch)s OR {_holds(value)}) ORDER BY k.id, t.line
) n WHERE o.id = n.id AND ({" OR ".join(f"o.{name} IS DISTINCT FROM {new[name]}" for name in names)})
"""


BUILDING_VALUES = _of_place(
    "registry_building", "b.id", "kind text, floors smallint, units smallint", "building"
)
ESTATE_VALUES = _of_place("registry_estate", "b.estate_id", "kind text, built smallint", "estate")

# Which open residence of the person a row ends: of the kind it says, behind the door it says.
_OPEN = f"""
    SELECT DISTINCT ON (r.id) r.id, t.line, t.area, t.until, t.code, r.until AS held, h.id AS held_batch,
        (h.id = %(batch)s OR {_holds("until")}) AS holds
    FROM told t JOIN registry_residence r ON r.person_id = t.person AND r.until IS NULL
        AND (t.kind IS NULL OR r.kind = t.kind)
        AND (t.home IS NULL OR r.home_id IS NULL OR r.home_id = t.home)
        AND (r.since IS NULL OR r.since <= t.until)
    {_held("r.sources", "until")}
    WHERE t.what = 'end' ORDER BY r.id, t.line
"""
ENDS = f"""
UPDATE registry_residence r SET until = n.until, ending = coalesce(nullif(n.code, ''), 'moved'),
    sources = r.sources || jsonb_build_object('until', %(batch)s::bigint)
FROM ({_OPEN}) n WHERE r.id = n.id AND n.holds
"""
ENDS_ASKED = f"""
SELECT n.area, 'residence', n.id, 'until', NULL, n.held_batch, n.until::text, n.line FROM ({_OPEN}) n WHERE NOT n.holds
"""
# Somebody known, of whom only this row says that they once lived there.
ENDED_BEFORE = """
INSERT INTO registry_residence (person_id, account_id, area_id, home_id, household_id, kind, lives, relation, since,
    until, ending, sources)
SELECT DISTINCT ON (t.person, coalesce(t.kind, 'permanent')) t.person, t.account, t.area, t.home, t.household,
    coalesce(t.kind, 'permanent'), true, '', t.began, t.until, coalesce(nullif(t.code, ''), 'moved'),
    jsonb_build_object('*', %(batch)s::bigint)
FROM told t WHERE t.what = 'end' AND t.home IS NOT NULL AND (t.began IS NULL OR t.began <= t.until)
    AND NOT EXISTS (SELECT FROM registry_residence r WHERE r.person_id = t.person
        AND (r.home_id = t.home OR r.home_id IS NULL) AND (r.until IS NULL OR r.until >= t.until
            OR r.kind = coalesce(t.kind, 'permanent')))
ORDER BY t.person, coalesce(t.kind, 'permanent'), t.line
"""

_DEAD = """(SELECT DISTINCT w.person, p.died FROM who w JOIN incoming i ON i.line = w.line
    JOIN registry_person p ON p.id = w.person WHERE i.died IS NOT NULL AND p.died = i.died) d"""
DEATHS = f"""
UPDATE registry_residence r SET until = greatest(d.died, r.since), ending = 'died',
    sources = r.sources || jsonb_build_object('until', %(batch)s::bigint)
FROM {_DEAD} WHERE r.person_id = d.person AND r.until IS NULL
"""
_SOURCE = "sources = x.sources || jsonb_build_object('until', %(batch)s::bigint)"
AFTER_DEATH = (
    f"""UPDATE registry_mark x SET until = greatest(d.died, x.since), {_SOURCE}
    FROM {_DEAD} WHERE x.person_id = d.person AND (x.until IS NULL OR x.until > greatest(d.died, x.since))""",
    f"""UPDATE registry_tie x SET until = greatest(d.died, x.since), {_SOURCE}
    FROM {_DEAD} WHERE x.person_id = d.person AND x.until IS NULL AND x.kind <> 'owner'""",
    f"""UPDATE registry_bond x SET until = greatest(d.died, x.since), {_SOURCE}
    FROM {_DEAD} WHERE (x.person_id = d.person OR x.other_id = d.person) AND x.until IS NULL""",
    f"""UPDATE registry_consent x SET withdrawn = %(now)s
    FROM {_DEAD} WHERE x.person_id = d.person AND x.withdrawn IS NULL""",
)
