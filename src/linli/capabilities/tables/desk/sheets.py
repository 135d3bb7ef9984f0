"""Forms that came down to a community: what is missing is filled in, then the whole is confirmed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.tables import services
from linli.capabilities.tables.forms.gaps import GapsForm, SignForm, plans_of
from linli.capabilities.tables.selectors import sheets as reads
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal

ANSWER, SIGN = "tables.answer", "tables.sign"
TABS = (("open", _("待核对")), ("signed", _("已上报")), ("done", _("部门已确认")))
TONES = {"filling": "warn", "returned": "bad", "signed": "info", "accepted": "good"}
WINDOW = "window"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_safe
@needs(ANSWER)
def listing(request: HttpRequest) -> HttpResponse:
    """Every form of the communities in sight."""
    act, asked = act_in(request), request.GET.get("show", "open")
    show = asked if asked in reads.SHOWS else "open"
    context = {
        "page": reads.sheets(act, show, _number(request.GET.get("after", ""))),
        "tabs": [{"label": t, "href": f"?show={c}", "active": c == show} for c, t in TABS],
        "show": show,
        "tones": TONES,
    }
    return render(request, "tables/sheets/list.html", context)


def _found(request: HttpRequest, pk: int) -> Any:
    row = reads.sheet(act_in(request), pk)
    if row is None:
        raise Http404(_t("没有这张表，或它还没有下发到您的社区。"))
    return row


def _page(
    request: HttpRequest, row: Any, sign: SignForm | None = None, status: int = 200
) -> HttpResponse:
    act, after = act_in(request), _number(request.GET.get("after", ""))
    missing, more = reads.missing(act, row, after)
    return _drawn(request, row, GapsForm(None, missing, plans_of([row])), sign, more, status)


def _drawn(
    request: HttpRequest,
    row: Any,
    form: GapsForm,
    sign: SignForm | None,
    more: int,
    status: int,
) -> HttpResponse:
    act = act_in(request)
    context: dict[str, Any] = {
        "sheet": row,
        "standing": reads.standing(row),
        "form": form,
        "sign": sign or SignForm(),
        "more": more,
        "tones": TONES,
        "may_sign": act.may(SIGN),
        "done": request.GET.get("done", ""),
    }
    return render(request, "tables/sheets/page.html", context, status=status)


@require_safe
@needs(ANSWER)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One form in one community: how much was known, what is missing, and its confirmation."""
    return _page(request, _found(request, pk))


@require_POST
@needs(ANSWER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what was filled in; what cannot be read comes back with everything that was typed."""
    act, row = act_in(request), _found(request, pk)
    missing, more = reads.missing(act, row, _number(request.GET.get("after", "")))
    form = GapsForm(request.POST, missing, plans_of([row]))
    if not form.is_valid():
        return _drawn(request, row, form, None, more, 422)
    if not form.answers():
        form.add_error(None, _t("还没有填任何一项。"))
        return _drawn(request, row, form, None, more, 422)
    try:
        count = services.answer(act, answers=form.answers(), source=WINDOW)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _drawn(request, row, form, None, more, 422)
    return HttpResponseRedirect(f"{reverse('tables:sheet', args=[pk])}?done={count}", status=303)


@require_POST
@needs(SIGN)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the form and hand it in."""
    act, row, form = act_in(request), _found(request, pk), SignForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, 422)
    try:
        services.sign(act, row, left=form.cleaned_data["left"])
    except Refusal as refusal:
        form.add_error("left" if refusal.field == "left" else None, str(refusal))
        return _page(request, row, form, 422)
    return HttpResponseRedirect(reverse("tables:sheet", args=[pk]), status=303)
