"""Row-level security, table by table, with the application's role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from linli.capabilities.matters import selectors
from linli.kernel.acts import EVERYWHERE, Act, Span, crossing, holding, system_act, under
from linli.kernel.files import selectors as files
from linli.kernel.notices import selectors as notices
from linli.site import cluster
from tests.safety.conftest import SECRETS, Story
from tests.safety.open_tables import OPEN

SIGHTLESS = (
    "",
    "guest",
    "keyed",
    "wang",
    "li",
    "sun",
    "qian",
    "chen",
    "zhou",
    "wu",
    "zheng",
    "feng",
)
COMMANDS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
_TABLES = """
SELECT c.relname, c.relrowsecurity,
  ARRAY(SELECT cmd FROM pg_policies p WHERE p.tablename = c.relname AND p.permissive = 'PERMISSIVE')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm', 'f') ORDER BY 1
"""


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return list(cursor.fetchall())


def walled() -> list[str]:
    return [name for name, wall, _policies in rows(_TABLES) if wall]


def count(table: str) -> int:
    return int(rows(f'SELECT count(*) FROM "{table}"')[0][0])


def keys(table: str, column: str = "id") -> set[int]:
    return {row[0] for row in rows(f'SELECT {column} FROM "{table}"')}


def blind() -> None:
    """Take the scope away, as a connection has none at first."""
    rows("SELECT set_config(name, '', true) FROM unnest(%s::text[]) AS name", _settings())


def _settings() -> list[str]:
    slots = [f"linli.{end}{n}" for n in range(1, 5) for end in ("lo", "hi")]
    return ["linli.account", "linli.unit", "linli.key", "linli.sensitive", *slots]


def test_every_table_is_walled_or_named_with_its_reason(story: Story) -> None:
    for name, wall, policies in rows(_TABLES):
        if wall:
            assert set(policies) >= COMMANDS, f"{name} lacks a policy for a command"
            assert name not in OPEN, f"{name} is walled: take it off the list"
        else:
            assert OPEN.get(name), f"{name} carries no wall and no reason"


def test_no_view_passes_the_walls(story: Story) -> None:
    views = rows(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND relkind = 'v' "
        "AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)"
    )
    assert views == []
    definers = rows(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = 'public' AND p.prosecdef"
    )
    assert {name for (name,) in definers} <= {
        "registry_learn",
        "registry_erase_ended",
        "registry_wards",
        "registry_kept_from",
        "registry_looked",
        "registry_taken",
        "registry_renew",
        "matters_around",
        "matters_search",
        "places_refile",
        "registry_ages_in",
        "registry_area_of",
        "registry_people_in",
        "registry_directory",
        "registry_find_names",
        "registry_forget_dead",
        "registry_keep",
        "registry_known",
        "registry_public",
        "registry_said",
    }, "it runs as the owner, past the walls"


def test_the_role_bypasses_nothing_and_owns_nothing(story: Story) -> None:
    role = "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert rows(role) == [("linli_app", False, False, False, False)]
    owned = "SELECT relname FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')"
    assert rows(owned) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "TRUNCATE matters_matter",
        "ALTER TABLE matters_matter DISABLE ROW LEVEL SECURITY",
        "DROP POLICY sight ON matters_matter",
        "CREATE POLICY mine ON matters_matter USING (true)",
        "SET ROLE linli_owner",
        "SET SESSION AUTHORIZATION linli_owner",
        "COPY matters_matter TO PROGRAM 'cat'",
        "UPDATE acts_fact SET verb = 'x'",
        "DELETE FROM acts_fact",
        "UPDATE acts_words SET body = 'x'",
        "UPDATE acts_seal SET hash = 'x'",
        "DELETE FROM acts_seal",
        "UPDATE policy_version SET id = id",
    ],
)
def test_postgresql_itself_refuses(story: Story, statement: str) -> None:
    with under(system_act()), pytest.raises(Exception) as refused, transaction.atomic():
        rows(statement)
    cause = refused.value.__cause__
    refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)
    assert isinstance(cause, refusals), repr(cause)


def test_without_scope_no_row_of_any_walled_table(story: Story) -> None:
    tables = walled()
    with under(system_act()):
        empty = [name for name in tables if not count(name)]
    with under(story.act("chen")):  # what is only one's own, not even the system reads
        empty = [name for name in empty if not count(name)]
    assert empty == [], "the story must put rows into every walled table"
    blind()
    assert {name: count(name) for name in tables} == dict.fromkeys(tables, 0)


OWN = {"lamp", "restricted", "offered", "taken"}
GRID = {"lamp", "restricted", "guest", "offered", "taken", "anonymous"}
SIGHT: dict[str, set[str]] = {
    "guest": set(),
    "keyed": {"guest"},
    "wang": OWN,
    "li": {"elsewhere", "second"},
    "sun": GRID,
    "qian": {"second"},
    "chen": GRID | {"second"},
    "zhou": {"elsewhere"},
    "wu": GRID | {"second", "elsewhere"},
    "zheng": {"taken"},
    "gao": {"offered"},
    "feng": set(SECRETS),
}


def seen(story: Story) -> set[str]:
    found = keys("matters_matter")
    return {key for key, m in story.matters.items() if m.pk in found}


@pytest.mark.parametrize("who", SIGHT)
def test_each_sees_only_what_they_should(story: Story, who: str) -> None:
    act = story.act(who).on(sensitive=True)
    with under(act):
        assert seen(story) == SIGHT[who]
        allowed = {story.matters[key].pk for key in SIGHT[who]}
        for table in ("message", "evidence", "extension"):
            assert keys(f"matters_{table}", "matter_id") <= allowed, table
        strange_facts = rows(
            "SELECT verb FROM acts_fact WHERE subject_type = 'matters.matter' "
            "AND actor <> %s AND NOT subject_id = ANY (%s)",
            act.actor,
            list(allowed),
        )
        strange_files = rows(
            "SELECT id FROM files_file WHERE owner_type = 'matters.matter' "
            "AND NOT owner_id = ANY (%s)",
            list(allowed),
        )
        words = keys("acts_words", "fact_id") - keys("acts_fact")
        others = rows("SELECT id FROM notices_notice WHERE account <> %s", act.actor)
    assert (strange_facts, strange_files, words, others) == ([], [], set(), [])


@pytest.mark.parametrize("who", ["sun", "chen", "wu", "feng"])
def test_what_is_restricted_needs_a_role_of_its_own(story: Story, who: str) -> None:
    pk = story.matters["restricted"].pk
    plain = story.act(who).on(sensitive=False)
    with under(plain):
        assert seen(story) == SIGHT[who] - {"restricted"}
        hanging = {
            "acts_fact": rows(
                "SELECT 1 FROM acts_fact WHERE subject_type = 'matters.matter' AND subject_id = %s",
                pk,
            ),
            "files_file": rows("SELECT 1 FROM files_file WHERE owner_id = %s", pk),
            "tasks_task": rows("SELECT 1 FROM tasks_task WHERE subject_id = %s", pk),
            "matters_evidence": rows("SELECT 1 FROM matters_evidence WHERE matter_id = %s", pk),
        }
    assert hanging == dict.fromkeys(hanging, [])


@pytest.mark.parametrize("who", SIGHT)
def test_aggregates_obey_the_same_scope(story: Story, who: str) -> None:
    act, everything = story.act(who).on(sensitive=True), selectors.Filters(show="all")
    own = {story.matters[key].pk for key in SIGHT[who]}
    with under(act):
        listed = {row.id for row in selectors.listed(act, everything).rows}
        exported = {m.pk for m in selectors.exported(act, everything, 1000)}
        mapped = {
            f["properties"]["title"] for f in selectors.map_points(act, everything)["features"]
        }
        counted = selectors.day_counts(act)["open"]
        figures = selectors.total(act, selectors.figures(act, everything, "class"), everything)
        found = {
            key
            for key, m in story.matters.items()
            if {r.id for r in selectors.listed(act, selectors.Filters(show="all", q=m.title)).rows}
        }
        opened = {k for k, m in story.matters.items() if selectors.find(act, m.number)}
    assert listed <= own and exported <= own and found <= SIGHT[who]
    assert mapped <= {SECRETS[key] for key in SIGHT[who]}
    assert max(counted, figures.received) <= len(own)
    assert opened == SIGHT[who]


def test_files_are_served_to_those_who_see_their_matter(story: Story) -> None:
    with under(system_act()):
        pks = dict(rows("SELECT owner_id, id FROM files_file WHERE owner_type = 'matters.matter'"))
    for who, sight in SIGHT.items():
        act = story.act(who).on(sensitive=True)
        with under(act):
            served = {
                k for k, m in story.matters.items() if m.pk in pks and files.one(act, pks[m.pk])
            }
        assert served <= sight, who


def test_an_inbox_is_its_owner_s(story: Story) -> None:
    for who in ("li", "chen", "zhou", "feng"):
        act = story.act(who)
        with under(act):
            wrong = rows("SELECT count(*) FROM notices_notice WHERE account <> %s", act.actor)
            assert wrong == [(0,)] and notices.unread_count(act) >= 0


Change = Callable[[Story], tuple[str, list[object]]]
FOREIGN: dict[str, str] = {
    "update": "UPDATE matters_matter SET title = 'x' WHERE id = {foreign}",
    "delete": "DELETE FROM matters_matter WHERE id = {foreign}",
    "take": "UPDATE matters_matter SET reporter_id = {me} WHERE id = {foreign}",
    "message": "UPDATE matters_message SET body = 'x' WHERE matter_id = {foreign}",
    "file": "UPDATE files_file SET name = 'x' WHERE owner_id = {foreign}",
    "task": "UPDATE tasks_task SET title = 'x' WHERE subject_id = {foreign}",
    "notice": "UPDATE notices_notice SET read_at = now() WHERE account <> {me}",
}


@pytest.mark.parametrize("change", FOREIGN)
@pytest.mark.parametrize("who", ["guest", "li", "zhou", "gao"])
def test_foreign_rows_cannot_be_touched(story: Story, who: str, change: str) -> None:
    act, foreign = story.act(who), story.matters["lamp"].pk
    with under(act), connection.cursor() as cursor:
        cursor.execute(FOREIGN[change].format(foreign=foreign, me=act.actor))
        assert cursor.rowcount == 0


INTO: dict[str, str] = {
    "matter": "INSERT INTO matters_matter (policy, kind, code, title, body, answers, channel, restricted,"
    " emergency, anonymous, agent, area_id, address, state, round, position, post, offered_post, offer, route,"
    " opened, next_stage, delay_reason, outcome, urged, rating_words, hotline, tokens, changed)"
    " VALUES (1, 'event', '0901', 'x', '', '{{}}', 'web', false, false, false, '', {area}, '', 'reported', 1,"
    " '{{}}', '', '', '', '{{}}', now(), '', '', '', 0, '', '{{}}', '{{}}', now())",
    "message": "INSERT INTO matters_message (matter_id, side, body, at) VALUES ({foreign}, 'office', 'x', now())",
    "evidence": "INSERT INTO matters_evidence (matter_id, round, use, file_id) VALUES ({foreign}, 1, 'report', {file})",
    "task": "INSERT INTO tasks_task (area, post, kind, subject_type, subject_id, title, created, weight)"
    " VALUES ({area}, '', 'x', 'x', 1, 'x', now(), 0)",
    "fact": "INSERT INTO acts_fact (at, verb, actor, policy, channel, area, subject_type, subject_id, data)"
    " VALUES (now(), 'matters.close', 1, 1, 'web', {area}, 'matters.matter', {foreign}, '{{}}')",
    "move": "UPDATE matters_matter SET area_id = {area}, reporter_id = NULL, unit_id = NULL WHERE id = {own}",
}


@pytest.mark.parametrize("into", INTO)
@pytest.mark.parametrize("who", ["li", "zhou"])
def test_rows_cannot_be_put_into_foreign_scope(story: Story, who: str, into: str) -> None:
    with under(system_act()):
        file = rows("SELECT id FROM files_file WHERE owner_id = %s", story.matters["lamp"].pk)[0][0]
    values = {
        "foreign": story.matters["lamp"].pk,
        "own": story.matters["elsewhere"].pk,
        "area": story.town.area("丙社区").pk,
        "file": file,
    }
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with under(story.act(who)), refused, transaction.atomic():
        rows(INTO[into].format(**values))


def test_a_crossing_opens_one_span_and_closes_again(story: Story) -> None:
    act = story.act("zhou")
    key = story.matters["lamp"].area_id
    with under(act):
        assert seen(story) == {"elsewhere"}
        with crossing(Span(key, key + 1)):
            assert "lamp" in seen(story)
            with crossing(Span(key, key + 1)):
                pass
            assert "lamp" in seen(story), "an inner crossing must not close the outer one"
            with holding(story.act("qian")):
                assert seen(story) == {"second"}
            assert "lamp" in seen(story)
        assert seen(story) == {"elsewhere"}


def test_an_error_inside_a_crossing_closes_it(story: Story) -> None:
    key = story.matters["lamp"].area_id
    with under(story.act("zhou")):
        with pytest.raises(RuntimeError), transaction.atomic(), crossing(Span(key, key + 1)):
            raise RuntimeError
        assert seen(story) == {"elsewhere"}


def test_scope_ends_with_its_transaction(own_database: str) -> None:
    """A pooled connection hands nothing of one request to the next."""
    asked = "SELECT current_setting('linli.account', true), current_setting('linli.hi1', true)"
    with under(system_act()):
        assert rows(asked) == [("1", str(EVERYWHERE.hi))]
    assert rows(asked) in ([("", "")], [(None, None)])
    with pytest.raises(RuntimeError), under(system_act()):
        raise RuntimeError
    assert rows(asked) in ([("", "")], [(None, None)])


def test_a_fresh_connection_of_the_role_sees_nothing(story_database: tuple[str, Any, Any]) -> None:
    name = story_database[0]
    with psycopg.connect(cluster.address("app", name)) as link:
        for table in ("matters_matter", "acts_fact", "files_file", "notices_notice", "tasks_task"):
            row = link.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert row == (0,), table


def test_nobody_learns_who_reported_anonymously(story: Story) -> None:
    matter = story.matters["anonymous"]
    for who in ("sun", "chen", "feng"):
        act: Act = story.act(who)
        with under(act):
            told = selectors.detail(act, matter, public=False)
        assert "王小梅" not in repr((told.lines, told.messages, told.files)), who


def test_a_neighbour_joins_only_what_is_public(story: Story) -> None:
    assert "restricted" not in {
        key
        for key, m in story.matters.items()
        if rows("SELECT 1 FROM matters_publicmatter WHERE matter = %s", m.pk)
    }
