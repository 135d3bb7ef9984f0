"""Permissions of the registry that write nothing: who may open which page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import reading

READ = reading("registry.read", title=_("查看人口和家庭"))
SENSITIVE = reading("registry.sensitive_marks", title=_("查看敏感标签"))
FILINGS = reading("registry.filings", title=_("查看任职备案"))
PLAN = reading("registry.plan", title=_("预演社区规模调整"))
OWN = reading("registry.own", title=_("查看登记在自己名下的信息"))
CLEAR = reading("registry.export_clear", title=_("导出完整证件号码和电话"))
