"""What a field worker's phone may send from the door: values of each member, photos, a signature."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.forms.people import CodeField, PhoneField
from linli.capabilities.registry.selectors.visits import Guest
from linli.capabilities.registry.services.visits import Answer, shown
from linli.ui.widgets import FilesField, PhotoInput

LABELS = {
    "education": _("文化程度"),
    "political": _("政治面貌"),
    "employment": _("就业状况"),
    "marital": _("婚姻状况"),
    "ethnic": _("民族"),
}


def _field(name: str) -> forms.Field:
    if name == "phone":
        return PhoneField(label=_("联系电话"), max_length=32, required=False)
    if name == "workplace":
        return forms.CharField(label=_("工作单位"), max_length=120, required=False)
    return CodeField(name, label=LABELS[name])


class GuestForm(forms.Form):
    """One member: what is missing first, then what is known, filled in."""

    def __init__(self, guest: Guest, data: Any = None) -> None:
        super().__init__(data, prefix=f"p{guest.person.pk}")
        self.guest = guest
        for name in (*guest.missing, *guest.known):
            self.fields[name] = _field(name)
            value = getattr(guest.person, name)
            # A known phone is shown masked beside the field and asked for only when it is another.
            self.initial[name] = "" if name == "phone" else value
            self.fields[f"was_{name}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=shown(value)
            )

    def missing(self) -> list[forms.BoundField]:
        """Fields that are still empty in the registry."""
        return [self[name] for name in self.guest.missing]

    def known(self) -> list[forms.BoundField]:
        """Fields that are known."""
        return [self[name] for name in self.guest.known]

    def carried(self) -> list[forms.BoundField]:
        """What the page had shown."""
        return [self[name] for name in self.fields if name.startswith("was_")]

    def answer(self) -> Answer:
        """What was said."""
        given = {n: v for n, v in self.cleaned_data.items() if not n.startswith("was_")}
        was = {
            n.removeprefix("was_"): v
            for n, v in self.cleaned_data.items()
            if n.startswith("was_") and f"{self.prefix}-{n}" in self.data
        }
        return Answer(self.guest.person.pk, {n: v for n, v in given.items() if v}, was)


class VisitForm(forms.Form):
    """What belongs to the visit as a whole."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    photos = FilesField(
        label=_("现场照片"), required=False, most=4, widget=PhotoInput({"capture": "environment"})
    )
    signature = forms.FileField(
        label=_("签名"),
        required=False,
        widget=forms.FileInput({"accept": "image/*"}),
        help_text=_("同意把填写的内容用于社区服务与走访。也可以拍一张签好名的纸。"),
    )
    signer = forms.TypedChoiceField(
        label=_("谁签的名"), required=False, coerce=int, empty_value=None
    )
    sure = forms.BooleanField(label=_("我看过别人改的内容，仍按我填的提交"), required=False)

    def __init__(self, *args: Any, people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signer = self.fields["signer"]
        if isinstance(signer, forms.ChoiceField):
            signer.choices = list(people)
        if not self.is_bound:
            self.initial.setdefault("token", uuid4())
