"""How long what has ended is kept: every period of the pack, and what goes next."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import periods as reads
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs


@require_safe
@needs(READ.code)
def page(request: HttpRequest) -> HttpResponse:
    """The periods, how much of one's own areas they reach, when the house last erased."""
    act = act_in(request)
    rows = reads.periods(act, timezone.localdate(act.at))
    return render(request, "registry/people/keeping.html", {"rows": rows, "most": reads.COUNT_MOST})


@require_safe
@needs(READ.code)
def due(request: HttpRequest, code: str) -> HttpResponse:
    """What of one kind goes within thirty days."""
    act = act_in(request)
    rule = kinds.section().retention_by_code.get(code)
    if rule is None or code not in reads.ERASED:
        raise Http404(_t("没有这个保存期限。"))
    rows = reads.due(act, rule, timezone.localdate(act.at))
    return render(request, "registry/people/keeping_due.html", {"rule": rule, "rows": rows})
