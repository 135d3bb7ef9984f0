"""What can be done with an organisation, each on a small page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import services
from linli.capabilities.registry.forms import bodies
from linli.capabilities.registry.forms import records as forms
from linli.capabilities.registry.forms.people import StepForm
from linli.capabilities.registry.policy import Family
from linli.capabilities.registry.selectors import kinds, stages
from linli.capabilities.registry.selectors import organisations as reads
from linli.capabilities.registry.selectors.finding import choosing_people
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied
from linli.kernel.places import choosing

FACTS = (
    "short_name",
    "head_name",
    "public_phone",
    "place",
    "headcount",
    "valid_until",
    "since",
    "uscc",
    "labels",
    "parent_id",
    "competent_id",
)


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


def offered_labels(kind: str) -> list[tuple[str, Any]]:
    """The classes that organisations of a kind may be counted by."""
    return [(e.code, e.title) for e in kinds.section().organisation_labels if kind in e.kinds]


def _facts(act: Act, one: Any) -> dict[str, Any]:
    known = kinds.kind(one.kind)
    public = kinds.of_family(Family.PUBLIC)
    return {
        "initial": {name: getattr(one, name) for name in FACTS},
        "labels": offered_labels(one.kind),
        "parent_id": reads.choices(act, known.parents if known else (), blank="—"),
        "competent_id": reads.choices(act, public, blank="—"),
    }


def _change(act: Act, one: Any, data: dict[str, Any]) -> Any:
    return services.organisations.change_organisation(act, one, changes=data)


def _posts(act: Act, one: Any) -> dict[str, Any]:
    posts = kinds.section().posts_of(one.kind)
    units = kinds.of_family(Family.PUBLIC, Family.ECONOMIC, Family.SOCIAL)
    return {
        "person": choosing_people(act),
        "post": [(each.code, each.title) for each in posts],
        "delegate_of": reads.choices(act, units, blank="—"),
    }


def _stations(act: Act, _one: Any) -> dict[str, Any]:
    known = kinds.section().station_kinds
    hosts = {code for each in known for code in each.hosts}
    return {
        "kind": [(each.code, each.title) for each in known],
        "area": choosing.offered(act, blank="—"),
        "host": reads.choices(act, hosts, blank="—"),
    }


def _others(act: Act, one: Any) -> dict[str, Any]:
    return {"after": reads.choices(act, [one.kind], without=one.pk)}


def _last_year(act: Act, one: Any) -> dict[str, Any]:
    last, first = timezone.localdate(act.at).year - 1, reads.founded(one)
    return {"initial": {"year": max(last, first.year) if first else last}}


def _coverers(act: Act, one: Any) -> dict[str, Any]:
    party = reads.choices(act, kinds.of_family(Family.PARTY), blank="—")
    return {"initial": {"by": one.more.get("party")}, "by": party}


def _described(_act: Act, one: Any) -> dict[str, Any]:
    known = kinds.kind(one.kind)
    section = kinds.section()
    asked = [section.attribute_by_code[code] for code in (known.asks if known else ())]
    public = one.more.get("open", bool(known and known.open))
    return {"initial": {**one.more, "public": public}, "asked": asked}


def _standard(act: Act, one: Any) -> dict[str, Any]:
    today = timezone.localdate(act.at)
    checklist = stages.checklist_of(one.kind, today)
    if checklist is None:
        raise Http404(_t("没有评定这一项的清单。"))
    last = next(iter(stages.years(one, checklist)), None)
    kept = {"met": last.met, "note": last.note} if last else {}
    return {"checklist": checklist, "initial": {"year": today.year, **kept}}


def _assess(act: Act, one: Any, data: dict[str, Any]) -> Any:
    checklist = _standard(act, one)["checklist"]
    return services.assessments.assess_body(act, one, checklist=checklist.code, **data)


STEPS: dict[str, Step] = {
    "standard": Step(
        "registry.assess_body",
        _("评定党支部标准化"),
        bodies.AssessForm,
        _assess,
        _standard,
        _("一年评一次；同一年再评，以后一次为准，以前的留在历史里。"),
    ),
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
        bodies.HoldForm,
        lambda act, one, data: after_hold(one, services.posts.hold(act, one, **data)),
        _posts,
    ),
    "station": Step(
        "registry.organisation.station",
        _("登记驻点"),
        bodies.StationForm,
        lambda act, one, data: after_station(one, services.posts.station(act, one, **data)),
        _stations,
        _("驻在社区的单位、挂在网格上的党支部、进孵化园的组织、联合会的会员，都记成驻点。"),
    ),
    "check": Step(
        "registry.organisation.check",
        _("年度检查"),
        bodies.CheckForm,
        lambda act, one, data: services.organisations.check_yearly(act, one, **data),
        _last_year,
        _("不合格的列入异常名录；下次合格就移出。"),
    ),
    "cover": Step(
        "registry.organisation.cover",
        _("登记党组织覆盖"),
        bodies.CoverForm,
        lambda act, one, data: services.organisations.cover(act, one, **data),
        _coverers,
    ),
    "describe": Step(
        "registry.organisation.describe",
        _("公开和专门资料"),
        bodies.DescribeForm,
        lambda act, one, data: services.organisations.describe(act, one, **data),
        _described,
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


def after_hold(one: Any, holding: Any) -> str | None:
    """On to what the post asks of its holder, if it asks anything."""
    if not kinds.section().post_by_code[holding.post].asks:
        return None
    return reverse("registry:organisation_post", args=[one.pk, holding.pk, "amend"])


def after_station(one: Any, stands: Any) -> str | None:
    """On to what the way of being there asks for, if it asks anything."""
    if not kinds.section().station_by_code[stands.kind].asks:
        return None
    return reverse("registry:organisation_place", args=[one.pk, stands.pk, "promise"])


def found(act: Act, pk: int) -> Any:
    """An organisation in sight, or 404."""
    one = reads.find(act, pk)
    if one is None:
        raise Http404(_t("没有这个组织，或不在您的范围内。"))
    return one


def back_to(pk: int) -> str:
    """An organisation's page."""
    return reverse("registry:organisation", args=[pk])


@needs(READ.code)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one step."""
    act = act_in(request)
    one, chosen = found(act, pk), STEPS.get(verb)
    if chosen is None:
        raise Http404(_t("没有这一步。"))
    if not act.may(chosen.verb):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": chosen.title})
    form = chosen.form(sent(request), **chosen.given(act, one))

    def run(data: dict[str, Any]) -> str | None:
        done = chosen.run(act, one, data)
        return done if isinstance(done, str) else None

    title = _t("%(name)s：%(what)s") % {"name": one.name, "what": chosen.title}
    return asked(
        request, form, run, title=title, back=back_to(pk), hint=chosen.hint, danger=chosen.danger
    )


@needs("registry.organisation.add")
def add(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    act = act_in(request)
    section = kinds.section()
    offered = [(each.code, each.called) for each in section.organisation_kinds]
    labels = [(each.code, each.title) for each in section.organisation_labels]
    initial = {"kind": request.GET.get("kind", "")}
    form = forms.OrganisationForm(
        sent(request),
        kind=offered,
        area=choosing.offered(act, choosing.ANY),
        labels=labels,
        initial=initial,
    )

    def run(data: dict[str, Any]) -> str:
        given = {name: value for name, value in data.items() if value not in (None, "", [])}
        return back_to(services.organisations.add_organisation(act, **given).pk)

    return asked(request, form, run, title=_("登记组织"), back=reverse("registry:organisations"))


@needs("registry.organisation.file")
def file(request: HttpRequest) -> HttpResponse:
    """File a community social organisation, with few fields (R215, R221)."""
    act = act_in(request)
    labels = offered_labels("community_organisation")
    form = forms.FileForm(sent(request), area=choosing.offered(act, choosing.ANY), labels=labels)

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
