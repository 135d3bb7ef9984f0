"""Permissions of the room that write nothing: who may open which page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import reading

LEDGERS = reading("tables.ledgers", title=_("查看云台账"))
FORMS = reading("tables.forms", title=_("查看本单位的表格"))
ROUNDS = reading("tables.rounds", title=_("查看填报"))
