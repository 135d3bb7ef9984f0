"""What can be done with estates, buildings and homes, each on a small page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.places.estates import (
    KINDS,
    USES,
    one_building,
    one_estate,
)
from linli.capabilities.registry.forms import records as forms
from linli.capabilities.registry.forms.people.parts import StepForm
from linli.capabilities.registry.policy import Family
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import organisations as organisations
from linli.capabilities.registry.selectors import places as reads
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import choosing
from linli.kernel.places import selectors as areas

CARRIED = {
    "home": _("房屋"),
    "household": _("户"),
    "residence": _("居住登记"),
    "tie": _("人房关系"),
    "mark": _("标签"),
    "consent": _("授权同意"),
    "objection": _("异议"),
    "bond": _("人际关系"),
    "conflict": _("数据冲突"),
    "station": _("驻点"),
    "assessment": _("评定"),
    "building": _("楼栋"),
}


def _at(name: str, pk: int) -> str:
    return reverse(f"registry:{name}", args=[pk])


@needs("registry.places.add_estate")
def add_estate(request: HttpRequest) -> HttpResponse:
    """Register an estate or village."""
    act = act_in(request)
    form = forms.EstateForm(sent(request), kind=list(KINDS.items()), area=choosing.offered(act))

    def run(data: dict[str, Any]) -> str:
        return _at("estate", services.places.add_estate(act, **data).pk)

    return asked(request, form, run, title=_("登记小区"), back=reverse("registry:estates"))


def _serving(act: Act) -> dict[str, Any]:
    """Who may look after an estate, among the organisations in sight."""
    wanted = {
        "property_company_id": ["property_company"],
        "owners_committee_id": kinds.of_family(Family.OWNERS),
        "authority_id": kinds.of_family(Family.PUBLIC, Family.ECONOMIC),
    }
    return {name: organisations.choices(act, codes, blank="—") for name, codes in wanted.items()}


def one_home(act: Act, pk: int) -> Any:
    """A home in sight, or 404."""
    found = reads.home(act, pk)
    if found is None:
        raise Http404(_t("没有这处房屋，或不在您的范围内。"))
    return found


@dataclass(frozen=True, slots=True)
class Kind:
    """What stands on the ground: how it is found, what it is called, the page it is shown on."""

    find: Callable[[Act, int], Any]
    name: Callable[[Any], str]
    page: Callable[[Any], str]


ESTATE = Kind(one_estate, lambda e: str(e.name), lambda e: _at("estate", e.pk))
BUILDING = Kind(one_building, lambda b: str(b.address), lambda b: _at("building", b.pk))
HOME = Kind(
    one_home, lambda h: f"{h.building.address} {h}", lambda h: _at("building", h.building_id)
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done with an estate, a building or a home; `run` returns where to go on, else it goes back."""

    about: str
    verb: str
    title: Any
    kind: Kind
    form: type[StepForm]
    run: Callable[[Act, Any, dict[str, Any]], str | None]
    given: Callable[[Act, Any], dict[str, Any]] = lambda _act, _found: {}
    hint: Any = ""
    danger: bool = False


def _held(form: type[StepForm], found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in form.base_fields}


def _changing(change: Callable[..., Any]) -> Callable[[Act, Any, dict[str, Any]], None]:
    def run(act: Act, found: Any, data: dict[str, Any]) -> None:
        change(act, found, changes=data)

    return run


def _doing(do: Callable[..., Any]) -> Callable[[Act, Any, dict[str, Any]], None]:
    def run(act: Act, found: Any, data: dict[str, Any]) -> None:
        do(act, found, **data)

    return run


def _add_building(act: Act, estate: Any, data: dict[str, Any]) -> str:
    made = services.places.add_building(act, area=estate.area_id, estate_id=estate.pk, **data)
    return _at("building", made.pk)


STEPS: dict[str, Step] = {
    "estate_change": Step(
        "Change what is known of an estate, and who looks after it.",
        "registry.places.change_estate",
        _("更改资料"),
        ESTATE,
        forms.ChangeEstateForm,
        _changing(services.places.change_estate),
        lambda act, e: {
            "initial": _held(forms.ChangeEstateForm, e),
            "kind": list(KINDS.items()),
            **_serving(act),
        },
    ),
    "estate_end": Step(
        "End an estate that has no building left.",
        "registry.places.end_estate",
        _("注销小区"),
        ESTATE,
        forms.EndForm,
        _doing(services.places.end_estate),
        danger=True,
    ),
    "building_new": Step(
        "Register a building of an estate.",
        "registry.places.add_building",
        _("登记楼栋"),
        ESTATE,
        forms.BuildingForm,
        _add_building,
        lambda _act, e: {"initial": {"address": f"{areas.near_name(e.area_id)}{e.name}"}},
    ),
    "building_change": Step(
        "Change what is known of a building.",
        "registry.places.change_building",
        _("更改资料"),
        BUILDING,
        forms.BuildingForm,
        _changing(services.places.change_building),
        lambda _act, b: {"initial": _held(forms.BuildingForm, b)},
    ),
    "building_end": Step(
        "End a building that nobody lives in any more, with its homes.",
        "registry.places.end_building",
        _("注销楼栋"),
        BUILDING,
        forms.EndForm,
        _doing(services.places.end_building),
        hint=_("征收或拆除的楼栋，房屋一并注销；还有人居住的不能注销。"),
        danger=True,
    ),
    "home_new": Step(
        "Register a home of a building.",
        "registry.places.add_home",
        _("登记房屋"),
        BUILDING,
        forms.HomeForm,
        _doing(services.places.add_home),
        lambda _act, _b: {"use": list(USES.items()), "initial": {"use": ""}},
    ),
    "home": Step(
        "Change what is known of a home.",
        "registry.places.change_home",
        _("更改资料"),
        HOME,
        forms.HomeForm,
        _changing(services.places.change_home),
        lambda _act, h: {"use": list(USES.items()), "initial": _held(forms.HomeForm, h)},
    ),
    "home_end": Step(
        "End a home that nobody lives in.",
        "registry.places.end_home",
        _("注销房屋"),
        HOME,
        forms.EndForm,
        _doing(services.places.end_home),
        danger=True,
    ),
}


def page_of(step: Step) -> Callable[..., HttpResponseBase]:
    """The page of a step."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        act = act_in(request)
        found = step.kind.find(act, pk)
        form = step.form(sent(request), **step.given(act, found))
        return asked(
            request,
            form,
            lambda data: step.run(act, found, data),
            title=_t("%(name)s：%(what)s") % {"name": step.kind.name(found), "what": step.title},
            back=step.kind.page(found),
            hint=step.hint,
            danger=step.danger,
        )

    view.__doc__ = step.about
    return needs(step.verb)(view)


@needs("registry.places.move_building")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a building to another grid or community; what goes along is shown before it is done."""
    act = act_in(request)
    found = one_building(act, pk)
    form = forms.MoveForm(sent(request), to=choosing.offered(act, without={found.area_id}))
    counts: list[tuple[Any, int]] = []
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            if request.POST.get("sure") == "yes":
                services.moving.move_buildings(act, [found], to=to)
                return HttpResponseRedirect(_at("building", pk), status=303)
            told = services.moving.preview(act, [pk], to=to)
            counts = [(CARRIED.get(name, name), n) for name, n in told.items() if n]
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"b": found, "form": form, "counts": counts, "around": areas.near_name(found.area_id)}
    status = 422 if form.errors else 200
    return render(request, "registry/places/move.html", context, status=status)
