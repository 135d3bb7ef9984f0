"""Matters as a record set that other rooms read through the kernel's dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.policy import MattersPolicy
from linli.capabilities.matters.rules import number_of
from linli.capabilities.matters.verbs import READ
from linli.kernel.acts import Act
from linli.kernel.dictionary.offers.shapes import Column, Join, Offer
from linli.kernel.policy import current

_ZONE = "AT TIME ZONE 'Asia/Shanghai'"


def _day(column: str) -> Column:
    return Column(f"(m.{column} {_ZONE})::date", sort=f"m.{column}")


def _number(parts: Sequence[int]) -> str:
    year, key = parts
    return number_of(key, datetime(year, 1, 1, tzinfo=UTC))


def _classes(act: Act) -> dict[str, list[str]]:
    """Every class and item beside its group, as parameters."""
    policy = current().section(MattersPolicy)
    pairs = [(str(each.code), str(each.group)) for each in policy.classes]
    pairs += [(str(each.code), str(each.group)) for each in policy.items]
    return {"classes": [code for code, _group in pairs], "groups": [g for _code, g in pairs]}


MATTER = Offer(
    record_set="matter",
    title=_("诉求"),
    needs=READ.code,
    takes="matters.export",
    base="matters_matter m",
    key="m.id",
    area="m.area_id",
    where="m.opened < %(end)s",
    order=("-m.id",),
    columns={
        "matter.number": Column(
            f"ARRAY[extract(year FROM m.opened {_ZONE.replace('Asia/Shanghai', 'UTC')})::bigint, m.id]",
            turn=_number,
            asked=False,
        ),
        "matter.title": Column("m.title"),
        "matter.class": Column("m.code"),
        "matter.group": Column("(%(groups)s::text[])[array_position(%(classes)s::text[], m.code)]"),
        "matter.half": Column("m.kind"),
        "matter.source": Column("m.channel"),
        "matter.address": Column("m.address"),
        "matter.place": Column("m.area_id", level="grid"),
        "matter.community": Column("m.area_id", level="community"),
        "matter.opened": _day("opened"),
        "matter.due": _day("due"),
        "matter.closed": _day("closed"),
        "matter.state": Column("m.state"),
        "matter.unit": Column("u.name", ("unit",)),
        "matter.handler": Column("ha.name", ("handler",)),
        "matter.reporter": Column(
            "CASE WHEN NOT m.anonymous THEN m.reporter_name END",
            sealed="name",
            place="matters_matter.reporter_name",
        ),
        "matter.on_time": Column("m.on_time"),
        "matter.rating": Column("m.rating"),
        "matter.outcome": Column("m.outcome"),
    },
    joins={
        "unit": Join("LEFT JOIN access_unit u ON u.id = m.unit_id"),
        "handler": Join("LEFT JOIN access_account ha ON ha.id = m.handler_id"),
    },
    params=_classes,
    opens="matters:desk_open",
    name="m.title",
    files=("matters.matter",),
)

OFFERS = (MATTER,)
