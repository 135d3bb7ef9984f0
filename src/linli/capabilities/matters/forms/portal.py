"""What residents may send."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.forms.placing import Chosen, choose
from linli.capabilities.matters.policy import MattersPolicy, ServiceItem
from linli.capabilities.matters.policy.catalogue import FieldType, FormField
from linli.kernel.acts import Refusal
from linli.kernel.vault.idnumber import IdNumberError, parse
from linli.kernel.vault.phone import PhoneError, any_phone
from linli.ui.widgets import CodeInput, DayInput, FilesField, PhoneInput, RadioCards, Stars

TITLE_MOST, BODY_MOST, WORDS_MOST = 120, 4000, 1000
PREFIX = "f_"


def clean_phone(value: str) -> str:
    """The digits of a phone as typed; empty stays empty."""
    if not value.strip():
        return ""
    try:
        return any_phone(value)
    except PhoneError as error:
        raise forms.ValidationError(_(str(error))) from error


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


class _Placed(forms.Form):
    """The part of a form that says where; `place` holds the answer after cleaning."""

    address = forms.CharField(
        label=_("地址"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    datum = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    token = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("页面不完整，请刷新后再提交。")}
    )
    place: Chosen | None = None

    def picked(self) -> str:
        """The code of the finest area picked."""
        given = (self.data.get(name, "") for name in ("community", "street", "district"))
        return next((code[:20] for code in given if code), "")

    def clean(self) -> dict[str, Any]:
        """Find the place, or say at the address what is missing."""
        cleaned = super().clean() or {}
        try:
            self.place = choose(
                lon=cleaned.get("lon"),
                lat=cleaned.get("lat"),
                address=cleaned.get("address", ""),
                picked=self.picked(),
                datum=cleaned.get("datum", ""),
            )
        except Refusal as refusal:
            refuse(self, refusal)
        return cleaned


class _Contact(_Placed):
    """With how a guest can be reached."""

    name = forms.CharField(
        label=_("称呼"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(label=_("联系电话"), max_length=32, required=False, widget=PhoneInput)

    def clean_phone(self) -> str:
        """The digits, when given."""
        return clean_phone(self.cleaned_data["phone"])


class ReportForm(_Contact):
    """One report, on one page; what is wrong is listed in the order of the page."""

    field_order = ("title", "body", "code", "address", "photos", "name", "phone", "anonymous")

    title = forms.CharField(
        label=_("什么事"),
        max_length=TITLE_MOST,
        error_messages={"required": _("请用一句话说明是什么事。")},
        widget=forms.TextInput(attrs={"placeholder": _("如：3 号楼门口路灯不亮")}),
    )
    body = forms.CharField(
        label=_("再说详细些"),
        max_length=BODY_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    code = forms.CharField(label=_("属于哪一类"), max_length=40, required=False)
    photos = FilesField(label=_("照片"), required=False)
    anonymous = forms.BooleanField(
        label=_("匿名反映"),
        required=False,
        help_text=_("不记录您是谁，凭查询码看进度；办理人也联系不到您。"),
    )

    def __init__(self, *args: Any, policy: MattersPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        photos = self.fields["photos"]
        assert isinstance(photos, FilesField)
        photos.most = policy.photos.count


class ApplyForm(_Contact):
    """An application for a service item: its own fields, the place, and who asks for whom."""

    body = forms.CharField(
        label=_("补充说明"),
        max_length=BODY_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photos = FilesField(
        label=_("材料照片"), required=False, help_text=_("没有可以先不传，之后再补。")
    )
    for_other = forms.BooleanField(
        label=_("我替别人办（全程代办）"),
        required=False,
        help_text=_("替家里老人、邻居办，都可以。"),
    )
    other_name = forms.CharField(label=_("替谁办：姓名"), max_length=40, required=False)
    other_id = forms.CharField(label=_("替谁办：身份证号"), max_length=24, required=False)
    other_note = forms.CharField(
        label=_("怎么委托的"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("如：本人口头委托，有委托书照片")}),
    )

    def __init__(
        self,
        *args: Any,
        item: ServiceItem,
        policy: MattersPolicy,
        guest: bool,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.guest, self.today = item, guest, today
        for declared in item.fields:
            self.fields[PREFIX + declared.name] = field_of(declared)
        self.fields["address"].label = _("现住地址")
        photos = self.fields["photos"]
        assert isinstance(photos, FilesField)
        photos.most = policy.photos.count

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields that only this item asks for."""
        return [self[PREFIX + declared.name] for declared in self.item.fields]

    def clean(self) -> dict[str, Any]:
        """Judge ID numbers and phones, and who is behind the application."""
        cleaned = super().clean()
        for declared in self.item.fields:
            self._judge(PREFIX + declared.name, declared.type)
        self._judge("other_id", FieldType.ID_NUMBER)
        if cleaned.get("for_other"):
            self._need("other_name", _("请填写替谁办理。"))
            self._need("other_note", _("请说明怎么委托的。"))
        if self.guest and not self.item.anonymous:
            self._need("name", _("这个事项要实名办理，请填写称呼。"))
            self._need("phone", _("这个事项要实名办理，请填写联系电话。"))
        return cleaned

    def _need(self, name: str, words: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, words)

    def _judge(self, name: str, kind: FieldType) -> None:
        value = self.cleaned_data.get(name)
        if not value or kind not in (FieldType.ID_NUMBER, FieldType.PHONE):
            return
        try:
            if kind is FieldType.PHONE:
                self.cleaned_data[name] = any_phone(value)
            else:
                self.cleaned_data[name] = parse(value, self.today).number
        except (PhoneError, IdNumberError) as error:
            self.add_error(name, _(str(error)))

    def answers(self) -> tuple[dict[str, Any], str]:
        """Answers for the record, and the ID number, which goes to the vault instead."""
        found: dict[str, Any] = {}
        number = str(self.cleaned_data.get("other_id") or "")
        for declared in self.item.fields:
            value = self.cleaned_data.get(PREFIX + declared.name)
            if value in (None, ""):
                continue
            if declared.type is FieldType.ID_NUMBER and not number:
                number = str(value)
                continue
            found[declared.name] = value.isoformat() if isinstance(value, date) else value
        if self.cleaned_data.get("for_other"):
            found["for_other"] = self.cleaned_data["other_note"]
        return found, number


def field_of(declared: FormField) -> forms.Field:
    """The browser's field for a field that a pack declares."""
    missing = {"required": _("请填写“%(label)s”。") % {"label": declared.label}}
    common: dict[str, Any] = {
        "label": declared.label,
        "required": declared.required,
        "help_text": declared.hint,
        "error_messages": missing,
    }
    kind = declared.type
    if kind is FieldType.TEXTAREA:
        return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **common)
    if kind is FieldType.NUMBER:
        return forms.FloatField(**common)
    if kind is FieldType.DATE:
        return forms.DateField(widget=DayInput, **common)
    if kind is FieldType.CHOICE:
        options = [(str.__str__(o), o) for o in declared.options]
        return forms.ChoiceField(choices=options, widget=RadioCards, **common)
    if kind is FieldType.YES_NO:
        return forms.ChoiceField(
            choices=[("yes", _("是")), ("no", _("否"))], widget=RadioCards, **common
        )
    if kind is FieldType.PHONE:
        return forms.CharField(max_length=32, widget=PhoneInput, **common)
    return forms.CharField(max_length=200, **common)


class QueryForm(forms.Form):
    """Number and code of a receipt."""

    number = forms.CharField(
        label=_("诉求编号"),
        max_length=40,
        error_messages={"required": _("请填写回执上的编号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "26-0000123-4"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=24,
        error_messages={"required": _("请填写回执上的查询码。")},
        widget=CodeInput(
            attrs={
                "maxlength": "24",
                "inputmode": "text",
                "autocapitalize": "characters",
                "autocomplete": "off",
            }
        ),
    )


class SayForm(forms.Form):
    """A word to the office, or the answer it asked for."""

    body = forms.CharField(
        label=_("想说的话"),
        max_length=WORDS_MOST,
        error_messages={"required": _("请写下要说的话。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photos = FilesField(label=_("照片"), required=False)


class ReasonForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=300,
        error_messages={"required": _("请简单说说原因。")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReopenForm(ReasonForm):
    """Why it is not solved, and how it looks now."""

    reason = forms.CharField(
        label=_("哪里没有解决"),
        max_length=300,
        error_messages={"required": _("请简单说说哪里没有解决。")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photos = FilesField(label=_("现在的照片"), required=False)


class RateForm(forms.Form):
    """How it was, by the grades of the pack."""

    value = forms.TypedChoiceField(
        label=_("您满意吗"),
        coerce=int,
        widget=Stars,
        error_messages={"required": _("请选择一个满意程度。")},
    )
    solved = forms.ChoiceField(
        label=_("问题解决了吗"),
        choices=[("yes", _("解决了")), ("no", _("没有解决"))],
        required=False,
        widget=RadioCards,
    )
    words = forms.CharField(
        label=_("想说的（不满意请说说哪里不好）"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, policy: MattersPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = sorted(policy.ratings.grades, key=lambda g: g.value)
        field = self.fields["value"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(g.value, g.title) for g in grades]
