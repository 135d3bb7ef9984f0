"""Who lived here on a day: any past day can be asked."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.forms.people import DayForm, filters_from
from linli.capabilities.registry.selectors import finding, roll
from linli.capabilities.registry.selectors.telling import words
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.places import choosing


@require_safe
@needs(READ.code)
def lived(request: HttpRequest) -> HttpResponse:
    """The people who lived in an area, an estate or a building on a day."""
    act, f = act_in(request), filters_from(request.GET)
    today = timezone.localdate(act.at)
    form = DayForm(
        request.GET if "on" in request.GET else None,
        initial={"on": today, "in_estate": f.estate},
        in_estate=finding.choosing_estates(act),
    )
    given = form.cleaned_data if form.is_valid() else {}
    day = given.get("on") or today
    f = replace(f, estate=given["in_estate"]) if given else f
    if day > today and form.is_bound:
        form.add_error("on", _("日期还没有到，请核对。"))
        day = today
    after = request.GET.get("after", "")[:60]
    page = roll.lived_on(act, day, f, after)
    page.base = f"on={day.isoformat()}" + (f"&{f.query()}" if f.query() else "")
    context = {
        "form": form,
        "day": day,
        "today": today,
        "f": f,
        "page": page,
        "total": roll.counted_on(act, day, f),
        "most": roll.COUNT_MOST,
        "areas": choosing.steps(act, f.area),
        "words": words(),
        "later": bool(after),
    }
    return render(request, "registry/people/on.html", context, status=422 if form.errors else 200)
