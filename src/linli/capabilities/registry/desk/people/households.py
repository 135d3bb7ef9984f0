"""One household: its members, who left it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.people import lists
from linli.capabilities.registry.desk.people.steps import source_of
from linli.capabilities.registry.desk.people.tying import CHOOSE
from linli.capabilities.registry.forms import people as forms
from linli.capabilities.registry.selectors import doors, dossier
from linli.capabilities.registry.selectors.dossier import House
from linli.capabilities.registry.selectors.telling import words
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied, Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a household."""

    verb: str
    title: Any
    form: type[forms.StepForm]
    run: Callable[[Act, House, dict[str, Any]], Any]
    given: Callable[[Act, House], dict[str, Any]]
    icon: str
    hint: Any = ""
    danger: bool = False


def _people(house: House) -> list[tuple[int, str]]:
    return [(m.person, m.name) for m in house.members]


def _split_given(act: Act, house: House) -> dict[str, Any]:
    people = _people(house)
    return {
        "members": people,
        "head": [CHOOSE, *people],
        "initial": {"on": timezone.localdate(act.at)},
    }


def _split(act: Act, house: House, data: dict[str, Any]) -> Any:
    home = None
    if data["home"]:
        home = doors.home_at(act, data["home"]).home
        if home is None:
            raise Refusal(_("没有找到这套房屋，请从提示里选并写全房号。"), field="home")
    return services.households.split_household(
        act, house.household, source=source_of(act), **{**data, "home": home}
    )


def _merge_given(act: Act, house: House) -> dict[str, Any]:
    near = doors.neighbours(act, house.household)
    return {"other": [CHOOSE, *near], "initial": {"on": timezone.localdate(act.at)}}


def _merge(act: Act, house: House, data: dict[str, Any]) -> Any:
    other = dossier.household(act, data["other"])
    if other is None:
        raise Refusal(_("找不到这一户，或不在您的范围内。"), field="other")
    return services.households.merge_households(
        act, house.household, other=other.household, on=data["on"], source=source_of(act)
    )


def _head_given(act: Act, house: House) -> dict[str, Any]:
    return {"person": [CHOOSE, *((m.person, m.name) for m in house.members if not m.head)]}


def _head(act: Act, house: House, data: dict[str, Any]) -> Any:
    person = dossier.person(act, data["person"])
    if person is None:
        raise Refusal(_("户主须是本户的人。"), field="person")
    return services.households.change_head(
        act, house.household, person=person, source=source_of(act)
    )


STEPS: dict[str, Step] = {
    "split": Step(
        "registry.split_household",
        _("分户"),
        forms.SplitForm,
        _split,
        _split_given,
        "git-branch",
        _("分出去的人从这一天起另立一户，原户至少留一人。"),
    ),
    "merge": Step(
        "registry.merge_households",
        _("并户"),
        forms.MergeForm,
        _merge,
        _merge_given,
        "transfer",
        _("另一户的人并进这一户，那一户随之撤销。"),
    ),
    "head": Step(
        "registry.change_head",
        _("变更户主"),
        forms.HeadForm,
        _head,
        _head_given,
        "award",
        _("其他人与户主的关系需要随后更正。"),
    ),
}


def _opened(act: Act, pk: int) -> House:
    house = dossier.household(act, pk) if pk < 2**62 else None
    if house is None:
        raise Http404(_t("没有这一户，或不在您的范围内。"))
    return house


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A household with its members."""
    act = act_in(request)
    house = _opened(act, pk)
    here = house.household.until is None
    can = [{"name": n, "step": s} for n, s in STEPS.items() if here and act.may(s.verb)]
    done = request.GET.get("done", "")
    context = {
        "h": house,
        "can": can,
        "words": words(),
        "done": STEPS[done].title if done in STEPS else "",
    }
    return render(request, "registry/people/household.html", context)


@needs(READ.code)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Any step of a household."""
    act = act_in(request)
    house, taken = _opened(act, pk), STEPS.get(verb)
    if taken is None:
        raise Http404(_t("没有这个办理动作。"))
    if not act.may(taken.verb):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": taken.title})
    given = taken.given(act, house)
    form = taken.form(request.POST if request.method == "POST" else None, **given)
    if request.method == "POST" and form.is_valid():
        try:
            made = taken.run(act, house, form.cleaned_data)
        except Refusal as refusal:
            forms.refuse(form, refusal)
        else:
            address = reverse("registry:household", args=[made.pk])
            return HttpResponseRedirect(f"{address}?done={verb}", status=303)
    context = {"h": house, "form": form, "step": taken, "verb": verb}
    return lists.panel(
        request, "house_step", str(taken.title), context, 422 if form.errors else 200
    )
