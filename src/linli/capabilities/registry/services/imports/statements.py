"""The statements by which `merging` joins the registry; each is one set, none names a value.

What came lies in `incoming` and is only read; who and what it turned out to be stands in narrow tables beside it (`who`,
`placed`, `family`), each filled by one statement that also draws the numbers of what is new. Writing those into the wide
rows of `incoming`, one after the other, took a third of an import.
"""

from __future__ import annotations

LOCKS = 7_116_010  # the advisory locks of imports; one part of the city each
COMMUNITY = f"~({2**28 - 1}::bigint)"

# Matching and reading of whom the registry knows is one pass, because each row behind the wall costs a look.
PLAIN = (
    "name",
    "former_name",
    "sex",
    "ethnic",
    "native_place",
    "marital",
    "education",
    "political",
    "employment",
    "workplace",
)
DAYS = ("born", "died")
_HELD_COLUMNS = (*PLAIN, *DAYS, "phone", "phone_index", "more", "sources")

PEOPLE = (
    "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'registry_person'::regclass"
)
TABLES = f"""
CREATE TEMP TABLE IF NOT EXISTS sure (line int, person bigint) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS who (
    line int, door int, house int, linked boolean, person bigint, new boolean,
    {", ".join(f"{name} text" for name in PLAIN)}, born date, died date,
    phone bytea, phone_index bytea, more jsonb, sources jsonb
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS standing (
    community bigint, building_key text, building bigint, area bigint
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS placed (
    door int, building bigint, home bigint, area bigint, new boolean
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS family (
    house int, household bigint, area bigint, home bigint, number text, new boolean
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS differing (
    line int, person bigint, field text, offered text, held text, held_batch bigint, verdict text
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS staying (
    line int, person bigint, residence bigint, was bigint, held_batch bigint, verdict text
) ON COMMIT DELETE ROWS
"""
# Emptied by themselves with each transaction; a second set within one (a trial) empties them first.
FILLED = (
    "SELECT EXISTS (SELECT FROM who) OR EXISTS (SELECT FROM placed) OR EXISTS (SELECT FROM sure)"
)
EMPTY = "TRUNCATE sure, who, standing, placed, family, differing, staying"
WHO = f"""
INSERT INTO who
SELECT i.line, i.door, i.house, i.linked, coalesce(p.id, nextval('registry_person_id_seq')), p.id IS NULL,
    {", ".join(f"p.{name}" for name in _HELD_COLUMNS)}
FROM incoming i LEFT JOIN registry_person p
    ON p.document_index = i.document_index AND p.document_kind = i.document_kind
"""
# Rows without a number: those of whom somebody, or `matching`, is sure.
SURE = "INSERT INTO sure SELECT * FROM unnest(%(lines)s::int[], %(people)s::bigint[])"
WHO_SURE = f"""
INSERT INTO who
SELECT i.line, i.door, i.house, i.linked, coalesce(p.id, nextval('registry_person_id_seq')), p.id IS NULL,
    {", ".join(f"p.{name}" for name in _HELD_COLUMNS)}
FROM incoming i LEFT JOIN sure s ON s.line = i.line LEFT JOIN registry_person p ON p.id = s.person
"""
# Rows that speak of a place and of nobody.
WHO_NOBODY = (
    "INSERT INTO who (line, door, linked, new) SELECT line, door, false, false FROM incoming"
)
HOMES_KNOWN = "SELECT count(*) FROM placed WHERE home IS NOT NULL AND NOT new"
MET = "SELECT count(*) FROM who WHERE NOT new"
DEAD = """
DELETE FROM who w USING incoming i
WHERE NOT w.new AND w.died IS NOT NULL AND i.line = w.line AND i.died IS NULL AND NOT w.linked
RETURNING w.line
"""
HOMELESS = "DELETE FROM who WHERE new AND door IS NULL RETURNING line"
# Only whether a number is held anywhere: the wall hides whose.
ELSEWHERE = """
DELETE FROM who w USING incoming i, registry_taken((SELECT array_agg(n.document_index)
    FROM who x JOIN incoming n ON n.line = x.line WHERE x.new)) t(document_index)
WHERE w.new AND i.line = w.line AND i.document_index = t.document_index
RETURNING w.line
"""
UNASKED = """
DELETE FROM door d WHERE NOT EXISTS (SELECT FROM who w WHERE w.door = d.door);
DELETE FROM house h WHERE NOT EXISTS (SELECT FROM who w WHERE w.house = h.house)
"""

# A key such as 人民路1号 stands in many communities, so each different one is looked up once, in its own.
STANDING = f"""
DELETE FROM standing;
INSERT INTO standing
WITH asked AS MATERIALIZED (
    SELECT DISTINCT area & {COMMUNITY} AS community, building_key FROM door
    WHERE building_key IS NOT NULL
)
SELECT DISTINCT ON (a.community, a.building_key) a.community, a.building_key, b.id, b.area_id
FROM asked a JOIN registry_building b ON b.address_key = a.building_key AND b.until IS NULL
    AND b.area_id >= a.community AND b.area_id < a.community + {2**28}
ORDER BY a.community, a.building_key, b.id
"""
# The first door of each building that does not stand yet, and the community where it lies.
_MISSING = f"""
WITH missing AS MATERIALIZED (
    SELECT DISTINCT ON (d.area & {COMMUNITY}, d.building_key) d.*, d.area & {COMMUNITY} AS community
    FROM door d LEFT JOIN standing s ON s.community = (d.area & {COMMUNITY}) AND s.building_key = d.building_key
    WHERE d.building_key IS NOT NULL AND s.building IS NULL
    ORDER BY d.area & {COMMUNITY}, d.building_key, d.door
)"""
BUILDINGS_MISSING = f"{_MISSING} SELECT count(*) FROM missing"
_NAMED = f"""registry_estate e
    WHERE e.name = m.place AND e.until IS NULL AND e.area_id >= m.community AND e.area_id < m.community + {2**28}"""
ESTATES = f"""
{_MISSING}
INSERT INTO registry_estate (area_id, name, kind, address, more, sources)
SELECT m.area, m.place, 'other', '', '{{}}'::jsonb, %(mark)s::jsonb
FROM (SELECT DISTINCT ON (community, place) * FROM missing ORDER BY community, place, door) m
WHERE NOT EXISTS (SELECT FROM {_NAMED})
"""
BUILDINGS = f"""
{_MISSING}
INSERT INTO registry_building (area_id, estate_id, name, kind, address, address_key, sources)
SELECT coalesce(e.area_id, m.area), e.id, m.building_name, 'block', left(a.full_name || m.building_key, 200),
    m.building_key, %(mark)s::jsonb
FROM missing m
JOIN places_area a ON a.id = m.community
LEFT JOIN LATERAL (SELECT e.id, e.area_id FROM {_NAMED} ORDER BY e.id LIMIT 1) e ON true
ORDER BY m.community, m.building_key
"""
PLACED = f"""
INSERT INTO placed
SELECT d.door, s.building, coalesce(h.id, CASE WHEN d.room IS NOT NULL AND s.building IS NOT NULL
        THEN nextval('registry_home_id_seq') END),
    coalesce(h.area_id, s.area, d.area), h.id IS NULL AND d.room IS NOT NULL AND s.building IS NOT NULL
FROM door d
LEFT JOIN standing s ON s.community = (d.area & {COMMUNITY}) AND s.building_key = d.building_key
LEFT JOIN registry_home h ON h.building_id = s.building AND h.unit_no = d.unit_no AND h.room = d.room
    AND h.until IS NULL
"""
HOMES = """
INSERT INTO registry_home (id, area_id, building_id, unit_no, room, use, sources)
SELECT p.home, p.area, p.building, d.unit_no, d.room, '', %(mark)s::jsonb
FROM placed p JOIN door d ON d.door = p.door WHERE p.new ORDER BY p.door
"""
# After a break: a door that the wall hides, or that is being registered at this moment, is no home of this slice.
HOMES_CAREFUL = f"""
{HOMES} ON CONFLICT DO NOTHING;
UPDATE placed p SET home = NULL, new = false
WHERE p.new AND NOT EXISTS (SELECT FROM registry_home h WHERE h.id = p.home)
"""
HOMES_NEW = "SELECT count(*) FROM placed WHERE new"

# Who lives behind one door without a number of a household is one household.
FAMILY = """
INSERT INTO family
SELECT f.house, coalesce(f.known, min(f.drawn) OVER (
        PARTITION BY f.area, coalesce('n' || f.number, 'h' || f.home))),
    f.area, f.home, f.number, f.known IS NULL
FROM (
    SELECT h.house, h.number, p.area, p.home, k.id AS known,
        CASE WHEN k.id IS NULL THEN nextval('registry_household_id_seq') END AS drawn
    FROM house h JOIN placed p ON p.door = h.door
    LEFT JOIN LATERAL (
        SELECT o.id FROM registry_household o
        WHERE h.number IS NOT NULL AND o.area_id = p.area AND o.number = h.number AND o.until IS NULL
        UNION ALL
        SELECT o.id FROM registry_household o
        WHERE h.number IS NULL AND NOT p.new AND o.home_id = p.home AND o.until IS NULL
        LIMIT 1
    ) k ON true
    WHERE h.number IS NOT NULL OR p.home IS NOT NULL
) f
"""
HOUSEHOLDS = """
INSERT INTO registry_household (id, area_id, home_id, kind, number, head_id, sources)
SELECT f.household, f.area, min(f.home), 'family', coalesce(min(f.number), ''),
    min(w.person) FILTER (WHERE i.relation = '02'), %(mark)s::jsonb
FROM family f JOIN who w ON w.house = f.house JOIN incoming i ON i.line = w.line
WHERE f.new GROUP BY f.household, f.area ORDER BY f.household
"""

PERSONS = """
INSERT INTO registry_person (id, name, pinyin, former_name, sex, born, document_kind, document, document_index,
    phone, phone_index, ethnic, native_place, marital, education, political, employment, workplace, died, more,
    sources)
SELECT w.person, i.name, coalesce(i.pinyin, ''), coalesce(i.former_name, ''), coalesce(i.sex, ''), i.born,
    coalesce(i.document_kind, ''), i.document, i.document_index, i.phone, i.phone_index,
    coalesce(i.ethnic, ''), coalesce(i.native_place, ''), coalesce(i.marital, ''), coalesce(i.education, ''),
    coalesce(i.political, ''), coalesce(i.employment, ''), coalesce(i.workplace, ''), i.died,
    coalesce(i.more, '{}'::jsonb), %(mark)s::jsonb
FROM incoming i JOIN who w ON w.line = i.line WHERE w.new
"""
_RESIDENCE = (
    "person_id, area_id, home_id, household_id, kind, lives, relation, since, ending, sources"
)
_STAY = """w.person, p.area, p.home, f.household, coalesce(i.kind, 'permanent'), coalesce(i.lives, true),
    coalesce(i.relation, ''), i.since, '', %(mark)s::jsonb"""
_ROW = """incoming i ON i.line = w.line JOIN placed p ON p.door = w.door
    LEFT JOIN family f ON f.house = w.house"""
NEW_RESIDENCES = f"""
INSERT INTO registry_residence ({_RESIDENCE})
SELECT {_STAY} FROM who w JOIN {_ROW} WHERE w.new
"""

_HERE = "coalesce((%(ranks)s::jsonb -> %(source)s ->> 'home')::int, %(rank)s)"
# A row that says nothing of a place says nothing of a residence. A row linked without an ID moves nobody.
# Who lives where the row says is left out before anything else is asked: in a file told again that is everybody.
STAYS = f"""
INSERT INTO staying
WITH told AS MATERIALIZED (
    SELECT w.line, w.person, p.area, coalesce(i.kind, 'permanent') AS kind, i.kind IS NOT NULL AS said
    FROM who w JOIN incoming i ON i.line = w.line JOIN placed p ON p.door = w.door
    WHERE NOT w.new AND NOT w.linked AND i.died IS NULL
        AND NOT EXISTS (SELECT FROM beside b WHERE b.line = w.line AND b.what = 'end') AND (i.kind IS NOT NULL OR p.home IS NOT NULL)
        AND NOT EXISTS (SELECT FROM registry_residence o WHERE o.person_id = w.person AND o.until IS NULL
            AND o.kind = coalesce(i.kind, 'permanent') AND (p.home IS NULL OR o.home_id = p.home))
)
SELECT n.line, n.person, n.residence, n.was, n.held_batch,
    CASE
        WHEN n.residence IS NULL THEN 'arrive'
        WHEN n.was IS NULL AND (n.lies & {COMMUNITY}) = (n.area & {COMMUNITY}) THEN 'fill'
        WHEN s.rank IS NULL OR {_HERE} < s.rank OR ({_HERE} = s.rank AND %(day)s::date > s.as_of) THEN 'move'
        WHEN s.rank = {_HERE} AND %(day)s::date = s.as_of AND s.id <> ALL (%(same)s) THEN 'conflict'
        ELSE 'keep'
    END
FROM (
    SELECT DISTINCT ON (t.person, t.kind) t.line, t.person, r.id AS residence, r.home_id AS was,
        r.area_id AS lies, t.area, coalesce(r.sources ->> 'home', r.sources ->> '*')::bigint AS held_batch
    FROM told t LEFT JOIN registry_residence r ON r.person_id = t.person AND r.until IS NULL AND r.kind = t.kind
    WHERE r.id IS NOT NULL OR t.said OR NOT EXISTS (
        SELECT FROM registry_residence o WHERE o.person_id = t.person AND o.until IS NULL)
    ORDER BY t.person, t.kind, r.id
) n
LEFT JOIN LATERAL (
    SELECT b.id, b.as_of, coalesce((%(ranks)s::jsonb -> src.code ->> 'home')::int,
        (%(ranks)s::jsonb -> src.code ->> '*')::int, src.rank) AS rank
    FROM registry_batch b JOIN registry_source src ON src.id = b.source_id WHERE b.id = n.held_batch
) s ON true
"""
FILL = """
UPDATE registry_residence r SET home_id = p.home, area_id = p.area,
    household_id = coalesce(r.household_id, f.household),
    sources = r.sources || jsonb_build_object('home', %(batch)s::bigint)
FROM staying s JOIN who w ON w.line = s.line JOIN placed p ON p.door = w.door
LEFT JOIN family f ON f.house = w.house
WHERE s.verdict = 'fill' AND r.id = s.residence
"""
LEAVE = """
UPDATE registry_residence r SET until = greatest(%(day)s::date, r.since), ending = 'moved',
    sources = r.sources || jsonb_build_object('until', %(batch)s::bigint)
FROM staying s WHERE s.verdict = 'move' AND r.id = s.residence
"""
ARRIVE = f"""
INSERT INTO registry_residence ({_RESIDENCE})
SELECT {_STAY} FROM staying s JOIN who w ON w.line = s.line JOIN {_ROW}
WHERE s.verdict IN ('arrive', 'move') ORDER BY s.line
"""
CONFLICT_COLUMNS = ("area", "record_set", "row", "field", "held", "held_batch", "offered", "line")
STAY_CONFLICTS = """
SELECT p.area, 'residence', s.residence, 'home', s.was::text, s.held_batch, p.home::text, s.line
FROM staying s JOIN who w ON w.line = s.line JOIN placed p ON p.door = w.door
WHERE s.verdict = 'conflict' ORDER BY s.line
"""
