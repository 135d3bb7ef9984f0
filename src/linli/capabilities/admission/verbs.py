"""Permissions of admission that write nothing: who may open which page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import reading

READ = reading("admission.read", title=_("查看准入事项和下达的事"))
BURDEN = reading("admission.burden", title=_("查看社区负担指数"))
REFUSALS = reading("admission.refusals", title=_("查看不予承接的记录"))
