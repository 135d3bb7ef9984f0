"""A round frozen: its edition, what changed since the one before, and its file for whoever says what for."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.tables import services
from linli.capabilities.tables.selectors import editions as reads
from linli.capabilities.tables.selectors import rounds
from linli.capabilities.tables.services.editions import Taken
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal

TAKE = "tables.take_edition"
SHOWN = 200
FORMATS = (("xlsx", ".xlsx"), ("docx", ".docx"), ("csv", ".csv"), ("pdf", ".pdf"))


class TakeForm(forms.Form):
    """What an edition is taken out for, and as what."""

    format = forms.ChoiceField(label=_("格式"), choices=FORMATS)
    reason = forms.CharField(label=_("用途"), max_length=300)

    def __init__(self, data: Any = None, *, kind: str = "") -> None:
        super().__init__(data)
        own = [(kind, _("原表（.%(kind)s）") % {"kind": kind})] if kind else []
        field = self.fields["format"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*own, *(each for each in FORMATS if each[0] != kind)]


def _found(request: HttpRequest, pk: int) -> Any:
    found = reads.edition(act_in(request), pk)
    if found is None or rounds.one(act_in(request), found.round_id) is None:
        raise Http404(_t("没有这个定版，或它与您的单位无关。"))
    return found


@require_safe
@needs(TAKE)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its digest, what changed since the one before."""
    return _page(request, _found(request, pk))


def _page(
    request: HttpRequest, found: Any, form: TakeForm | None = None, status: int = 200
) -> HttpResponse:
    earlier = reads.before(found)
    context = {
        "edition": found,
        "earlier": earlier,
        "changes": reads.changes(earlier, found) if earlier else [],
        "shown": SHOWN,
        "left_blank": reads.left_blank(found),
        "intact": reads.intact(found),
        "form": form or TakeForm(kind=reads.kind(found)),
    }
    return render(request, "tables/rounds/edition.html", context, status=status)


@require_POST
@needs(TAKE)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of an edition; the fact is written before it leaves."""
    found = _found(request, pk)
    form = TakeForm(request.POST, kind=reads.kind(found))
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        taken = services.take(act_in(request), found, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _page(request, found, form, 422)
    return as_file(taken)


def as_file(taken: Taken) -> HttpResponse:
    """A file as it leaves: to be kept, not shown."""
    answer = HttpResponse(taken.content, content_type=taken.media)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(taken.name)}"
    return answer


routes = [
    path("desk/editions/<int:pk>/", page, name="edition"),
    path("desk/editions/<int:pk>/take/", take, name="edition_take"),
]
