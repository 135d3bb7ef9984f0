"""A value that stands in a sheet and is wrong: mended where it lives, with its source, by the record's own verb."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.services import answering
from linli.capabilities.tables.models import Sheet
from linli.capabilities.tables.rules import Part, Way
from linli.capabilities.tables.selectors.held import element_of
from linli.capabilities.tables.services import gaps
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.rules import Unreadable, read


@action("tables.mend", title=_("更正表中的信息"), codes=("record", "column"))
def mend(
    act: Act, sheet: Sheet, *, part: Part, record: int, column: str, text: str, seen: str = ""
) -> None:
    """Mend one known value of a sheet; it goes to the registry with its source and so into every table.

    `seen` is what stood there when it was looked at: where that has changed, nothing is written (Refusal `changed`).
    """
    element = _element(part, column)
    if not sheet.open:
        raise Refusal(_("这张表已经上报，不能再改。请部门退回后再改。"), code="state")
    batch = offers.some(act, gaps.query_of(sheet, part, element), [record])
    if not batch.keys:
        raise Refusal(_("这一行已经不在这张表里，请刷新页面。"), code="gone")
    found = selectors.element(element)
    now = offers.shown(found, batch.values[element][0])
    if seen != now:
        words = _("这一项刚被改为“%(now)s”，没有覆盖。请核对后再改。") % {"now": now or "—"}
        raise Refusal(words, field="text", code="changed")
    value = _value(act, element, text)
    answering.answer(act, part.record_set, record, values={element: value}, source="window")
    note(record_set=part.record_set, element=element)


def _element(part: Part, column: str) -> str:
    found = next((c for c in part.columns if c.key == column and c.way is Way.KNOWN), None)
    element = element_of(part.record_set, found.element, found.part) if found else ""
    if found is None or found.part or not answering.answers(part.record_set, element):
        raise Refusal(_("这一项不能在这里改，请到它自己的页面办理。"), code="answer")
    return element


def _value(act: Act, element: str, text: str) -> Any:
    found = selectors.element(element)
    if not text.strip():
        raise Refusal(_("请填写改为什么。"), field="text", code="required")
    value = read(found, text, selectors.table_of(found), today=timezone.localdate(act.at))
    if isinstance(value, Unreadable):
        words = _("“%(what)s”：%(why)s") % {"what": found.label, "why": value.reason}
        raise Refusal(words, field="text", code=value.code)
    return value
