"""What a field worker's phone may send."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.selectors import field as selectors
from linli.capabilities.matters.selectors import names
from linli.kernel.acts import Act
from linli.ui.widgets import FilesField, PhotoInput


def _photos(label: object) -> FilesField:
    found = FilesField(label=label, required=False, widget=PhotoInput({"capture": "environment"}))
    return found


class Kept(forms.Form):
    """Carries the token that makes a repeated sending harmless, and what the worker saw."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)

    def __init__(self, *args: Any, act: Act, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act = act
        if not self.is_bound:
            self.initial.setdefault("token", uuid4())

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        own = ("token", "seen", "photos")
        found = {k: v for k, v in self.cleaned_data.items() if k not in own}
        if self.cleaned_data.get("photos"):
            found["photos"] = self.cleaned_data["photos"]
        return found


class ReportForm(Kept):
    """A thing seen on the round."""

    photos = _photos(_("现场照片"))
    title = forms.CharField(
        label=_("看到了什么"),
        max_length=120,
        widget=forms.TextInput({"placeholder": _("如：3号楼楼道灯不亮"), "enterkeyhint": "next"}),
    )
    code = forms.ChoiceField(label=_("类别"))
    area = forms.TypedChoiceField(label=_("所在网格"), coerce=int)
    address = forms.CharField(label=_("具体位置"), max_length=200, required=False)
    body = forms.CharField(
        label=_("补充说明"), max_length=4000, required=False, widget=forms.Textarea({"rows": 2})
    )
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = selectors.usual_classes(self.act)
        rest = [c for c in names().policy.classes if c.open and c not in usual]
        groups = {g.code: g.title for g in names().policy.groups}
        found: list[Any] = [("", _("请选择")), (_("常用"), [(c.code, c.title) for c in usual])]
        by_group: dict[str, list[tuple[str, str]]] = {}
        for c in rest:
            by_group.setdefault(groups.get(c.group, c.group), []).append((c.code, c.title))
        self.fields["code"].choices = [*found, *by_group.items()]  # type: ignore[attr-defined]
        areas = selectors.own_areas(self.act)
        self.fields["area"].choices = [(a.pk, a.name) for a in areas]  # type: ignore[attr-defined]


class Plain(Kept):
    """A step without words."""


class Handle(Kept):
    """What was done."""

    outcome = forms.CharField(
        label=_("怎么处理的"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    photos = _photos(_("处理后的照片"))


class Verify(Kept):
    """What was found."""

    words = forms.CharField(label=_("核实情况"), max_length=300, required=False)
    photos = _photos(_("现场照片"))


class Rework(Kept):
    """Why it goes back."""

    reason = forms.CharField(
        label=_("哪里没解决"), max_length=300, widget=forms.Textarea({"rows": 2})
    )
    photos = _photos(_("现场照片"))


class Reason(Kept):
    """A step with its reason."""

    reason = forms.CharField(label=_("说明"), max_length=300, widget=forms.Textarea({"rows": 2}))


class Transfer(Reason):
    """To whom."""

    to = forms.TypedChoiceField(label=_("转给"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(u.pk, u.name) for u in selectors.targets(self.act)]
        self.fields["to"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]


class Say(Kept):
    """A message to the resident."""

    body = forms.CharField(label=_("留言"), max_length=1000, widget=forms.Textarea({"rows": 2}))
