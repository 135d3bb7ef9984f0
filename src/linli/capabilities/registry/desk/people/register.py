"""Somebody new: the document first, so that nobody known is registered twice."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.people.placing import area_choices, stay_of
from linli.capabilities.registry.desk.people.steps import source_of
from linli.capabilities.registry.forms import people as forms
from linli.capabilities.registry.rules.people import Identity, may_register, needs_guardian
from linli.capabilities.registry.selectors import finding, roll
from linli.capabilities.registry.selectors.search import search
from linli.capabilities.registry.selectors.telling import policy
from linli.capabilities.registry.services.known import known, other_name
from linli.capabilities.registry.services.people import Guardian, Newcomer
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied, Refusal

OFFERED = 20
# The first two digits of an ID number: the province of its first holder's register, as it is kept.
_PROVINCES = (
    "11北京 12天津 13河北 14山西 15内蒙古 21辽宁 22吉林 23黑龙江 31上海 32江苏 "  # words: kept values
    "33浙江 34安徽 35福建 36江西 37山东 41河南 42湖北 43湖南 44广东 45广西 46海南 50重庆 51四川 "
    "52贵州 53云南 54西藏 61陕西 62甘肃 63青海 64宁夏 65新疆 71台湾 81香港 82澳门 83台湾"
)
PROVINCES = {each[:2]: each[2:] for each in _PROVINCES.split()}


@needs("registry.register")
def register(request: HttpRequest) -> HttpResponse:
    """Who is it, then where and what: all on one address, no number ever in it."""
    if request.method != "POST":
        birth = "birth" in request.GET
        return _form_page(request, _fresh(act_in(request), None)) if birth else _who(request)
    part = request.POST.get("part", "")
    if part == "who":
        return _asked(request)
    if part == "adopt":
        return _adopt(request)
    return _register(request)


def _who(
    request: HttpRequest, form: forms.IdentityForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form or forms.IdentityForm()}
    return render(request, "registry/people/who.html", context, status=status)


def _identity(data: dict[str, Any]) -> Identity:
    return Identity(
        name=data["name"],
        kind=data["kind"] if data["number"] else "",
        number=data["number"],
        born=data.get("born"),
        sex=data.get("sex", ""),
    )


def _asked(request: HttpRequest) -> HttpResponse:
    """Known here → open; known elsewhere → offer to take over the file; unknown → register."""
    act, form = act_in(request), forms.IdentityForm(request.POST)
    if not form.is_valid():
        return _who(request, form, 422)
    try:
        asked = may_register(_identity(form.cleaned_data), timezone.localdate(act.at))
        found = known(asked) if asked.number else None
        if found is not None and not found.same:
            raise other_name()
    except Refusal as refusal:
        forms.refuse(form, refusal)
        return _who(request, form, 422)
    if found is not None and found.here:
        return HttpResponseRedirect(reverse("registry:person", args=[found.id]), status=303)
    if found is not None:
        return _adopt_page(request, _adopting(act, asked))
    return _form_page(request, _fresh(act, asked))


def _adopting(act: Act, asked: Identity) -> forms.AdoptForm:
    initial = {"kind": asked.kind, "number": asked.number, "name": asked.name, "lives": True}
    told = {"since": timezone.localdate(act.at), "asked": timezone.now().isoformat()}
    return forms.AdoptForm(area=area_choices(act), initial=initial | told)


def _fresh(act: Act, asked: Identity | None) -> forms.RegisterForm:
    """An empty form with all that follows from the document filled in."""
    initial: dict[str, Any] = {
        "token": uuid4(),
        "lives": True,
        "since": timezone.localdate(act.at),
    }
    if asked is not None:
        initial |= {"kind": asked.kind, "number": asked.number, "name": asked.name}
        initial |= {"born": asked.born, "sex": asked.sex}
        if asked.kind == "111":
            initial["native_place"] = PROVINCES.get(asked.number[:2], "")
            initial["ethnic"] = "01"
    return forms.RegisterForm(area=area_choices(act), initial=initial)


def _form_page(request: HttpRequest, form: forms.RegisterForm, status: int = 200) -> HttpResponse:
    act = act_in(request)
    born = form["born"].value()
    today = timezone.localdate(act.at)
    majority = policy().ages.majority
    young = not isinstance(born, str) and needs_guardian(born, today, majority)
    context = {
        "form": form,
        "majority": majority,
        "young": young or bool(form.errors.get("guardian")),
        "alike": _alike(act, form) if form.errors.get("sure") else [],
        "birth": "birth" in request.GET or request.POST.get("how") == "birth",
    }
    return render(request, "registry/people/register.html", context, status=status)


def _alike(act: Act, form: django_forms.Form) -> list[roll.Line]:
    """Namesakes, to be looked at before somebody is entered twice."""
    return roll.of_people(act, search(act, str(form["name"].value() or "")).people[:10])


def _register(request: HttpRequest) -> HttpResponse:
    act = act_in(request)
    form = forms.RegisterForm(request.POST, area=area_choices(act))
    birth = request.POST.get("how") == "birth"
    if birth and not act.may("registry.birth"):
        raise Denied(_("您没有登记出生的权限。"))
    if form.is_valid():
        data = form.cleaned_data
        enter = services.people.birth if birth else services.people.register
        try:
            person = enter(
                act, newcomer=_newcomer(act, data), source=source_of(act), token=data["token"]
            )
        except Refusal as refusal:
            forms.refuse(form, refusal)
        else:
            address = reverse("registry:person", args=[person.pk])
            return HttpResponseRedirect(f"{address}?done=register", status=303)
    return _form_page(request, form, 422)


def _newcomer(act: Act, data: dict[str, Any]) -> Newcomer:
    values = {name: data[name] for name in forms.VALUES if data[name]}
    guardians = (
        (Guardian(name=data["guardian"], phone=data["guardian_phone"]),) if data["guardian"] else ()
    )
    return Newcomer(_identity(data), stay_of(act, data), values, guardians, data["sure"])


@require_POST
@needs(READ.code)
def doors(request: HttpRequest) -> HttpResponse:
    """The addresses that an address field offers while it is written; sent, so that none is in an address of a page."""
    text = request.POST.get("home", "").replace("\x00", "").strip()[:120]
    found = finding.addresses(act_in(request), text, OFFERED) if text else []
    return render(request, "registry/people/_doors.html", {"found": found})


def _adopt_page(request: HttpRequest, form: forms.AdoptForm, status: int = 200) -> HttpResponse:
    return render(request, "registry/people/adopt.html", {"form": form}, status=status)


def _adopt(request: HttpRequest) -> HttpResponse:
    """Take over the file of somebody known elsewhere."""
    act = act_in(request)
    if not act.may("registry.adopt"):
        raise Denied(_("您没有接收档案的权限。"))
    form = forms.AdoptForm(request.POST, area=area_choices(act))
    if form.is_valid():
        data = form.cleaned_data
        try:
            person = services.adopt.adopt(
                act,
                identity=_identity(data),
                stay=stay_of(act, data),
                reason=data["reason"],
                source=source_of(act),
                asked=data["asked"],
            )
        except Refusal as refusal:
            forms.refuse(form, refusal)
        else:
            address = reverse("registry:person", args=[person.pk])
            return HttpResponseRedirect(f"{address}?done=register", status=303)
    return _adopt_page(request, form, 422)
