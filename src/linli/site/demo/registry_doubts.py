"""What is not settled in the demonstration's registry: sources that disagree, a resident who objects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from linli.capabilities.registry.models import Conflict, Objection
from linli.kernel.acts.pouring import pour
from linli.site.demo import names
from linli.site.demo.registry_lives import FIRMS
from linli.site.demo.registry_people import Settlers


def sow(settlers: Settlers) -> None:
    """A few values on which two sources disagree, and two objections that wait."""
    rows = list(_contradictions(settlers))
    pour(rows)
    star = settlers.star
    if star is None:
        return
    home = next(r for r in settlers.residences if r.person is star)
    Objection.objects.create(
        person=star,
        account_id=star.account_id,
        area=home.area,
        field="education",
        wish="大学本科毕业",
        words="我的文化程度登记得不对，有毕业证。",
        at=settlers.options.now - timedelta(days=2),
    )


def _contradictions(settlers: Settlers) -> Iterator[Conflict]:
    stage, dice = settlers.cast.stage.id, Random(f"doubts:{settlers.options.seed}")
    at_home = {r.person_id: r for r in settlers.residences if r.until is None}
    for area, people in sorted(settlers.grown.items()):
        lively = 6 if area == stage else 1 if len(people) > 100 else 0
        for person in dice.sample(people, min(lively, len(people))):
            field = dice.choice(("phone", "workplace", "marital"))
            offered = {
                "phone": names.phone(5_000_000 + (person.pk or 0)),
                "workplace": dice.choice(FIRMS),
                "marital": "40",
            }
            held = person.phone.open() if field == "phone" and person.phone else None
            batches = settlers.batches[area]
            yield Conflict(
                area=at_home[person.pk].area,
                record_set="person",
                row=person.pk,
                field=field,
                held=held if field == "phone" else getattr(person, field) or None,
                held_batch_id=batches["door"],
                offered=offered[field],
                batch_id=batches["police"],
                line=dice.randrange(2, 4000),
                at=settlers.options.now - timedelta(days=1),
            )
