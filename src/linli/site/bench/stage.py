"""The stage of a bench: a throw-away database with a city and many matters, skewed as life is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Matter
from linli.kernel import policy
from linli.kernel.access import offices
from linli.kernel.access.hats import act_for
from linli.kernel.access.models import Account, Appointment, Unit
from linli.kernel.access.sessions import SessionStore
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.site import cluster
from linli.site.demo.divisions import load_wuxi

SKEW = 0.8  # exponent of Zipf: the largest community has a few per cent of a city's matters
RESIDENT_SHARE = 400  # matters of the measured resident
BARE = "CREATE TABLE bench_bare (id bigserial PRIMARY KEY, title text, body text, state text)"

# One INSERT … SELECT: communities by Zipf's law, grids and units in them, the rest from a real row.
_FILL = """
INSERT INTO matters_matter ({columns})
SELECT {values}
FROM (
  SELECT n, c.*, 0.5 + (n %% 97) AS r
  FROM (SELECT n, ((%(count)s::float8 ^ (1 - %(skew)s)) * ((n::bigint * 7919) %% 1000003 / 1000003.0))
          ^ (1 / (1 - %(skew)s)) AS z
        FROM generate_series(1, %(rows)s) AS n) AS drawn
  JOIN bench_community c ON c.rank = least(greatest(1, ceil(z)::int), %(count)s)
) AS s
CROSS JOIN (SELECT * FROM matters_matter WHERE id = %(sample)s) AS m
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Who is measured, with a session each, and where."""

    database: str
    rows: int
    resident: str
    clerk: str
    department: str
    code: str
    largest: int
    csrf: str = "bench" * 6 + "ab"


def _owner(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(cluster.address("owner", database), autocommit=True)


def build(database: str, rows: int) -> Stage:
    """The city, its people and the matters."""
    policy.apply("wuxi", None)
    load_wuxi(system_act())
    places.forget()
    with under(system_act()):
        committees = _units()
        people = _people(committees)
    sample = _sample(people)
    _fill(database, rows, sample, people)
    return Stage(
        database=database,
        rows=rows,
        resident=_session(people["resident"], None),
        clerk=_session(people["clerk"], people["clerk_hat"]),
        department=_session(people["department"], people["department_hat"]),
        code=people["code"],
        largest=people["community"],
    )


def _units() -> list[Unit]:
    communities = Area.objects.filter(level="community", until__isnull=True).order_by("id")
    committees = Unit.objects.bulk_create(
        Unit(code=a.code, name=f"{a.name}居委会", kind="committee", area=a) for a in communities
    )
    streets = Area.objects.filter(level="street", until__isnull=True)
    Unit.objects.bulk_create(
        Unit(code=a.code, name=f"{a.name}办事处", kind="street_office", area=a) for a in streets
    )
    city = Area.objects.get(level="city")
    for code in ("municipal", "urban", "command"):
        Unit.objects.create(code=code, name=code, kind="department", area=city)
    offices.forget()
    return list(committees)


def _people(committees: list[Unit]) -> dict[str, Any]:
    city = Area.objects.get(level="city")
    first = committees[0]
    clerk = Account.objects.create(kind="staff", login="clerk", name="陈静")
    worker = Account.objects.create(kind="staff", login="worker", name="郑磊")
    resident = Account.objects.create(kind="resident", name="王小梅", phone="13800000001")
    since = datetime(2020, 1, 1, tzinfo=UTC).date()
    hat = Appointment.objects.create(
        account=clerk, unit=first, area_id=first.area_id, post="clerk", since=since
    )
    municipal = Unit.objects.get(code="municipal")
    other = Appointment.objects.create(
        account=worker, unit=municipal, area=city, post="department_worker", since=since
    )
    grid = Area.objects.filter(level="grid", parent_id=first.area_id).order_by("id").first()
    return {
        "clerk": clerk.pk,
        "clerk_hat": hat.pk,
        "department": worker.pk,
        "department_hat": other.pk,
        "resident": resident.pk,
        "municipal": municipal.pk,
        "area": grid.pk if grid else first.area_id,
        "community": first.area_id,
        "code": first.code,
    }


def _sample(people: dict[str, Any]) -> Matter:
    act = act_for(people["resident"])
    intake = services.Intake(
        code="0901",
        title="3号楼楼道灯坏了",
        body="二单元三楼的灯一周不亮，晚上老人上下楼看不见",
        area=people["area"],
        reporter=people["resident"],
        address="3号楼2单元",
        lon=120.3,
        lat=31.57,
    )
    return services.report(act, intake=intake)


def _fill(database: str, rows: int, sample: Matter, people: dict[str, Any]) -> None:
    changed = {
        "community": "s.community",
        "street": "s.street",
        "area_id": "s.grid",
        "unit_id": "CASE WHEN s.n %% 29 = 0 THEN %(municipal)s ELSE s.unit END",
        "reporter_id": "CASE WHEN s.n %% greatest(1, %(rows)s / %(own)s) = 0 THEN %(resident)s END",
        "title": "m.title || '（' || s.n || '）'",
        "opened": "now() - (%(rows)s - s.n) * interval '60 days' / %(rows)s",
        "due": "now() - (%(rows)s - s.n) * interval '60 days' / %(rows)s + interval '5 days'",
        "next_due": "CASE WHEN s.n %% 5 = 0 THEN now() + (s.n %% 90) * interval '1 hour' END",
        "closed": "CASE WHEN s.n %% 5 <> 0 THEN now() END",
        "state": "CASE WHEN s.n %% 5 <> 0 THEN 'closed' ELSE 'reported' END",
        "on_time": "CASE WHEN s.n %% 5 <> 0 THEN s.n %% 7 <> 0 END",
        "rating": "CASE WHEN s.n %% 5 <> 0 THEN 1 + s.n %% 5 END",
        "lon": "m.lon + (s.n %% 1000) / 10000.0",
        "lat": "m.lat + (s.n %% 777) / 10000.0",
        "look": "now() + interval '30 days'",
        "token": "NULL",
        "visitor": "NULL",
        "external": "NULL",
    }
    names = [f.attname for f in Matter._meta.concrete_fields if f.attname != "id"]
    values = [changed.get(name, f"m.{name}") for name in names]
    with _owner(database) as link:
        link.execute("SET statement_timeout = 0")
        _communities(link)
        count = link.execute("SELECT count(*) FROM bench_community").fetchone()[0]  # type: ignore[index]
        kept = _drop_indexes(link, "matters_matter") + _drop_indexes(link, "acts_fact")
        given = {**people, "rows": rows, "count": count, "skew": SKEW, "own": RESIDENT_SHARE}
        statement = _FILL.format(columns=", ".join(names), values=", ".join(values))
        link.execute(statement, {**given, "sample": sample.pk})
        link.execute(_FACTS, {"sample": sample.pk})
        for definition in kept:
            link.execute(definition)
        link.execute(BARE)
        link.execute("VACUUM (ANALYZE) matters_matter")
        link.execute("VACUUM (ANALYZE) acts_fact")
        link.execute("ANALYZE")


_FACTS = """
INSERT INTO acts_fact (at, recorded, verb, actor, hat, unit, policy, channel, area, subject_type,
                       subject_id, data)
SELECT m.opened, m.opened, v.verb, 1, NULL, NULL, m.policy, 'job', m.area_id, 'matters.matter', m.id, '{}'
FROM matters_matter m, (VALUES ('matters.report'), ('matters.accept')) AS v(verb)
WHERE m.id <> %(sample)s
"""


def _communities(link: psycopg.Connection[Any]) -> None:
    link.execute("""
        CREATE UNLOGGED TABLE bench_community AS
        SELECT row_number() OVER (ORDER BY c.id)::int AS rank, c.id AS community, c.parent_id AS street,
               u.id AS unit, (SELECT min(g.id) FROM places_area g WHERE g.parent_id = c.id) AS grid
        FROM places_area c JOIN access_unit u ON u.area_id = c.id AND u.kind = 'committee'
        WHERE c.level = 'community'
    """)
    link.execute("UPDATE bench_community SET grid = community WHERE grid IS NULL")


def _drop_indexes(link: psycopg.Connection[Any], table: str) -> list[str]:
    found = link.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE '%%UNIQUE%%'",
        [table],
    ).fetchall()
    for name, _definition in found:
        link.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _name, definition in found]


def _session(account: int, hat: int | None) -> str:
    store = SessionStore()
    store.update({"account": account, "hat": hat, "second": True, "seen": 2**31})
    store.save()
    return str(store.session_key)


def seal_all(database: str) -> None:
    """Mark the filled facts as sealed long ago and heard, so that the belt starts with what is new.

    Longer ago than the belt's wide look back: in a city that runs, all but the last days are.
    """
    with _owner(database) as link:
        link.execute("SET statement_timeout = 0")
        link.execute("TRUNCATE acts_seal")
        link.execute(
            "INSERT INTO acts_seal (seq, fact_id, hash, sealed) SELECT row_number() OVER (ORDER BY id), id, "
            "'\\x00'::bytea, now() - interval '4 days' FROM acts_fact"
        )
        link.execute("VACUUM (ANALYZE) acts_seal")


def set_cursors(database: str, listeners: list[str]) -> None:
    """Let every listener begin after what is there."""
    with _owner(database) as link:
        row = link.execute("SELECT coalesce(max(seq), 0) FROM acts_seal").fetchone()
        for name in listeners:
            link.execute(
                "INSERT INTO acts_cursor (listener, seq) VALUES (%s, %s) "
                "ON CONFLICT (listener) DO UPDATE SET seq = excluded.seq",
                [name, row[0] if row else 0],
            )


def settle(database: str) -> None:
    """Measured as in production: what the filling left to write is written, and from now on commits wait for the disk."""
    with _owner(database) as link:
        name = sql.Identifier(database)
        link.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit TO on").format(name))
    with psycopg.connect(cluster.address("root", database), autocommit=True) as link:
        link.execute("CHECKPOINT")
