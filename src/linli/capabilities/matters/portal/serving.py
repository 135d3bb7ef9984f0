"""Services: the catalogue, one item with everything about it, and the application."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.forms.placing import Chosen, rungs
from linli.capabilities.matters.forms.portal import ApplyForm, refuse
from linli.capabilities.matters.policy import ServiceItem
from linli.capabilities.matters.portal.hallway import draw, see, send, take_photos, waiting
from linli.capabilities.matters.selectors import resident, suggestions
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, public
from linli.kernel.acts import Act, Denied, Refusal
from linli.kernel.places import selectors as places


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every service by group, with a search by words."""
    words = request.GET.get("q", "")[:60]
    shelves = resident.shelves("items", words)
    meant = suggestions.guesses(words, 4) if words.strip() and not shelves else []
    return draw(request, "services", {"shelves": shelves, "q": words, "meant": meant})


@public
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One service: who may have it, what to bring, how long it takes; and the application."""
    found = selectors.names().policy.item(code)
    if found is None:
        raise Http404
    act = act_in(request)
    if request.method == "POST":
        return _applied(request, act, found)
    home = resident.home_of(act)
    form = _form(act, found, initial={"token": uuid4()})
    return _page(request, act, found, form, picked=places.area(home).code if home else "")


def _form(act: Act, found: ServiceItem, *args: Any, **kwargs: Any) -> ApplyForm:
    return ApplyForm(
        *args,
        item=found,
        policy=selectors.names().policy,
        guest=not act.signed_in,
        today=timezone.localdate(act.at),
        **kwargs,
    )


def _page(
    request: HttpRequest,
    act: Act,
    found: ServiceItem,
    form: ApplyForm,
    *,
    picked: str = "",
    status: int = 200,
) -> HttpResponse:
    given = (request.POST.get(n, "") for n in ("community", "street", "district"))
    context = {
        "item": found,
        "form": form,
        "rungs": rungs(next((c[:20] for c in given if c), picked)),
        "handler": _handler(found),
        "can_apply": found.open and found.online and act.may("matters.report"),
        "waiting": waiting(request, str(form["token"].value() or "")),
        "photos": selectors.names().policy.photos,
    }
    return draw(request, "service", context, status)


def _handler(found: ServiceItem) -> str:
    """Who handles an item in a resident's words: the office of a level, or the named department."""
    if found.handler.unit:
        unit = next((u for u in offices.units() if u.code == found.handler.unit), None)
        return unit.name if unit else str(_("市级部门"))
    levels = {
        "community": _("社区窗口"),
        "street": _("街道（镇）"),
        "district": _("区"),
        "city": _("市级部门"),
        "grid": _("网格员"),
    }
    return str(levels.get(found.handler.level.value, ""))


def _applied(request: HttpRequest, act: Act, found: ServiceItem) -> HttpResponse:
    if not act.may("matters.report"):
        raise Denied(_("您的身份不能在这里申请。"))
    if request.POST.get("do") == "areas":
        return _page(request, act, found, _form(act, found, initial=request.POST.dict()))
    form = _form(act, found, request.POST, request.FILES)
    form.is_valid()
    most = selectors.names().policy.photos.count
    files = take_photos(request, form, request.POST.get("token", "")[:40], most)
    if found.open and not found.online:
        form.add_error(None, _("这个事项只在窗口办理，请带材料到窗口。"))
    if form.errors:
        return _page(request, act, found, form, status=422)
    assert form.place is not None
    try:
        matter = send(request, act, _intake(act, found, form, form.place, tuple(files)))
    except Refusal as refusal:
        refuse(form, refusal)
        return _page(request, act, found, form, status=422)
    return see(reverse("matters:report_receipt", kwargs={"number": matter.number}))


def _intake(
    act: Act, found: ServiceItem, form: ApplyForm, place: Chosen, files: tuple[Any, ...]
) -> services.Intake:
    given = form.cleaned_data
    answers, number = form.answers()
    own_name = act.name if act.signed_in else given["name"]
    other = given["other_name"] if given["for_other"] else ""
    return services.Intake(
        code=found.code,
        title=found.title,
        body=given["body"],
        area=place.area.id,
        address=given["address"],
        lon=place.lon,
        lat=place.lat,
        answers=answers,
        reporter_name=other or own_name,
        phone=given["phone"],
        id_number=number,
        agent=own_name if other else "",
        token=given["token"],
        files=files,
    )
