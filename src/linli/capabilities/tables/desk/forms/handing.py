"""A confirmed form filled at once for one's own area: a file to download, nobody is asked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t

from linli.capabilities.tables import services
from linli.capabilities.tables.desk.editions import as_file
from linli.capabilities.tables.desk.forms.showing import found
from linli.capabilities.tables.forms.sending import HandForm
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.selectors import sending
from linli.capabilities.tables.selectors.sending import Branch
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.places import selectors as places

FILL = "tables.fill"


def _areas(branches: tuple[Branch, ...]) -> list[tuple[int, str]]:
    """The areas of a unit, itself first, each below another after it."""
    return [
        one
        for each in branches
        for one in ((each.area.pk, str(each.area.name)), *_areas(each.below))
    ]


@needs(FILL)
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the area, say what for; the file comes with the answer."""
    act, form = act_in(request), found(act_in(request), pk)
    if form.state != "confirmed":
        raise Http404(_t("请先确认这张表的每一列。"))
    sent = request.method == "POST"
    areas = _areas(sending.tree_of(form.unit))
    asked = HandForm(request.POST if sent else None, areas=areas)
    if sent and asked.is_valid():
        said = asked.cleaned_data
        try:
            area = places.area(said["area"])
            return as_file(services.handed(act, form, area, reason=said["reason"]))
        except Refusal as refusal:
            asked.add_error(refusal.field if refusal.field in asked.fields else None, str(refusal))
    context: dict[str, Any] = {"form": form, "asked": asked}
    context["cards"] = any(part.shape == "card" for part in Plan.of(form.plan).parts)
    return render(request, "tables/forms/fill.html", context, status=422 if asked.errors else 200)
