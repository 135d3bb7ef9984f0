"""What tests of imports share: a file of some rows, imported as one source says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from linli.capabilities.registry.models import Batch, Person
from linli.capabilities.registry.services import imports
from linli.kernel.acts import Act, system_act, under
from linli.kernel.vault.fields import matching
from tests.families import number
from tests.town import Town

DAY = date(2026, 5, 1)


def card(at: int, born: date = date(1985, 4, 12)) -> str:
    """A right number that nobody has."""
    return number(born, at)


def written(folder: Path, heads: Sequence[str], *rows: Sequence[str], name: str = "表.csv") -> Path:
    """A file of rows."""
    file = folder / name
    lines = [",".join(heads), *(",".join(row) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def imported(
    town: Town,
    file: Path,
    source: str,
    *,
    day: date = DAY,
    act: Act | None = None,
    area: str = "甲社区",
) -> Batch:
    """A file imported whole; places that no row names are in 甲社区."""
    who = act or system_act()
    with under(system_act()):
        found = imports.source_of(source)
        plan = imports.propose(found, file)
    with under(who):
        batch = imports.begin(
            who, source=found, file=file, plan=plan, area=town.area(area).pk, as_of=day
        )
    return imports.run(who, batch, file, crew=0)


def total(batch: Batch) -> dict[str, int]:
    """What the import counted."""
    return dict(batch.counts["total"])


def person(document: str) -> Person:
    """Whoever has a number."""
    with under(system_act()):
        return Person.objects.get(matching(Person, "document", document))
