"""The batch that answers for what is entered by hand: one a day for each worker and way."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Source
from linli.capabilities.registry.services.rows import today
from linli.kernel.acts import Act, Refusal

# Ways by hand: title and rank (lower wins); a department's register ranks where its profile says.
HANDS = {"window": ("窗口登记", 30), "door": ("入户采集", 30), "resident": ("本人填报", 40)}


def by_hand(act: Act, source: str) -> Batch:
    """The actor's batch of today for a way of entering by hand (`window`, `door`, `resident`)."""
    if source not in HANDS:
        raise Refusal(_("请说明信息从哪里来。"), field="source", code="source")
    title, rank = HANDS[source]
    known, _made = Source.objects.get_or_create(
        code=source, defaults={"title": title, "rank": rank}
    )
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
