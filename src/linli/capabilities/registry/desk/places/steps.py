"""What can be done with estates, buildings and homes, each on a small page of its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
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


@needs("registry.places.change_estate")
def change_estate(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of an estate, and who looks after it."""
    act = act_in(request)
    found = one_estate(act, pk)
    initial = {name: getattr(found, name) for name in forms.ChangeEstateForm.base_fields}
    form = forms.ChangeEstateForm(
        sent(request), initial=initial, kind=list(KINDS.items()), **_serving(act)
    )

    def run(data: dict[str, Any]) -> None:
        services.places.change_estate(act, found, changes=data)

    title = _t("%(name)s：%(what)s") % {"name": found.name, "what": _t("更改资料")}
    return asked(request, form, run, title=title, back=_at("estate", pk))


@needs("registry.places.end_estate")
def end_estate(request: HttpRequest, pk: int) -> HttpResponse:
    """End an estate that has no building left."""
    act = act_in(request)
    found = one_estate(act, pk)

    def run(data: dict[str, Any]) -> None:
        services.places.end_estate(act, found, **data)

    title = _t("%(name)s：%(what)s") % {"name": found.name, "what": _t("注销小区")}
    form = forms.EndForm(sent(request))
    return asked(request, form, run, title=title, back=_at("estate", pk), danger=True)


@needs("registry.places.add_building")
def add_building(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a building of an estate."""
    act = act_in(request)
    found = one_estate(act, pk)
    form = forms.BuildingForm(
        sent(request), initial={"address": f"{areas.near_name(found.area_id)}{found.name}"}
    )

    def run(data: dict[str, Any]) -> str:
        made = services.places.add_building(act, area=found.area_id, estate_id=found.pk, **data)
        return _at("building", made.pk)

    title = _t("%(name)s：%(what)s") % {"name": found.name, "what": _t("登记楼栋")}
    return asked(request, form, run, title=title, back=_at("estate", pk))


@needs("registry.places.change_building")
def change_building(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a building."""
    act = act_in(request)
    found = one_building(act, pk)
    initial = {name: getattr(found, name) for name in forms.BuildingForm.base_fields}
    form = forms.BuildingForm(sent(request), initial=initial)

    def run(data: dict[str, Any]) -> None:
        services.places.change_building(act, found, changes=data)

    title = _t("%(name)s：%(what)s") % {"name": found.address, "what": _t("更改资料")}
    return asked(request, form, run, title=title, back=_at("building", pk))


@needs("registry.places.add_home")
def add_home(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a home of a building."""
    act = act_in(request)
    found = one_building(act, pk)
    form = forms.HomeForm(sent(request), use=list(USES.items()), initial={"use": ""})

    def run(data: dict[str, Any]) -> None:
        services.places.add_home(act, found, **data)

    title = _t("%(name)s：%(what)s") % {"name": found.address, "what": _t("登记房屋")}
    return asked(request, form, run, title=title, back=_at("building", pk))


@needs("registry.places.change_home")
def change_home(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a home."""
    act = act_in(request)
    found = one_home(act, pk)
    initial = {name: getattr(found, name) for name in forms.HomeForm.base_fields}
    form = forms.HomeForm(sent(request), use=list(USES.items()), initial=initial)

    def run(data: dict[str, Any]) -> None:
        services.places.change_home(act, found, changes=data)

    back = _at("building", found.building_id)
    return asked(request, form, run, title=f"{found.building.address} {found}", back=back)


@needs("registry.places.end_building")
def end_building(request: HttpRequest, pk: int) -> HttpResponse:
    """End a building that nobody lives in any more, with its homes."""
    act = act_in(request)
    found = one_building(act, pk)

    def run(data: dict[str, Any]) -> None:
        services.places.end_building(act, found, **data)

    title = _t("%(name)s：%(what)s") % {"name": found.address, "what": _t("注销楼栋")}
    hint = _t("征收或拆除的楼栋，房屋一并注销；还有人居住的不能注销。")
    form = forms.EndForm(sent(request))
    return asked(request, form, run, title=title, back=_at("building", pk), hint=hint, danger=True)


@needs("registry.places.end_home")
def end_home(request: HttpRequest, pk: int) -> HttpResponse:
    """End a home that nobody lives in."""
    act = act_in(request)
    found = one_home(act, pk)

    def run(data: dict[str, Any]) -> None:
        services.places.end_home(act, found, **data)

    name = f"{found.building.address} {found}"
    title = _t("%(name)s：%(what)s") % {"name": name, "what": _t("注销房屋")}
    back = _at("building", found.building_id)
    return asked(request, forms.EndForm(sent(request)), run, title=title, back=back, danger=True)


def one_home(act: Act, pk: int) -> Any:
    """A home in sight, or 404."""
    found = reads.home(act, pk)
    if found is None:
        raise Http404(_t("没有这处房屋，或不在您的范围内。"))
    return found


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
