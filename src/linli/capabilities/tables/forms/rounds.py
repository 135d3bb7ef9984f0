"""What a department says to a round: why a sheet goes back and where, how often it is asked again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Round
from linli.capabilities.tables.services import Mark

MARKS_MOST = 200


class BackForm(forms.Form):
    """Why a sheet goes back to its community."""

    reason = forms.CharField(
        label=_("退回原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明哪里要重核；上面的表里还可以标到行和格。"),
    )


def marks_of(data: QueryDict) -> list[Mark]:
    """What was marked: `mark-<record set>-<record>` names the column, `words-…` says what is wrong."""
    found = []
    for name, words in data.items():
        kind, _sign, rest = name.partition("-")
        record_set, _sign, record = rest.rpartition("-")
        if kind == "words" and str(words).strip() and record.isascii() and record.isdigit():
            column = str(data.get(f"mark-{rest}", ""))[:80]
            found.append(Mark(record_set, int(record[:18]), column, str(words)))
    return found[: MARKS_MOST + 1]


class RepeatForm(forms.Form):
    """How often a round is asked again."""

    frequency = forms.ChoiceField(
        label=_("填报周期"),
        required=False,
        choices=Round.Frequency.choices,
        help_text=_(
            "到下一期第一天，自动按同样的范围再过一次准入口；没有通过会告诉您，不会悄悄下发。"
        ),
    )
    keep_own = forms.BooleanField(
        label=_("沿用社区上期自填的内容"),
        required=False,
        help_text=_("登记在册的从不重复问；这里说的是只有这张表才要的列。"),
    )


class ChangeForm(forms.Form):
    """A value that a community mends, or what stands in its place."""

    text = forms.CharField(label=_("改为"), required=False, max_length=300)
    seen = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, choices: list[tuple[str, str]] | None = None, **kw: Any
    ):
        super().__init__(data, **kw)
        if choices:
            self.fields["text"] = forms.ChoiceField(
                label=_("改为"), required=False, choices=[("", "—"), *choices]
            )


class WithoutForm(forms.Form):
    """Why a gap stays without a value."""

    how = forms.ChoiceField(
        label=_("没有填上，是因为"),
        choices=[
            ("none", _("确无：这一项本来就没有")),
            ("unknown", _("不清楚：问过了，没人知道")),
            ("declined", _("拒绝提供：本人不愿意说")),
        ],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("原因"), required=False, max_length=200, help_text=_("不清楚、拒绝提供的要写原因。")
    )
