"""Who may bring what: a department its own source and nothing else, for its whole ground, of which it sees nobody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Source
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services.rows import area_in_sight
from linli.kernel.acts import Act, Denied, Refusal
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area


def may_bring(act: Act, source: Source) -> None:
    """Refuse a source that is not the actor's department's own."""
    own = reads.own_sources(act)
    if own is not None and source.code not in own:
        raise Denied(_("部门账号只能导入本部门的数据。"))


def ground(act: Act, area: int) -> Area:
    """Where an import goes: an area in sight, or the ground of the actor's department."""
    if not reads.is_department(act):
        return area_in_sight(act, area)
    for each in reads.grounds(act):
        if area == each.pk:
            return each
    raise Refusal(_("这个区域不在您的管理范围。"), field="area", code="area")


def widened(act: Act, batch: Batch) -> Act:
    """The act under which a batch is worked off: a department's reaches as far as its batch, for that batch only."""
    may_bring(act, batch.source)
    return act.on(spans=(places.span(batch.area_id),)) if reads.is_department(act) else act
