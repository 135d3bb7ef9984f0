"""The statements by which a slice in `incoming` joins the registry; each is one set, none names a value."""

from __future__ import annotations

LOCKS = 7_116_010  # the advisory locks of imports; one part of the city each
COMMUNITY = f"~({2**28 - 1}::bigint)"

# Matching and reading of whom the registry knows is one pass, because each row behind the wall costs a look.
PLAIN = (
    *("name", "former_name", "sex", "ethnic", "native_place", "marital", "education"),
    *("political", "employment", "workplace"),
)
DAYS = ("born", "died")

PEOPLE = (
    "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'registry_person'::regclass"
)
KNOWN_TABLE = f"""
CREATE TEMP TABLE IF NOT EXISTS known (
    line int, person bigint, {", ".join(f"{name} text" for name in PLAIN)}, born date, died date,
    phone bytea, phone_index bytea, more jsonb, sources jsonb
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS differing (
    line int, person bigint, field text, offered text, held text, held_batch bigint, verdict text
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS staying (
    line int, person bigint, residence bigint, was bigint, held_batch bigint, verdict text
) ON COMMIT DELETE ROWS;
TRUNCATE known, differing, staying
"""
MATCH = """
UPDATE incoming i SET person = p.id FROM registry_person p
WHERE i.person IS NULL AND i.document_index IS NOT NULL
    AND p.document_index = i.document_index AND p.document_kind = i.document_kind
"""
# Filled anew and never asked of itself: a table that grows while it is read is walked for every row.
KNOWN = f"""
TRUNCATE known;
INSERT INTO known
SELECT i.line, p.id, {", ".join(f"p.{name}" for name in PLAIN)}, p.born, p.died, p.phone, p.phone_index,
    p.more, p.sources
FROM incoming i JOIN registry_person p ON p.id = i.person
WHERE i.new IS NOT TRUE
"""
DEAD = """
DELETE FROM incoming i USING known k
WHERE k.line = i.line AND k.died IS NOT NULL AND i.died IS NULL AND i.linked IS NOT TRUE
RETURNING i.line
"""
HOMELESS = "DELETE FROM incoming WHERE person IS NULL AND area IS NULL RETURNING line"

# A key such as 人民路1号 stands in many communities, so each different one is looked up once, in its own.
# They lie in a table because its size is seen: a set inside the statement is taken for one row, and walked for each.
BUILDINGS_KNOWN = f"""
TRUNCATE standing;
INSERT INTO standing
WITH asked AS MATERIALIZED (
    SELECT DISTINCT area & {COMMUNITY} AS community, building_key FROM incoming
    WHERE building IS NULL AND building_key IS NOT NULL AND area IS NOT NULL
)
SELECT DISTINCT ON (a.community, a.building_key) a.community, a.building_key, b.id, b.area_id
FROM asked a JOIN registry_building b ON b.address_key = a.building_key AND b.until IS NULL
    AND b.area_id >= a.community AND b.area_id < a.community + {2**28}
ORDER BY a.community, a.building_key, b.id;
UPDATE incoming i SET building = f.building, home_area = f.area FROM standing f
WHERE i.building IS NULL AND i.building_key = f.building_key AND (i.area & {COMMUNITY}) = f.community
"""
BUILDINGS_MISSING = """
SELECT 1 FROM incoming
WHERE building IS NULL AND building_key IS NOT NULL AND area IS NOT NULL LIMIT 1
"""
ESTATES = f"""
INSERT INTO registry_estate (area_id, name, kind, address, more, sources)
SELECT DISTINCT ON (i.area & {COMMUNITY}, i.place) i.area, i.place, 'other', '', '{{}}'::jsonb,
    jsonb_build_object('*', %(batch)s::bigint)
FROM incoming i
WHERE i.building IS NULL AND i.building_key IS NOT NULL AND i.area IS NOT NULL AND NOT EXISTS (
    SELECT FROM registry_estate e WHERE e.name = i.place AND e.until IS NULL
        AND e.area_id >= (i.area & {COMMUNITY}) AND e.area_id < (i.area & {COMMUNITY}) + {2**28})
ORDER BY i.area & {COMMUNITY}, i.place, i.line
"""
BUILDINGS = f"""
INSERT INTO registry_building (area_id, estate_id, name, kind, address, address_key, sources)
SELECT DISTINCT ON (i.area & {COMMUNITY}, i.building_key) coalesce(e.area_id, i.area), e.id, i.building_name,
    'block', left(a.full_name || i.building_key, 200), i.building_key,
    jsonb_build_object('*', %(batch)s::bigint)
FROM incoming i
JOIN places_area a ON a.id = (i.area & {COMMUNITY})
LEFT JOIN registry_estate e ON e.name = i.place AND e.until IS NULL
    AND e.area_id >= (i.area & {COMMUNITY}) AND e.area_id < (i.area & {COMMUNITY}) + {2**28}
WHERE i.building IS NULL AND i.building_key IS NOT NULL AND i.area IS NOT NULL
ORDER BY i.area & {COMMUNITY}, i.building_key, i.line, e.id
"""
HOMES_KNOWN = """
UPDATE incoming i SET home = h.id, home_area = h.area_id
FROM registry_home h
WHERE i.home IS NULL AND i.building IS NOT NULL AND i.room IS NOT NULL
    AND h.building_id = i.building AND h.unit_no = i.unit_no AND h.room = i.room AND h.until IS NULL
"""
HOMES = """
INSERT INTO registry_home (area_id, building_id, unit_no, room, use, sources)
SELECT DISTINCT ON (i.building, i.unit_no, i.room) i.home_area, i.building, i.unit_no, i.room, '',
    jsonb_build_object('*', %(batch)s::bigint)
FROM incoming i WHERE i.home IS NULL AND i.building IS NOT NULL AND i.room IS NOT NULL
ORDER BY i.building, i.unit_no, i.room
ON CONFLICT DO NOTHING
"""
WHERE = "UPDATE incoming SET home_area = area WHERE home_area IS NULL AND area IS NOT NULL"

DRAW = """
UPDATE incoming SET person = nextval('registry_person_id_seq'), new = true WHERE person IS NULL
"""
UNDRAW = "UPDATE incoming SET person = NULL, new = NULL WHERE new"
PERSONS = """
INSERT INTO registry_person (id, name, pinyin, former_name, sex, born, document_kind, document, document_index,
    phone, phone_index, ethnic, native_place, marital, education, political, employment, workplace, died, more,
    sources)
SELECT person, name, coalesce(pinyin, ''), coalesce(former_name, ''), coalesce(sex, ''), born,
    coalesce(document_kind, ''), document, document_index, phone, phone_index, coalesce(ethnic, ''),
    coalesce(native_place, ''), coalesce(marital, ''), coalesce(education, ''), coalesce(political, ''),
    coalesce(employment, ''), coalesce(workplace, ''), died, coalesce(more, '{}'::jsonb),
    jsonb_build_object('*', %(batch)s::bigint)
FROM incoming WHERE new ORDER BY line
ON CONFLICT DO NOTHING
"""
# Only whether a number is held anywhere: the wall hides whose.
ELSEWHERE = """
DELETE FROM incoming i USING registry_taken((SELECT array_agg(document_index) FROM incoming
    WHERE person IS NULL AND document_index IS NOT NULL)) t(document_index)
WHERE i.person IS NULL AND i.document_index = t.document_index
RETURNING i.line
"""

HOUSEHOLDS_KNOWN = """
UPDATE incoming i SET household = h.id FROM registry_household h
WHERE i.household IS NULL AND i.number IS NOT NULL AND h.area_id = i.home_area AND h.number = i.number
    AND h.until IS NULL;
UPDATE incoming i SET household = h.id FROM registry_household h
WHERE i.household IS NULL AND i.number IS NULL AND i.home IS NOT NULL AND h.home_id = i.home
    AND h.until IS NULL
"""
# Who lives behind one door without a number of a household is one household.
HOUSEHOLDS = """
INSERT INTO registry_household (area_id, home_id, kind, number, head_id, sources)
SELECT home_area, min(home), 'family', coalesce(min(number), ''),
    (array_agg(person ORDER BY line) FILTER (WHERE relation = '02'))[1],
    jsonb_build_object('*', %(batch)s::bigint)
FROM incoming
WHERE household IS NULL AND home_area IS NOT NULL AND (number IS NOT NULL OR home IS NOT NULL)
GROUP BY home_area, coalesce('n' || number, 'h' || home)
ORDER BY min(line)
"""
_RESIDENCE = (
    "person_id, area_id, home_id, household_id, kind, lives, relation, since, ending, sources"
)
_STAY = """i.person, i.home_area, i.home, i.household, coalesce(i.kind, 'permanent'), coalesce(i.lives, true),
    coalesce(i.relation, ''), i.since, '', jsonb_build_object('*', %(batch)s::bigint)"""
NEW_RESIDENCES = f"""
INSERT INTO registry_residence ({_RESIDENCE})
SELECT {_STAY} FROM incoming i WHERE i.new ORDER BY i.line
"""

_HERE = "coalesce((%(ranks)s::jsonb -> %(source)s ->> 'home')::int, %(rank)s)"
MET = "SELECT count(*) FROM known k JOIN incoming i ON i.line = k.line WHERE i.new IS NOT TRUE"
# A row that says nothing of a place says nothing of a residence. A row linked without an ID moves nobody.
STAYS = f"""
INSERT INTO staying
SELECT DISTINCT ON (i.person, coalesce(i.kind, 'permanent')) i.line, i.person, r.id, r.home_id,
    coalesce(r.sources ->> 'home', r.sources ->> '*')::bigint,
    CASE
        WHEN r.id IS NULL THEN 'arrive'
        WHEN i.home IS NULL OR i.home = r.home_id THEN 'same'
        WHEN r.home_id IS NULL AND (r.area_id & ~268435455::bigint) = (i.home_area & ~268435455::bigint) THEN 'fill'
        WHEN s.rank IS NULL OR {_HERE} < s.rank OR ({_HERE} = s.rank AND %(day)s::date > s.as_of) THEN 'move'
        WHEN s.rank = {_HERE} AND %(day)s::date = s.as_of AND s.id <> ALL (%(same)s) THEN 'conflict'
        ELSE 'keep'
    END
FROM incoming i
JOIN known k ON k.line = i.line
LEFT JOIN registry_residence r ON r.person_id = i.person AND r.until IS NULL
    AND r.kind = coalesce(i.kind, 'permanent')
LEFT JOIN LATERAL (
    SELECT b.id, b.as_of, coalesce((%(ranks)s::jsonb -> src.code ->> 'home')::int,
        (%(ranks)s::jsonb -> src.code ->> '*')::int, src.rank) AS rank FROM registry_batch b JOIN registry_source src ON src.id = b.source_id
    WHERE b.id = coalesce(r.sources ->> 'home', r.sources ->> '*')::bigint
) s ON true
WHERE i.home_area IS NOT NULL AND (i.kind IS NOT NULL OR i.home IS NOT NULL) AND i.linked IS NOT TRUE
    AND (r.id IS NOT NULL OR i.kind IS NOT NULL OR NOT EXISTS (
        SELECT FROM registry_residence o WHERE o.person_id = i.person AND o.until IS NULL))
ORDER BY i.person, coalesce(i.kind, 'permanent'), (r.home_id IS NOT DISTINCT FROM i.home) DESC, r.id
"""
STAYS_AT_ALL = "SELECT 1 FROM staying WHERE verdict <> 'same' LIMIT 1"
FILL = """
UPDATE registry_residence r SET home_id = i.home, area_id = i.home_area,
    household_id = coalesce(r.household_id, i.household),
    sources = r.sources || jsonb_build_object('home', %(batch)s::bigint)
FROM staying s JOIN incoming i ON i.line = s.line
WHERE s.verdict = 'fill' AND r.id = s.residence
"""
LEAVE = """
UPDATE registry_residence r SET until = greatest(%(day)s::date, r.since), ending = 'moved',
    sources = r.sources || jsonb_build_object('until', %(batch)s::bigint)
FROM staying s WHERE s.verdict = 'move' AND r.id = s.residence
"""
ARRIVE = f"""
INSERT INTO registry_residence ({_RESIDENCE})
SELECT {_STAY} FROM staying s JOIN incoming i ON i.line = s.line
WHERE s.verdict IN ('arrive', 'move') ORDER BY i.line
"""
CONFLICT_COLUMNS = ("area", "record_set", "row", "field", "held", "held_batch", "offered", "line")
STAY_CONFLICTS = """
SELECT i.home_area, 'residence', s.residence, 'home', s.was::text, s.held_batch, i.home::text, i.line
FROM staying s JOIN incoming i ON i.line = s.line WHERE s.verdict = 'conflict' ORDER BY i.line
"""

_PAIRS = ", ".join(
    [
        *(f"('{name}', i.{name}, nullif(k.{name}, ''))" for name in PLAIN),
        *(f"('{name}', i.{name}::text, k.{name}::text)" for name in DAYS),
        "('phone', encode(i.phone_index, 'hex'), encode(k.phone_index, 'hex'))",
    ]
)
_ANY = " OR ".join(
    [
        *(f"i.{name} <> k.{name}" for name in PLAIN),
        *(f"(i.{name} IS NOT NULL AND i.{name} IS DISTINCT FROM k.{name})" for name in DAYS),
        "(i.phone_index IS NOT NULL AND i.phone_index IS DISTINCT FROM k.phone_index)",
        "(i.more IS NOT NULL AND NOT k.more @> i.more)",
    ]
)
# What a source weighs for a value: the pack's rank for the element, the pack's by and large, its own (values.ranks).
_HELD = "coalesce((%(ranks)s::jsonb -> s.source ->> d.field)::int, (%(ranks)s::jsonb -> s.source ->> '*')::int, s.rank, 90)"
_NEW = "coalesce((%(ranks)s::jsonb -> %(source)s ->> d.field)::int, %(rank)s)"
# The rules of precedence (rules.precedence.verdict), for sets. What is held from the same file (this batch or an
# earlier one of it) was said by another line of it. A row linked without an ID fills what is empty and never contradicts a document.
DIFFERENCES = f"""
INSERT INTO differing
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
FROM (
    SELECT i.line, k.person, v.field, v.offered, v.held, coalesce(i.linked, false) AS linked,
        coalesce(k.sources ->> v.field, k.sources ->> '*')::bigint AS held_batch,
        v.field IN ('name', 'sex', 'born') AND i.document_index IS NOT NULL AS backed
    FROM incoming i JOIN known k ON k.line = i.line
    CROSS JOIN LATERAL (
        SELECT * FROM (VALUES {_PAIRS}) AS plain(field, offered, held)
        UNION ALL SELECT 'more:' || key, value::text, (k.more -> key)::text FROM jsonb_each(i.more)
    ) AS v(field, offered, held)
    WHERE i.new IS NOT TRUE AND ({_ANY}) AND v.offered IS NOT NULL AND v.offered <> ''
        AND v.offered IS DISTINCT FROM v.held
) d
LEFT JOIN registry_said(ARRAY(SELECT DISTINCT coalesce(x.value::bigint, 0)
    FROM known kk CROSS JOIN LATERAL jsonb_each_text(kk.sources) x)) s ON s.id = d.held_batch
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
    FROM (SELECT DISTINCT ON (person, field) person, field, line,
            CASE WHEN field LIKE 'more:%%' THEN offered ELSE offered END AS offered
        FROM differing WHERE verdict = 'take' ORDER BY person, field, line) one
    GROUP BY person
) t JOIN incoming i ON i.line = t.line
WHERE p.id = t.person
"""
)
CONFLICTS = """
SELECT coalesce(i.home_area, i.area, (SELECT r.area_id FROM registry_residence r
        WHERE r.person_id = d.person ORDER BY r.until NULLS FIRST, r.id LIMIT 1), %(area)s),
    'person', d.person, d.field,
    CASE WHEN d.field = 'phone' THEN encode(k.phone, 'hex') ELSE d.held END, d.held_batch,
    CASE WHEN d.field = 'phone' THEN encode(i.phone, 'hex') ELSE d.offered END, d.line
FROM differing d JOIN incoming i ON i.line = d.line JOIN known k ON k.line = d.line
WHERE d.verdict = 'conflict' ORDER BY d.line, d.field
"""
