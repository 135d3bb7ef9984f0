"""Entries of ledgers: written at the desk, corrected, struck out, taken back; each with its files and editions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.tables.forms.entries import EntryForm, StrikeForm, initial_of
from linli.capabilities.tables.selectors import entries as reads
from linli.capabilities.tables.selectors import layers
from linli.capabilities.tables.services import entries as services
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.ui.maps import geojson

ENTER = "tables.enter"
GEOJSON = "application/geo+json"


def _kind(code: str) -> Any:
    found = reads.kinds().get(code)
    if found is None:
        raise Http404(_t("没有这一类台账记录。"))
    return found


def _form(request: HttpRequest, kind: Any) -> EntryForm:
    act = act_in(request)
    if request.method == "POST":
        return EntryForm(act, kind, request.POST, request.FILES)
    return EntryForm(act, kind, initial={"day": timezone.localdate(act.at)})


@needs(ENTER)
def enter(request: HttpRequest, kind: str) -> HttpResponse:
    """Write a new entry; it stands in every ledger it belongs to."""
    declared, act = _kind(kind), act_in(request)
    form = _form(request, declared)
    if request.method == "POST" and form.is_valid():
        try:
            pk = services.entered(act, **form.given())
            return HttpResponseRedirect(
                f"{reverse('tables:entry', args=[pk])}?done=yes", status=303
            )
        except Refusal as refusal:
            form.refuse(refusal)
    return _drawn(request, form, None)


def _drawn(request: HttpRequest, form: EntryForm, row: Any) -> HttpResponse:
    kind = form.kind.code
    context = {
        "form": form,
        "row": row,
        "title": reads.title_of(kind),
        "ledgers": reads.ledgers_of(kind),
        "center": reads.centre(form.act, row),
    }
    return render(request, "tables/entries/form.html", context, status=422 if form.errors else 200)


@require_safe
@needs(LEDGERS.code)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: values, files, in which ledgers it stands, every edition."""
    act = act_in(request)
    row = _row(act, pk)
    return _shown(request, row, StrikeForm(initial={"was": row.version}))


@require_safe
@needs(LEDGERS.code)
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an entry stands, for the small map."""
    row = _row(act_in(request), pk)
    return HttpResponse(geojson(layers.spots_of(act_in(request), row)), content_type=GEOJSON)


def _shown(
    request: HttpRequest, row: Any, strike: StrikeForm, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "d": reads.shown(act_in(request), row),
        "row": row,
        "strike": strike,
        "refused": refused,
        "done": request.GET.get("done", ""),
    }
    return render(request, "tables/entries/entry.html", context, status=status)


def _row(act: Act, pk: int) -> Any:
    row = reads.entry(act, pk) if pk < 2**62 else None
    if row is None or row.kind not in reads.kinds():
        raise Http404(_t("没有这条记录，或不在您的辖区。"))
    return row


@needs("tables.correct_entry")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the next edition, with the reason."""
    act = act_in(request)
    row = _row(act, pk)
    kind = _kind(row.kind)
    names = reads.called(act, kind, [row.body])
    given = {"day": row.day, "was": row.version, **initial_of(kind, row.body, names)}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EntryForm(act, kind, *sent, initial=given, names=names, corrects=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct(act, entry=pk, **form.changes())
            return HttpResponseRedirect(
                f"{reverse('tables:entry', args=[pk])}?done=yes", status=303
            )
        except Refusal as refusal:
            form.refuse(refusal)
    return _drawn(request, form, row)


@require_POST
@needs("tables.strike_entry")
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry out of its ledgers, with the reason."""
    act, form = act_in(request), StrikeForm(request.POST)
    row = _row(act, pk)
    if form.is_valid():
        try:
            services.strike(act, entry=pk, **form.cleaned_data)
            return HttpResponseRedirect(reverse("tables:entry", args=[pk]), status=303)
        except Refusal as refusal:
            form.add_error("reason" if refusal.field == "reason" else None, str(refusal))
    return _shown(request, row, form, status=422)


@require_POST
@needs("tables.restore_entry")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a struck entry back."""
    act, was = act_in(request), request.POST.get("was", "")
    row = _row(act, pk)
    try:
        services.restore(act, entry=pk, was=int(was) if was.isdecimal() else 0)
    except Refusal as refusal:
        return _shown(request, row, StrikeForm(initial={"was": row.version}), str(refusal), 422)
    return HttpResponseRedirect(reverse("tables:entry", args=[pk]), status=303)
