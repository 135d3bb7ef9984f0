"""Permissions of matters that write nothing: who may open which page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import reading

READ = reading("matters.read", title=_("查看诉求"))
WINDOW = reading("matters.window", title=_("窗口受理"))
MAP = reading("matters.map", title=_("查看诉求地图"))
FIGURES = reading("matters.figures", title=_("查看办理情况"))
RESTRICTED = reading("matters.restricted", title=_("查看限制知悉的诉求"))
FIELD = reading("matters.field", title=_("使用网格端"))
OWN = reading("matters.own", title=_("查看自己的诉求"))
HOTLINE = reading("matters.hotline", title=_("办理 12345 工单"))
