"""One home put into another building or grid: what goes along is shown first, and it can be put back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.places.steps import CARRIED, one_home
from linli.capabilities.registry.forms import records as forms
from linli.capabilities.registry.forms.people import ReasonForm
from linli.capabilities.registry.selectors import finding, placed
from linli.capabilities.registry.services.moving import Door
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import choosing
from linli.kernel.places import selectors as areas
from linli.ui.keys import key_of


@needs("registry.places.move_home")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one home with those behind its door; a second click does it."""
    act = act_in(request)
    found = one_home(act, pk)
    form = forms.MoveHomeForm(
        sent(request),
        initial={"building": found.building_id, "unit_no": found.unit_no, "room": found.room},
        building=finding.choosing_buildings(act),
        area=choosing.offered(act, blank=_t("跟楼栋走")),
    )
    counts: list[tuple[Any, int]] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("sure") == "yes":
                moved = _carried(act, found, form.cleaned_data)
                return HttpResponseRedirect(_building(moved), status=303)
            counts = _weighed(act, found, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {
        "h": found,
        "form": form,
        "counts": counts,
        "around": areas.near_name(found.area_id),
        "moves": placed.moves(act, found),
    }
    status = 422 if form.errors else 200
    return render(request, "registry/places/home_move.html", context, status=status)


def _door(data: dict[str, Any]) -> Door:
    return Door(data["building"], data["area"], data["unit_no"], data["room"])


def _carried(act: Act, found: Any, data: dict[str, Any]) -> Any:
    return services.moving.move_home(act, found, to=_door(data), reason=data["reason"])


def _weighed(act: Act, found: Any, data: dict[str, Any]) -> list[tuple[Any, int]]:
    told = services.moving.preview_home(act, found, to=_door(data))
    return [(CARRIED.get(name, name), n) for name, n in told.items() if n and name != "home"]


def _building(home: Any) -> str:
    return reverse("registry:building", args=[home.building_id])


@needs("registry.places.move_home_back")
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a home back where it was, for a reason."""
    act = act_in(request)
    found = one_home(act, pk)
    fact = key_of(request.GET.get("row", "")) or 0
    move_ = next((each for each in placed.moves(act, found) if each.fact == fact), None)
    if move_ is None:
        raise Http404(_t("没有这一步，请刷新。"))

    def run(data: dict[str, Any]) -> str:
        return _building(services.moving.move_home_back(act, found, fact=fact, **data))

    title = _t("%(name)s：%(what)s") % {
        "name": f"{found.building.address} {found}",
        "what": _t("移回原处"),
    }
    return asked(
        request,
        ReasonForm(sent(request)),
        run,
        title=title,
        back=reverse("registry:home_move", args=[pk]),
        hint=_t("移回%(place)s，户和住在里面的人一起回去。") % {"place": move_.before},
    )
