"""What a fact is about, as people call it: the kind of row, and the number, name or address that it has."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

KINDS = {
    "access.account": _("账号"),
    "access.unit": _("单位"),
    "access.appointment": _("任职"),
    "access.apitoken": _("接口令牌"),
    "files.file": _("附件"),
    "files.export": _("导出"),
    "access.savedfilter": _("常用筛选"),
    "policy.policyversion": _("政策版本"),
    "places.area": _("区域"),
    "tasks.task": _("待办"),
    "notices.notice": _("消息"),
}


def kind_title(kind: str) -> str:
    """The kind of a subject in words: the kernel's own, a room's by what it calls the table, else by the room's name."""
    room = apps.app_configs.get(kind.partition(".")[0])
    table = kind.replace(".", "_", 1)
    named = next((each.title for each in getattr(room, "hangs", ()) if each.table == table), "")
    return str(KINDS.get(kind) or named or (room.verbose_name if room else kind))


def called(kind: str, keys: set[int]) -> dict[int, str]:
    """Numbers, names or addresses of rows that have one; what is gone or out of sight is left out."""
    app, _dot, name = kind.partition(".")
    model = apps.all_models.get(app, {}).get(name)
    told = [field for field in ("number", "name", "address") if hasattr(model, field)]
    if model is None or not told or kind == "files.file":
        return {}
    kept = model._base_manager.filter(pk__in=keys)
    found = {row.pk: next((str(v) for f in told if (v := getattr(row, f))), "") for row in kept}
    return {key: words for key, words in found.items() if words}


class _Titles:
    """Kinds of rows by their code, in words."""

    def get(self, kind: Any, /) -> str | None:
        """The kind in words; nothing for what is no kind."""
        return kind_title(kind) if isinstance(kind, str) and "." in kind else None


TITLES = _Titles()
