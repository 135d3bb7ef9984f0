"""What a browser may send to the entrances."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Refusal
from linli.kernel.vault.phone import PhoneError, mobile


class PhoneInput(forms.TextInput):
    """A phone's keypad; drawn with a mark by the parts."""

    input_type = "tel"


class CodeInput(forms.TextInput):
    """Six digits, filled in by the phone itself where it can."""


PHONE = {"autocomplete": "tel-national", "inputmode": "numeric", "placeholder": "13800000000"}
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"}


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field, or above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))


def digits(value: str, message: Any) -> str:
    """The six digits of a code as typed (full width and spaces are fine)."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
    if not re.fullmatch(r"[0-9]{6}", plain):
        raise forms.ValidationError(message)
    return plain


class PhoneForm(forms.Form):
    """A resident's number."""

    mark_optional = False

    phone = forms.CharField(
        label=_("手机号"), max_length=32, widget=PhoneInput(attrs=PHONE), required=False
    )

    def clean_phone(self) -> str:
        """The eleven digits."""
        try:
            return mobile(self.cleaned_data["phone"])
        except PhoneError as error:
            raise forms.ValidationError(_(str(error))) from error


class CodeForm(PhoneForm):
    """A number and the code that was sent to it."""

    code = forms.CharField(
        label=_("验证码"), max_length=12, widget=CodeInput(attrs=CODE), required=False
    )

    def clean_code(self) -> str:
        """The six digits."""
        return digits(self.cleaned_data["code"], _("请填写短信里的 6 位数字。"))


class PasswordForm(forms.Form):
    """A staff member's name and password."""

    login = forms.CharField(
        label=_("用户名"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("请填写用户名。")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。")},
    )

    def clean_login(self) -> str:
        """The name, without signs that no name has."""
        login = str(self.cleaned_data["login"])
        if "\0" in login:
            raise forms.ValidationError(_("用户名里有不能用的字符。"))
        return login


class SecondForm(forms.Form):
    """The six digits of the authenticator app."""

    mark_optional = False

    code = forms.CharField(
        label=_("动态口令"), max_length=12, widget=CodeInput(attrs=CODE), required=False
    )

    def clean_code(self) -> str:
        """The six digits."""
        return digits(self.cleaned_data["code"], _("请填写认证应用里显示的 6 位数字。"))


class NameForm(forms.Form):
    """How one is addressed."""

    name = forms.CharField(
        label=_("称呼"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请填写称呼。")},
    )


class ChangePasswordForm(forms.Form):
    """The old password and a new one."""

    old = forms.CharField(
        label=_("原密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=128,
        strip=False,
        help_text=_("至少 8 位，大写字母、小写字母、数字、符号中至少三种。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class HireForm(forms.Form):
    """A new staff account."""

    login = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9_.-]{1,39}$",
        label=_("用户名"),
        help_text=_("字母、数字，2 到 40 位；登录时用。"),
        error_messages={"invalid": _("用户名只能用字母、数字和 . _ -，2 到 40 位。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=_("姓名"), max_length=64)
    password = forms.CharField(
        label=_("初始密码"),
        max_length=128,
        strip=False,
        help_text=_(
            "至少 8 位，大写字母、小写字母、数字、符号中至少三种。请本人登录后在“账号与安全”里改掉。"
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )


class AppointForm(forms.Form):
    """Who is to hold which post, in which unit, over which area."""

    login = forms.CharField(
        label=_("用户名"),
        max_length=64,
        help_text=_("先有账号再任命；没有账号先“开通账号”。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    post = forms.ChoiceField(label=_("岗位"))
    unit = forms.CharField(
        label=_("单位"),
        max_length=80,
        help_text=_("填名称或代码，可从列表里选。"),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    area = forms.CharField(
        label=_("辖区"),
        max_length=400,
        help_text=_("填名称或区划代码，可从列表里选。"),
        widget=forms.TextInput(attrs={"list": "areas", "autocomplete": "off"}),
    )
    since = forms.DateField(
        label=_("任职日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    full_time = forms.BooleanField(label=_("专职"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        posts: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *posts]
        self.fields["since"].initial = timezone.localdate


class DismissForm(forms.Form):
    """The last day of a hat."""

    until = forms.DateField(
        label=_("最后一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PeopleFilter(forms.Form):
    """Which appointments to list."""

    post = forms.ChoiceField(label=_("岗位"), required=False)
    q = forms.CharField(label=_("姓名或用户名"), max_length=40, required=False)

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *posts]


class AuditFilter(forms.Form):
    """Which facts to list."""

    verb = forms.ChoiceField(label=_("动作"), required=False)
    login = forms.CharField(label=_("操作人"), max_length=64, required=False)
    day = forms.DateField(
        label=_("日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label=_("对象"), required=False)
    subject = forms.RegexField(
        r"^(\d{1,19}|\d{2}-\d{7,14}-\d)$",
        label=_("对象编号"),
        max_length=24,
        required=False,
        error_messages={"invalid": _("请填编号，如诉求编号 26-0000012-5。")},
    )

    def __init__(
        self,
        *args: Any,
        verbs: list[tuple[str, str]],
        kinds: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("verb", verbs), ("kind", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *offered]
