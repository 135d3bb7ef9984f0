"""The roll's filters, and what may be done with a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.forms.people.parts import StepForm
from linli.capabilities.registry.selectors.roll import GAPS, SHOWS, Filters
from linli.ui.keys import key_of
from linli.ui.widgets import DayInput

OLDEST = 130


def filters_from(sent: QueryDict | dict[str, str]) -> Filters:
    """The filter that a query string says; what makes no sense is left out."""

    def word(name: str) -> str:
        return str(sent.get(name, "")).replace("\x00", "").strip()[:60]

    def years(name: str) -> int | None:
        found = key_of(word(name))
        return found if found is not None and found <= OLDEST else None

    show, gap = word("show"), word("gap")
    return Filters(
        show=show if show in SHOWS else "all",
        area=key_of(word("area")),
        estate=key_of(word("estate")),
        building=key_of(word("building")),
        household=key_of(word("household")),
        sex=word("sex") if word("sex") in ("1", "2") else "",
        youngest=years("youngest"),
        oldest=years("oldest"),
        tag=word("tag")[:40],
        political=word("political")[:2],
        gap=gap if gap in GAPS else "",
        apart="yes" if word("apart") == "yes" else "",
    )


def keys(sent: QueryDict, name: str = "pick") -> list[int]:
    """The keys of picked rows, each once."""
    return sorted({key for text in sent.getlist(name) if (key := key_of(text)) is not None})


class SaveFilterForm(forms.Form):
    """A name for the filter in use."""

    name = forms.CharField(label=_("名称"), max_length=40)
    query = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)


class ExportForm(StepForm):
    """Why the rows leave the house, which columns, and as what."""

    reason = forms.CharField(
        label=_("导出用途"), max_length=300, min_length=2, widget=forms.Textarea(attrs={"rows": 2})
    )
    columns = forms.MultipleChoiceField(
        label=_("导出哪些列"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一列。")},
    )
    format = forms.ChoiceField(
        label=_("格式"),
        choices=[("xlsx", _("Excel 工作簿")), ("csv", _("CSV 文本"))],
        widget=forms.RadioSelect,
        initial="xlsx",
    )
    clear = forms.BooleanField(
        label=_("证件号码和电话显示完整"),
        required=False,
        help_text=_("只在确有必要时勾选；名单上的每个人都能看到导出了完整号码。"),
    )

    def __init__(self, data: Any = None, *, clear: bool = False, **given: Any) -> None:
        super().__init__(data, **given)
        if not clear:
            del self.fields["clear"]


class NarrowForm(StepForm):
    """Of the roll's filters those that are chosen among very many."""

    in_estate = forms.IntegerField(label=_("小区"), required=False)
    in_building = forms.IntegerField(label=_("楼栋"), required=False)


class DayForm(StepForm):
    """Which day, and in which estate."""

    on = forms.DateField(label=_("哪一天"), widget=DayInput, required=False)
    in_estate = forms.IntegerField(label=_("小区"), required=False)
