"""The batch that answers for what is entered by hand: one a day for each worker and way."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Source
from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.services.rows import today
from linli.kernel.acts import Act, Refusal
from linli.kernel.policy import current


def by_hand(act: Act, source: str) -> Batch:
    """The actor's batch of today for a way of entering by hand (`window`, `door`, `resident`)."""
    entry = current().section(RegistryPolicy).source_by_code.get(source)
    if entry is None or not entry.by_hand:
        raise Refusal(_("请说明信息从哪里来。"), field="source", code="source")
    values = {"title": str.__str__(entry.title), "rank": entry.rank}
    known, _made = Source.objects.get_or_create(code=source, defaults=values)
    day = today(act)
    area = act.spans[0].lo if act.spans else 0
    found = Batch.objects.filter(
        account=act.actor, source=known, as_of=day, area=area, file__isnull=True
    ).first()
    if found is not None:
        return found
    return Batch.objects.create(
        area_id=area,
        source=known,
        account_id=act.actor,
        as_of=day,
        state=Batch.State.DONE,
        at=act.at,
        finished=act.at,
    )
