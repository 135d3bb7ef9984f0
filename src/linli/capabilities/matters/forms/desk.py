"""What a browser may send to the desk: a list's filters and the small forms of each step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.selectors.evidence import judged
from linli.capabilities.matters.selectors.telling import RESULTS
from linli.kernel.acts import Refusal
from linli.kernel.files.examine import Clean
from linli.kernel.files.services import PHOTOS_MOST
from linli.ui.choosing import ChoosingForm
from linli.ui.keys import key_of
from linli.ui.widgets import PhotoInput

REASON_MOST = 300
SHOWS = ("todo", "offered", "overdue", "soon", "waiting", "verify", "open", "closed", "all")
_MORE_SHOWS = ("mine", "late", "undone")
_JUDGED = ("yes", "no", "any")
_LOOSE = ("grid", "community", "unit")
_WORDS = ("state", "group", "code", "channel")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def filters_from(sent: QueryDict | dict[str, str], show: str = "todo") -> Filters:
    """The filter that a query string says; what makes no sense is left out."""

    def word(name: str) -> str:
        return str(sent.get(name, "")).replace("\x00", "").strip()[:60]

    wanted = word("show")
    return Filters(
        show=wanted if wanted in SHOWS + _MORE_SHOWS else show,
        unit=key_of(word("unit")),
        area=key_of(word("area")),
        q=word("q"),
        since=_day(word("since")),
        until=_day(word("until")),
        on_time=word("on_time") if word("on_time") in _JUDGED else "",
        satisfied=word("satisfied") if word("satisfied") in _JUDGED else "",
        loose=word("loose") if word("loose") in _LOOSE else "",
        again="yes" if word("again") == "yes" else "",
        sort="due" if word("sort") == "due" else "new",
        **{name: word(name) for name in _WORDS},
    )


class PhotosField(forms.FileField):
    """Several photos or papers, each judged by its content; gives `Clean` files."""

    widget = PhotoInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, widget=PhotoInput(attrs={"accept": "image/*,application/pdf"}), **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> tuple[Clean, ...]:
        """Every upload made clean, or the reason why one is refused."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(given) > PHOTOS_MOST:
            raise forms.ValidationError(_("最多上传 %(n)s 个附件。") % {"n": PHOTOS_MOST})
        found, refused = [], []
        for upload in given:
            try:
                found.append(judged(upload))
            except Refusal as refusal:
                refused.append(str(refusal))
        if refused and found:
            refused.append(_("另外 %(n)s 个没有问题，改好后请一起重新选择。") % {"n": len(found)})
        if refused:
            raise forms.ValidationError(refused)
        return tuple(found)


def _text(
    label: Any, *, required: bool = True, most: int = REASON_MOST, rows: int = 3
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows, "data-focus": ""}),
    )


class StepForm(ChoosingForm):
    """A step that needs nothing but a yes."""


class ReasonForm(StepForm):
    """A step that needs its reason."""

    reason = _text(_("理由"))


class QuestionForm(StepForm):
    """What the resident is asked for."""

    reason = _text(_("请居民补充什么"))


class WordsForm(StepForm):
    """A step with some words, if one likes."""

    words = _text(_("说明"), required=False)


class HandOverForm(StepForm):
    """To which unit, and why."""

    to = forms.TypedChoiceField(label=_("接收单位"), coerce=int, empty_value=None, required=False)
    other = forms.Field(label=_("上面没有的单位"), required=False)
    reason = _text(_("理由"))
    mark_optional = False  # one of the two is needed

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        if "other" not in given:
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        """The one unit that was chosen, here or there."""
        data = super().clean() or {}
        near, other = data.get("to"), data.pop("other", None)
        if near and other and near != other:
            self.add_error("to", _("选了两个单位，请只留一个。"))
        elif not near and not other and not {"to", "other"} & self.errors.keys():
            self.add_error("to", _("请选择接收单位。"))
        return {**data, "to": other or near}


class AssignForm(StepForm):
    """Which colleague."""

    account = forms.TypedChoiceField(
        label=_("经办人"), coerce=int, error_messages={"required": _("请选择经办人。")}
    )


class ReclassifyForm(StepForm):
    """Which class, and why."""

    code = forms.ChoiceField(label=_("改为"), error_messages={"required": _("请选择事项或类别。")})
    reason = _text(_("理由"))


class MergeForm(StepForm):
    """Into which other matter."""

    into = forms.CharField(label=_("并入哪一件（编号）"), max_length=24)
    reason = _text(_("理由"))


class AnswerForm(StepForm):
    """What the resident said, written down by the office."""

    body = _text(_("居民补充的内容"), most=1000)
    photos = PhotosField(label=_("附件"))


class MessageForm(StepForm):
    """A word to the resident, or a remark among colleagues."""

    body = _text(_("内容"), most=1000)
    internal = forms.BooleanField(
        label=_("内部备注"), required=False, help_text=_("只有工作人员能看到")
    )
    photos = PhotosField(label=_("附件"))


class ExtensionForm(StepForm):
    """How much longer, and why."""

    amount = forms.IntegerField(label=_("延长几天（工作日）"), min_value=1, max_value=365)
    reason = _text(_("理由"))


class DecisionForm(StepForm):
    """Yes or no to more time."""

    granted = forms.TypedChoiceField(
        label=_("批复"),
        choices=[("yes", _("同意延期")), ("no", _("不同意"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
    )
    words = _text(_("意见"), required=False)


class HandleForm(StepForm):
    """What was done, how it ended, with photos."""

    outcome = _text(_("做了什么"), most=1000, rows=4)
    result = forms.ChoiceField(
        label=_("结果"),
        choices=list(RESULTS.items()),
        widget=forms.RadioSelect,
        initial="solved",
        required=False,
    )
    photos = PhotosField(label=_("处理后的照片"))

    def clean_result(self) -> str:
        """Solved unless said otherwise."""
        return str(self.cleaned_data.get("result") or "solved")


class VerifyForm(StepForm):
    """What one saw on the spot."""

    words = _text(_("核实情况"), required=False)
    photos = PhotosField(label=_("现场照片"))


class ReworkForm(StepForm):
    """Why the work goes back."""

    reason = _text(_("哪里没有做好"))
    photos = PhotosField(label=_("现场照片"))


class ReopenForm(ReworkForm):
    """Why it is not solved, with photos of how it looks now."""


class RevealForm(StepForm):
    """Which protected value, and why it is needed in full."""

    field = forms.ChoiceField(
        label=_("要看哪一项"),
        choices=[
            ("phone", _("手机号")),
            ("reporter_name", _("姓名")),
            ("id_number", _("身份证号")),
        ],
    )
    reason = forms.CharField(label=_("为什么需要查看"), max_length=120, min_length=2)


class SaveFilterForm(forms.Form):
    """A name for the filter in use."""

    name = forms.CharField(label=_("名称"), max_length=40)
    query = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)


class ExportForm(forms.Form):
    """Why the rows leave the house, and as what."""

    reason = _text(_("导出用途"), rows=2)
    format = forms.ChoiceField(
        label=_("格式"),
        choices=[("xlsx", _("Excel 工作簿")), ("csv", _("CSV 文本"))],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


def refuse(form: forms.Form, refusal: Refusal, more: str = "") -> None:
    """Show a refusal at its field, or above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, f"{refusal}{more}")


def numbers(sent: QueryDict | MultiValueDict[str, str], name: str = "pick") -> list[int]:
    """The keys of picked rows, in order, each once."""
    keys = (key_of(value) for value in sent.getlist(name))
    return sorted({key for key in keys if key is not None})
