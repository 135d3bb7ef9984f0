"""An item in words, for staff and for everybody: what it says, its versions, what changed between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.selectors import lists as reads
from linli.capabilities.admission.selectors.naming import owner_of, shown
from linli.capabilities.admission.words import NAMES, STATES, STATUS
from linli.capabilities.admission.words.showing import Cell, Filter, Note, Table, day_of, heads
from linli.ui.spoken import said


def facts(found: Item, now: ItemVersion) -> list[tuple[Any, Any]]:
    """Whatever an item says in one version, and how sure that is."""
    return [
        (_("情况"), STATES[found.state][0]),
        (
            _("来源"),
            " · ".join([str(STATUS[now.status][0]), *_parts(now.document)]),
        ),
        *((NAMES[n], shown(n, getattr(now, n))) for n in NAMES if n != "title"),
        (_("准入通知单"), now.notice),
    ]


def _parts(document: str) -> list[str]:
    """Document and clause of a source, each in the reader's language where the pack's words are known."""
    return [said(part) for part in document.split(" · ") if part]


def notes(found: Item) -> list[Note]:
    """That an item is not in force, and by which decision."""
    if found.state == "open":
        return []
    state, tone = STATES[found.state]
    return [Note(f"{found.reason} {found.minute}", tone, state)]


def title_of(catalogue: str) -> Any:
    """What a list is called."""
    held = reads.section().catalogue_by_code.get(catalogue)
    return held.title if held else catalogue


def _document(v: ItemVersion) -> str:
    """The document behind a version and its clause, in the reader's language where the pack has them."""
    return " · ".join(said(part) for part in v.document.split(" · "))


def versions(rows: Sequence[ItemVersion]) -> Table:
    """Every version with its days."""
    return Table(
        heads(_("版本"), _("实行日期"), _("结束日期"), _("准入通知单"), _("写入时间")),
        [
            [
                _("第 %(n)s 版") % {"n": v.number},
                v.start,
                v.end,
                v.notice or _document(v),
                day_of(v.made),
            ]
            for v in rows
        ],
        title=_("各个版本"),
    )


def differences(rows: Sequence[ItemVersion]) -> Table:
    """What each version says otherwise than the one before it."""
    found = [
        [
            Cell(NAMES[name], note=_("第 %(n)s 版") % {"n": new.number}),
            shown(name, before),
            shown(name, after),
        ]
        for new, old in zip(rows, rows[1:], strict=False)
        for name, before, after in reads.difference(old, new)
    ]
    return Table(heads(_("改了什么"), _("原来"), _("现在")), found, title=_("版本之间的差别"))


def place_filter(at: int | None) -> list[Filter]:
    """Whose lists, where more than one place has its own."""
    found = reads.grounds()
    if len(found) < 2:
        return []
    return [Filter("at", _("哪里的目录"), at or "", [(each.pk, each.name) for each in found])]


def coming(rows: Sequence[ItemVersion], hrefs: Sequence[str]) -> Table:
    """What was decided and begins later."""
    return Table(
        heads(_("事项"), _("目录"), _("主管部门"), _("哪天起实行"), _("依据文件")),
        [
            [
                Cell(shown("title", v.title), href, note=v.item.code),
                title_of(v.item.catalogue),
                owner_of(v),
                v.start,
                v.notice or _document(v),
            ]
            for v, href in zip(rows, hrefs, strict=True)
        ],
        title=_("将要实行的"),
    )
