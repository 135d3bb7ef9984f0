"""What the verbs share: a row held until the transaction ends, the unit one acts for."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import offices
from linli.kernel.access.models import Unit
from linli.kernel.acts import Act, Refusal

Row = TypeVar("Row", bound=Model)


def held(rows: QuerySet[Row], gone: Any) -> Row:
    """The one row of a query, held until the transaction ends; refused when it is out of sight."""
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise Refusal(gone, code="gone")
    return found


def unit_of(act: Act) -> Unit:
    """The unit one acts for; refused without one."""
    unit = offices.unit(act.unit)
    if unit is None:
        raise Refusal(_("您没有以任何单位的身份办事。"), code="no-unit")
    return unit
