"""The demonstration city: real divisions, made-up people, sixty days of matters in every state.

Lives are told in memory by the real flow and clocks and written in batches, all in one transaction: nobody, the
worker included, ever sees half a city.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import psycopg
from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission import services
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.services import tallies
from linli.capabilities.tables.services import tallies as entry_tallies
from linli.kernel.access import offices
from linli.kernel.access.models import Account, Unit
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.places.models import Area
from linli.kernel.policy import current
from linli.site import cluster
from linli.site.demo import demands, entries, registry, reports, rounds, writing
from linli.site.demo.divisions import load_wuxi
from linli.site.demo.lives import Life
from linli.site.demo.options import Options
from linli.site.demo.people import settle
from linli.site.demo.pictures import drawings
from linli.site.demo.scripts import tell

CHUNK = 3000
Progress = Callable[[str, int, int], None]
# Rooms' and people's tables; places, packs and the calendar stay.
ROOMS = ("matters_", "registry_", "admission_", "tables_")
_EMPTIED = (
    "matters_publicmatter",
    "matters_follower",
    "matters_extension",
    "matters_evidence",
    "matters_message",
    "matters_matter",
    "files_file",
    "tasks_task",
    "notices_delivery",
    "notices_notice",
    "notices_preference",
    "notices_mailbox",
    "acts_stuck",
    "acts_cursor",
    "acts_seal",
    "acts_words",
    "acts_fact",
    "access_appointment",
    "access_unit",
    "access_savedfilter",
    "access_demomessage",
    "access_logincode",
    "access_throttle",
)


@dataclass(frozen=True, slots=True)
class Built:
    """What stands now."""

    matters: int
    facts: int
    people: int
    states: dict[str, int]
    registered: int = 0


def _quiet(_what: str, _done: int, _whole: int) -> None:
    """Nobody watches."""


def present() -> bool:
    """Whether this database holds a city already (to be asked under a scope)."""
    return Matter.objects.exists() or Unit.objects.exists()


def build(act: Act, options: Options, tell_of: Progress = _quiet) -> Built:
    """Build the city into a database that has the tables and a pack; needs a scope that sees everything.

    Refusal when one stands there already. The same options give the same city.
    """
    if present():
        raise Refusal(_("这里已经有一座城市了。"), code="present")
    tell_of("区划", 0, 1)
    city = load_wuxi(act, 1, communities=options.communities)
    tell_of("人员", 0, 1)
    return founded(act, city=city, options=options, tell_of=tell_of)


@action("demo.build", title=_("建立演示城市"))
def founded(act: Act, *, city: Area, options: Options, tell_of: Progress) -> Built:
    """People and matters; one fact stands for the batch."""
    cast = settle(city, options)
    tell_of("人口", 0, 1)
    filled = registry.settle(cast, options)
    stage = demands.settle(act, cast, options)
    if stage is not None:
        rounds.settle(stage)
        services.weigh(act)
    pictures = drawings(options.seed)
    entries.settle(cast, options, pictures)
    reporter = reports.Reporter(options, cast, current())
    planned = reports.plans(options, cast, Random(f"plans:{options.seed}"))
    scribe = writing.Scribe(act.on(at=options.now), writing.shelve(pictures), options.seed)
    keys = writing.numbers(Matter, len(planned))
    states: Counter[str] = Counter()
    batch: list[Life] = []
    facts = 0
    for number, (life, tale, script) in enumerate(reporter.lives(planned, keys), 1):
        tell(tale, script)
        batch.append(life)
        states[life.matter.state] += 1
        facts += len(life.traces) + len(life.shots)
        if len(batch) == CHUNK or number == len(planned):
            scribe.write(batch)
            scribe.follow_up(batch)
            batch = []
            tell_of("诉求", number, len(planned))
    tallies.recount(act, whole=True)
    entry_tallies.recount()
    tell_of("封存", 0, 1)
    writing.seal_all()
    offices.forget()
    note(seed=options.seed, scale=options.scale, matters=len(planned), people=filled.people)
    return Built(len(planned), facts, Account.objects.count(), dict(states), filled.people)


def clear() -> None:
    """Empty the city as the owner; divisions, packs and the calendar stay."""
    with psycopg.connect(cluster.address("owner", str(connection.settings_dict["NAME"]))) as link:
        known = {
            row[0]
            for row in link.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        }
        rooms = {name for name in known if name.startswith(ROOMS)}
        tables = sorted({*rooms, *(known & set(_EMPTIED))})
        link.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        link.execute("DELETE FROM access_account WHERE id > 100")
        link.execute("SELECT setval(pg_get_serial_sequence('access_account', 'id'), 100)")
    offices.forget()
