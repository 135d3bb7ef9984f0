"""What can be done with an organisation, each on a small page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.asking import asked, sent
from linli.capabilities.registry.forms import records as forms
from linli.capabilities.registry.forms.people import StepForm
from linli.capabilities.registry.selectors import doors, kinds
from linli.capabilities.registry.selectors import organisations as reads
from linli.capabilities.registry.selectors.organisations import Filters
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied

FACTS = ("short_name", "head_name", "public_phone", "place", "headcount", "valid_until", "since")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its permission, its form, what may be chosen, what it does."""

    verb: str
    title: Any
    form: type[StepForm]
    run: Callable[[Act, Any, dict[str, Any]], Any]
    given: Callable[[Act, Any], dict[str, Any]]
    hint: Any = ""
    danger: bool = False


def _nothing(_act: Act, _one: Any) -> dict[str, Any]:
    return {}


def _facts(_act: Act, one: Any) -> dict[str, Any]:
    return {"initial": {name: getattr(one, name) for name in (*FACTS, "uscc")}}


def _change(act: Act, one: Any, data: dict[str, Any]) -> Any:
    return services.organisations.change_organisation(act, one, changes=data)


def _posts(_act: Act, one: Any) -> dict[str, Any]:
    posts = kinds.section().posts_of(one.kind)
    return {"post": [(each.code, each.title) for each in posts]}


def _stations(act: Act, _one: Any) -> dict[str, Any]:
    offered = [(each.code, each.title) for each in kinds.section().station_kinds]
    return {"kind": offered, "area": doors.areas_below(act)}


def _others(act: Act, one: Any) -> dict[str, Any]:
    found = reads.directory(act, Filters(kinds=(one.kind,)), size=200).rows
    others = [(each.organisation.pk, each.organisation.name) for each in found]
    return {"after": [(pk, name) for pk, name in others if pk != one.pk]}


STEPS: dict[str, Step] = {
    "change": Step(
        "registry.organisation.change",
        _("更改资料"),
        forms.ChangeOrganisationForm,
        _change,
        _facts,
    ),
    "hold": Step(
        "registry.organisation.hold",
        _("登记任职"),
        forms.HoldForm,
        lambda act, one, data: services.posts.hold(act, one, **data),
        _posts,
    ),
    "station": Step(
        "registry.organisation.station",
        _("登记驻点"),
        forms.StationForm,
        lambda act, one, data: services.posts.station(act, one, **data),
        _stations,
        _("驻在社区的单位、挂在网格上的党支部，都记成驻点。"),
    ),
    "rename": Step(
        "registry.organisation.rename",
        _("更名"),
        forms.RenameForm,
        lambda act, one, data: services.organisations.rename(act, one, **data),
        _nothing,
        _("旧名称仍能搜到，并指向新名称。"),
    ),
    "succeed": Step(
        "registry.organisation.succeed",
        _("合并、分立、划转"),
        forms.SucceedForm,
        lambda act, one, data: services.organisations.succeed(act, [one], **data),
        _others,
        _("原组织随之终止，下级组织和服务的小区转给现在的组织；任职要重新登记。"),
        danger=True,
    ),
    "end": Step(
        "registry.organisation.end",
        _("终止"),
        forms.EndForm,
        lambda act, one, data: services.organisations.end_organisation(act, one, **data),
        _nothing,
        _("任职、驻点和对小区的服务随之结束；历史仍可查。"),
        danger=True,
    ),
}


def found(act: Act, pk: int) -> Any:
    """An organisation in sight, or 404."""
    one = reads.find(act, pk)
    if one is None:
        raise Http404(_t("没有这个组织，或不在您的范围内。"))
    return one


def back_to(pk: int) -> str:
    """An organisation's page."""
    return reverse("registry:organisation", args=[pk])


@needs("registry.organisation.change")
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one step."""
    act = act_in(request)
    one, chosen = found(act, pk), STEPS.get(verb)
    if chosen is None:
        raise Http404(_t("没有这一步。"))
    if not act.may(chosen.verb):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": chosen.title})
    form = chosen.form(sent(request), **chosen.given(act, one))

    def run(data: dict[str, Any]) -> None:
        chosen.run(act, one, data)

    title = _t("%(name)s：%(what)s") % {"name": one.name, "what": chosen.title}
    return asked(
        request, form, run, title=title, back=back_to(pk), hint=chosen.hint, danger=chosen.danger
    )


@needs("registry.organisation.add")
def add(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    act = act_in(request)
    offered = [(each.code, each.called) for each in kinds.section().organisation_kinds]
    initial = {"kind": request.GET.get("kind", "")}
    form = forms.OrganisationForm(
        sent(request), kind=offered, area=doors.areas_below(act), initial=initial
    )

    def run(data: dict[str, Any]) -> str:
        given = {name: value for name, value in data.items() if value not in (None, "")}
        return back_to(services.organisations.add_organisation(act, **given).pk)

    return asked(request, form, run, title=_("登记组织"), back=reverse("registry:organisations"))


@needs("registry.organisation.file")
def file(request: HttpRequest) -> HttpResponse:
    """File a community social organisation, with few fields (R215, R221)."""
    act = act_in(request)
    form = forms.FileForm(sent(request), area=doors.areas_below(act))

    def run(data: dict[str, Any]) -> str:
        return back_to(services.organisations.file_social(act, **data).pk)

    return asked(
        request,
        form,
        run,
        title=_("备案社区社会组织"),
        back=f"{reverse('registry:organisations')}?family=social",
        hint=_("填几项就能备案，达到登记条件后再去登记。"),
    )


@needs("registry.organisation.unhold")
def unhold(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """End somebody's post."""
    act = act_in(request)
    one = found(act, pk)
    holding = next((each for each in reads.holdings(one) if each.pk == key), None)
    if holding is None:
        raise Http404(_t("没有这条任职。"))

    def run(data: dict[str, Any]) -> None:
        services.posts.unhold(act, holding, **data)

    return asked(
        request,
        forms.EndForm(sent(request)),
        run,
        title=_t("免去%(name)s的任职") % {"name": holding.name},
        back=back_to(pk),
        danger=True,
    )


@needs("registry.organisation.unstation")
def unstation(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """End a station."""
    act = act_in(request)
    one = found(act, pk)
    station = next((each for each in reads.stations(one) if each.pk == key), None)
    if station is None:
        raise Http404(_t("没有这个驻点。"))

    def run(data: dict[str, Any]) -> None:
        services.posts.unstation(act, station, **data)

    return asked(
        request,
        forms.EndForm(sent(request)),
        run,
        title=_t("撤销在%(area)s的驻点") % {"area": station.area.name},
        back=back_to(pk),
        danger=True,
    )
