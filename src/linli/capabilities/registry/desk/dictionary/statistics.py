"""Figures from outside, with the document that says them: what counts are divided by."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.forms.records import FigureForm
from linli.capabilities.registry.selectors import statistics as reads
from linli.capabilities.registry.services import statistics as services
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors as dictionary
from linli.ui.keys import key_of, pager


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Every figure in force, newest first, with its source."""
    act = act_in(request)
    code = request.GET.get("code", "").replace("\x00", "")[:40]
    after = key_of(request.GET.get("after", ""))
    rows, following = reads.listed(act, code, after=after)
    titles = dict(dictionary.choices("indicator"))
    context = {
        "rows": rows,
        "page": pager({"code": code}, after, following),
        "titles": titles,
        "code": code if code in titles else "",
        "codes": reads.codes(act),
    }
    return render(request, "registry/dictionary/statistics.html", context)


@needs("registry.statistic.record")
def record(request: HttpRequest) -> HttpResponse:
    """Register a figure by hand."""
    act = act_in(request)
    form = FigureForm(sent(request))

    def run(data: dict[str, Any]) -> None:
        taken = services.record(act, [services.Figure(**data)])
        if taken.refused:
            raise Refusal(taken.refused[0][1])

    return asked(
        request,
        form,
        run,
        title=_("登记统计数据"),
        back=reverse("registry:statistics"),
        hint=_("同一文件对同一指标说了新的数，旧的数仍留着可查。"),
    )
