"""The notices of tables: which form, by when; no person and no value."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.notices.kinds import Kind, declare


def _sheet(key: int, face: str) -> str:
    return reverse("tables:sheet", args=[key]) if face == "desk" else reverse("tables:doors")


def _round(key: int, face: str) -> str:
    return reverse("tables:round", args=[key])


REMINDED = declare(
    Kind("tables.reminded", _("催报"), _("“%(title)s”还没有上报，截止 %(due)s。"), href=_sheet)
)
RETURNED = declare(
    Kind(
        "tables.returned", _("表格退回重核"), _("“%(title)s”退回重核，原因写在表上。"), href=_sheet
    )
)
STOPPED = declare(
    Kind(
        "tables.stopped",
        _("下一期没有发出"),
        _("“%(title)s”的下一期没有通过准入口：%(why)s"),
        href=_round,
    )
)
