"""Verbs of access that write nothing: the permission to open a page."""

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import reading

PEOPLE = reading("access.read", title=_("查看人员岗位"))
AUDIT = reading("access.audit", title=_("查看操作记录"))
