"""A file on its way in: uploaded, its columns confirmed, tried out, started, called off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from linli.capabilities.registry import jobs
from linli.capabilities.registry.desk.imports.batches import (
    VERB,
    columns_page,
    context_of,
    found,
    to_page,
)
from linli.capabilities.registry.forms.imports import UploadForm, elements_from, refuse
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import imports as services
from linli.capabilities.registry.services.imports import receiving
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal


@needs(VERB)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file and say who it comes from; it is read at once and its columns are shown."""
    act = act_in(request)
    areas = [(each.pk, each.name) for each in reads.grounds(act)]
    given: dict[str, Any] = {"sources": reads.source_choices(act), "areas": areas}
    if request.method != "POST":
        form = UploadForm(initial={"as_of": timezone.localdate(act.at)}, **given)
        return render(request, "registry/imports/new.html", {"form": form})
    form = UploadForm(request.POST, request.FILES, **given)
    if form.is_valid():
        data = form.cleaned_data
        try:
            batch = receiving.receive(
                act,
                source=services.source_of(data["source"]),
                area=data["area"],
                as_of=data["as_of"],
                name=data["file"].name,
                chunks=data["file"].chunks(),
            )
            if receiving.is_reading(batch):
                _by_job(jobs.import_read, act, batch.pk)
            return to_page(batch.pk)
        except Refusal as refusal:
            refuse(form, refusal)
    return render(request, "registry/imports/new.html", {"form": form}, status=422)


@require_POST
@needs(VERB)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the columns as they were set, then try the file out."""
    act, batch = act_in(request), found(request, pk)
    elements = elements_from(request.POST.dict(), len(batch.plan.get("columns", [])))
    try:
        receiving.confirm(act, batch, elements=elements, always=request.POST.getlist("always"))
    except Refusal as refusal:
        context = context_of(act, batch) | {"chosen": elements}
        return columns_page(request, batch, context, str(refusal), 422)
    return _trial(act, batch, pk)


@require_POST
@needs(VERB)
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Find out once more what an import would do."""
    act, batch = act_in(request), found(request, pk)
    if batch.state != "checked":
        raise Refusal(_("请先确认列。"), code="state")
    return _trial(act, batch, pk)


def _by_job(job: Any, act: Act, pk: int) -> None:
    job.defer(batch=pk, account=act.actor, hat=act.hat, language=get_language() or "")


def _trial(act: Act, batch: Any, pk: int) -> HttpResponse:
    receiving.tried(batch, {"state": "running", "at": act.at.isoformat()})
    _by_job(jobs.import_trial, act, pk)
    return to_page(pk)


@require_POST
@needs(VERB)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an import, or go on with one that was broken off."""
    act, batch = act_in(request), found(request, pk)
    receiving.start(act, batch)
    _by_job(jobs.import_rows, act, pk)
    return to_page(pk)


@require_POST
@needs("registry.import_cancel")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an import off; what is in stays."""
    act = act_in(request)
    receiving.finished(act, services.cancel(act, found(request, pk)))
    return to_page(pk)
