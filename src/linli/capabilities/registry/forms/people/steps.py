"""The small forms of each step."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.forms.people.parts import (
    PAPERS_OFF,
    CodeField,
    PhoneField,
    ReasonForm,
    StepForm,
    SureField,
    coded,
)
from linli.ui.widgets import DayInput, PhoneInput


class IdentityForm(forms.Form):
    """Who somebody says they are: document first, then everything that follows from it."""

    kind = CodeField("document_kind", label=_("证件类型"), initial="111")
    number = forms.CharField(
        label=_("证件号码"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={**PAPERS_OFF, "data-focus": "", "inputmode": "text"}),
        help_text=_("没有证件的人，空着这一项，只填姓名和出生日期。"),
    )
    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs=PAPERS_OFF))


class PlaceForm(StepForm):
    """Where somebody lives, on what ground, since when."""

    residence_kind = forms.ChoiceField(
        label=_("居住类型"),
        choices=lambda: coded("residence_kind", _("请选择")),
        error_messages={"required": _("请选择居住类型。")},
    )
    home = forms.CharField(
        label=_("住址"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={**PAPERS_OFF, "list": "doors"}),
        help_text=_("小区、幢、单元、室，例如：春江花园1幢1单元101"),
    )
    area = forms.TypedChoiceField(
        label=_("或只到网格"), required=False, coerce=int, empty_value=None
    )
    relation = CodeField("relation", label=_("与户主关系"))
    lives = forms.BooleanField(label=_("本人住在这里"), required=False, initial=True)
    since = forms.DateField(label=_("入住日期"), required=False, widget=DayInput)
    new_home = forms.BooleanField(
        label=_("这是新的房屋，一并登记"),
        required=False,
        help_text=_("楼栋已有、房号还没有登记时勾选。"),
    )
    apart = SureField(label=_("不是一家人，在这套房屋里另立一户"))


class ValuesForm(StepForm):
    """What else is known; everything may stay empty."""

    born = forms.DateField(label=_("出生日期"), required=False, widget=DayInput)
    sex = forms.ChoiceField(
        label=_("性别"),
        required=False,
        choices=lambda: [c for c in coded("sex") if c[0] in ("", "1", "2")],
    )
    phone = PhoneField(label=_("联系电话"), max_length=32, required=False)
    ethnic = CodeField("ethnic", label=_("民族"))
    native_place = forms.CharField(label=_("籍贯"), max_length=60, required=False)
    marital = CodeField("marital", label=_("婚姻状况"))
    education = CodeField("education", label=_("文化程度"))
    political = CodeField("political", label=_("政治面貌"))
    employment = CodeField("employment", label=_("就业状况"))
    workplace = forms.CharField(label=_("工作单位"), max_length=120, required=False)


VALUES = tuple(name for name in ValuesForm.base_fields if name not in ("born", "sex"))


class GuardianForm(forms.Form):
    """Who guards a minor: an adult of the registry by number, or a name with a phone."""

    guardian = forms.CharField(label=_("监护人姓名"), max_length=60, required=False)
    guardian_phone = PhoneField(label=_("监护人电话"), max_length=32, required=False)


class OtherForm(StepForm):
    """Another person: one of the household, or somebody by name, phone and, if at hand, number."""

    person = forms.TypedChoiceField(label=_("家人"), required=False, coerce=int, empty_value=None)
    guardian = forms.CharField(label=_("不在同一户的，填写姓名"), max_length=60, required=False)
    guardian_number = forms.CharField(
        label=_("身份证号"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs=PAPERS_OFF),
        help_text=_("填了才能认出在别处登记的本人；不知道就空着。"),
    )
    guardian_phone = PhoneField(label=_("联系电话"), max_length=32, required=False)


class GuardianStepForm(OtherForm):
    """A guardian for a minor who is registered."""


class BondForm(OtherForm):
    """Which tie, to whom, since when."""

    kind = forms.ChoiceField(label=_("是什么关系"))
    since = forms.DateField(label=_("从哪天起"), required=False, widget=DayInput)
    field_order = ("kind", "person", "guardian", "guardian_number", "guardian_phone", "since")


class LinkAtWindowForm(StepForm):
    """Which document was seen, and the phone that the resident signs in with."""

    seen = forms.ChoiceField(label=_("已当面核验的证件"))
    phone = PhoneField(
        label=_("居民登录用的手机号"), max_length=32, widget=PhoneInput(attrs=PAPERS_OFF)
    )
    remark = forms.CharField(label=_("备注"), max_length=200, required=False)


class UnmarkForm(ReasonForm):
    """Why a tag ends; one given by mistake never held."""

    mistake = forms.BooleanField(label=_("这个标签加错了，从来不该有"), required=False)


class RegisterForm(IdentityForm, PlaceForm, ValuesForm, GuardianForm):
    """Somebody new, on one page."""

    token = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("页面不完整，请刷新后再提交。")}
    )
    sure = forms.BooleanField(label=_("已核对，同名同生日的不是同一人"), required=False)
    field_order = (
        "kind",
        "number",
        "name",
        "born",
        "sex",
        "residence_kind",
        "home",
        "new_home",
        "area",
        "relation",
        "apart",
        "lives",
        "since",
        "phone",
        "guardian",
        "guardian_phone",
        "ethnic",
        "native_place",
        "marital",
        "education",
        "political",
        "employment",
        "workplace",
        "sure",
    )

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        # Who it is was asked before, a newborn has no number yet: the page begins at its top.
        self.fields["number"].widget.attrs.pop("data-focus", None)


class AdoptForm(IdentityForm, PlaceForm):
    """Somebody known elsewhere has come."""

    asked = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("接收原因"),
        max_length=200,
        help_text=_("例如：本人已搬来居住。原社区会收到通知。"),
    )


class BirthForm(PlaceForm, IdentityForm):
    """A child, with what its birth says."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    born = forms.DateField(label=_("出生日期"), required=False, widget=DayInput)
    sex = forms.ChoiceField(
        label=_("性别"),
        required=False,
        choices=lambda: [c for c in coded("sex") if c[0] in ("", "1", "2")],
    )
    sure = forms.BooleanField(label=_("已核对，同名同生日的不是同一人"), required=False)
    field_order = (
        "name",
        "sex",
        "born",
        "kind",
        "number",
        "residence_kind",
        "home",
        "relation",
        "apart",
        "sure",
    )


class MoveOutForm(StepForm):
    """Which residence ends, when, why."""

    residence = forms.TypedChoiceField(label=_("结束哪一条居住登记"), coerce=int)
    on = forms.DateField(label=_("迁出日期"), widget=DayInput)
    ending = forms.ChoiceField(
        label=_("原因"),
        choices=[
            ("moved", _("搬走")),
            ("transferred", _("户口迁走")),
            ("corrected", _("登记有误")),
        ],
    )
    remark = forms.CharField(label=_("备注"), max_length=200, required=False)


class DeathForm(StepForm):
    """The day of death."""

    on = forms.DateField(label=_("死亡日期"), widget=DayInput)
    sure = SureField(label=_("死亡日期没有错，入住日期是登记时填的"))


class MarkForm(StepForm):
    """Which tag, on what basis, since when."""

    code = forms.ChoiceField(label=_("标签"))
    basis = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("空着则用政策里写明的依据。")
    )
    since = forms.DateField(label=_("从哪天起"), required=False, widget=DayInput)


PROTECTED = ("document", "phone")  # never shown in full, so never sent back
SEEN = "seen-"


def spelled(value: Any) -> str:
    """A value as a page carries it."""
    return "" if value is None else str(value)


class CorrectForm(ValuesForm):
    """Values to be corrected; only what differs from what the page had shown is sent on."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    document_kind = CodeField("document_kind", label=_("证件类型"))
    document = forms.CharField(
        label=_("新的证件号码"),
        max_length=32,
        required=False,
        help_text=_("不改就空着。"),
        widget=forms.TextInput(attrs=PAPERS_OFF),
    )
    former_name = forms.CharField(label=_("曾用名"), max_length=60, required=False)
    field_order = ("name", "former_name", "document_kind", "document", "born", "sex")

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        self.told: dict[str, str] = {}  # what the page shows anew after a refusal

    def carried(self) -> dict[str, str]:
        """What this page shows of each value, to be sent back with it; protected ones are never shown."""
        names = [name for name in self.fields if name not in PROTECTED]
        shown = {name: spelled(self.initial.get(name)) for name in names}
        return {f"{SEEN}{name}": self.seen.get(name, shown[name]) for name in names}

    @property
    def seen(self) -> dict[str, str]:
        """What the page had shown when it was sent."""
        sent = self.data.items() if self.is_bound else ()
        return {n.removeprefix(SEEN): v for n, v in sent if n.startswith(SEEN)} | self.told

    def touched(self) -> dict[str, Any]:
        """The values that whoever sent the page has changed on it."""
        seen = self.seen
        found = {name: self.cleaned_data[name] for name in self.changed_data}
        return {n: v for n, v in found.items() if n not in seen or spelled(v) != seen[n]}

    def overtaken(self) -> str:
        """A value that somebody else has changed since the page was drawn, and so has its sender."""
        for name, value in self.touched().items():
            now = spelled(self.initial.get(name))
            if self.seen.get(name, now) not in (now, spelled(value)):
                self.told = {**self.told, name: now}
                return name
        return ""


class ConsentForm(StepForm):
    """What somebody agrees to."""

    purpose = forms.ChoiceField(label=_("同意用于什么"))
    by_guardian = forms.BooleanField(label=_("由监护人代为同意"), required=False)


class AnswerForm(StepForm):
    """The answer to an objection: `about` is the value that it is about, `said` what the resident wrote."""

    taken = forms.TypedChoiceField(
        label=_("核实结果"),
        choices=[("yes", _("更正")), ("no", _("维持原值"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("给本人的答复"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("taken", "value", "answer")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        about: str = "",
        said: Sequence[tuple[Any, str]] = (),
        **given: Any,
    ) -> None:
        super().__init__(data, files, **given)
        self.said = said
        meant = CorrectForm.base_fields.get(about)
        if meant is not None:
            value = deepcopy(meant)
            value.label = _("%(what)s更正为") % {"what": meant.label}
            value.required, value.help_text = False, _("维持原值时空着。")
            self.fields["value"] = value
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Whoever corrects says what is right; homes, families and tags are corrected by steps of their own."""
        data: dict[str, Any] = dict(self.cleaned_data)
        if data.get("taken") and "value" in data and not data["value"]:
            self.add_error("value", _("请写明更正成什么。"))
        return data


class SplitForm(StepForm):
    """Who leaves the household, and who of them heads the new one."""

    members = forms.TypedMultipleChoiceField(
        label=_("分出去的人"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择分出去的人。")},
    )
    head = forms.TypedChoiceField(label=_("新户主"), coerce=int)
    on = forms.DateField(label=_("分户日期"), widget=DayInput)
    home = forms.CharField(
        label=_("搬到哪里"),
        max_length=120,
        required=False,
        help_text=_("还住在原处就空着。"),
        widget=forms.TextInput(attrs={**PAPERS_OFF, "list": "doors"}),
    )
    number = forms.CharField(label=_("新户号"), max_length=32, required=False)


class MergeForm(StepForm):
    """Which household joins this one."""

    other = forms.TypedChoiceField(
        label=_("并进来的那一户"), coerce=int, help_text=_("列出同一楼里的户。")
    )
    on = forms.DateField(label=_("并户日期"), widget=DayInput)


class HeadForm(StepForm):
    """Who heads the household from now on."""

    person = forms.TypedChoiceField(label=_("新户主"), coerce=int)
