"""What the codes of lists are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

AFFAIRS = {"gov": _("政务事项"), "autonomy": _("自治事务")}
STATES = {
    "open": (_("有效"), "good"),
    "suspended": (_("暂停"), "warn"),
    "revoked": (_("已撤销"), "bad"),
    "expired": (_("已到期"), "neutral"),
}
STATUS = {
    "found": (_("有依据"), "good"),
    "known": (_("待核对"), "info"),
    "default": (_("默认示例"), "warn"),
}
NAMES = {
    "title": _("事项名称"),
    "owner": _("主管部门"),
    "lead": _("牵头单位"),
    "basis": _("依据"),
    "frequency": _("频次"),
    "fields": _("要填的字段"),
    "affair": _("性质"),
    "yearly": _("每个社区每年经费（元）"),
    "funding": _("经费来源"),
    "hours": _("每次用时（小时）"),
    "inside": _("内部还是外部"),
    "form": _("证明文字"),
    "start": _("实行日期"),
    "end": _("结束日期"),
}
# What packs and departments say in words of their own: packs' words are translated, others stand as written.
SPOKEN = frozenset({"owner", "frequency", "funding"})
