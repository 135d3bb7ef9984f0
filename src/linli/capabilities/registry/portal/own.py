"""My information: every value with its source, who looked at it and why; object, withdraw, link (PIPL 44–47)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.registry import services
from linli.capabilities.registry.forms.own import OBJECTED, LinkForm, ObjectForm
from linli.capabilities.registry.selectors import dossier, looking, telling, wards
from linli.capabilities.registry.selectors.dossier import Dossier
from linli.capabilities.registry.verbs import OWN
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.ui.keys import key_of

SHOWN = (
    "name",
    "sex",
    "born",
    "document_kind",
    "document",
    "phone",
    "ethnic",
    "native_place",
    "marital",
    "education",
    "political",
    "employment",
    "workplace",
)


def tell(request: HttpRequest, text: object, tone: str = "good") -> None:
    """Words for the next page."""
    request.session["told"] = [{"text": str(text), "tone": tone}]


def draw(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the portal, with the words that wait for it."""
    told = request.session.pop("told", []) if "told" in request.session else []
    return render(
        request, f"registry/portal/{name}.html", {"messages": told, **context}, status=status
    )


def _back(child: int | None = None) -> HttpResponse:
    address = reverse("registry:own_ward", args=[child]) if child else reverse("registry:own")
    return HttpResponseRedirect(address, status=303)


@require_safe
@needs(OWN.code)
def page(request: HttpRequest) -> HttpResponse:
    """What is held about whoever is signed in."""
    act = act_in(request)
    found = dossier.own(act)
    if found is None:
        return draw(request, "link", {"form": LinkForm()})
    told = _told(act, found)
    agreed = {c.purpose for c in told["a"].consents if c.withdrawn is None}
    context = told | {
        "looks": looking.own_looks(act),
        "wards": wards.wards(act),
        "purposes": [each for each in telling.consent_choices() if each[0] not in agreed],
    }
    return draw(request, "own", context)


def _told(act: Act, found: Dossier) -> dict[str, Any]:
    return {
        "d": found,
        "p": found.person,
        "values": telling.values(found, SHOWN),
        "tags": telling.tags(found),
        "a": dossier.around(act, found.person),
        "words": telling.words(),
        "rights": telling.rights(found),
    }


@require_safe
@needs(OWN.code)
def ward(request: HttpRequest, pk: int) -> HttpResponse:
    """What is held about a child whose guardian is signed in."""
    act = act_in(request)
    with wards.as_guardian(act, pk) as found:
        if found is None:
            raise Http404(_t("没有这个孩子，或您不是登记的监护人。"))
        context = _told(act, found) | {"looks": [], "wards": [], "purposes": [], "ward": True}
        return draw(request, "own", context)


@needs("registry.link_account")
def link(request: HttpRequest) -> HttpResponse:
    """Prove who one is by exact number and name."""
    act = act_in(request)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.links.link_account(act, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            tell(request, _("已完成实名关联，以下是登记在您名下的信息。"))
            return _back()
    return draw(request, "link", {"form": form}, 422 if form.errors else 200)


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _asked(request: HttpRequest) -> int | None:
    """The child that a page or a form is about; nobody for oneself."""
    return key_of(request.POST.get("ward", request.GET.get("ward", "")))


def _mine(request: HttpRequest) -> Dossier:
    found = dossier.own(act_in(request))
    if found is None:
        raise Http404(_t("您还没有完成实名关联。"))
    return found


@needs("registry.object")
def objection(request: HttpRequest) -> HttpResponse:
    """Say that something is wrong about oneself or one's child, and what it should be."""
    act, child = act_in(request), _asked(request)
    own = None if child else _mine(request)
    initial = {"field": request.GET.get("field", "")[:40]}
    form = ObjectForm(request.POST if request.method == "POST" else None, initial=initial)
    fields = telling.words()["fields"]
    choice = form.fields["field"]
    if isinstance(choice, forms.ChoiceField):
        choice.choices = [(name, fields[name]) for name in OBJECTED]
    if request.method == "POST" and form.is_valid():
        try:
            if own is None:
                services.objections.object_for(act, child=child or 0, **form.cleaned_data)
            else:
                services.objections.raise_objection(act, person=own.person, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            tell(request, _("已收到，社区核实后会答复您。"))
            return _back(child)
    return draw(request, "object", {"form": form, "ward": child}, 422 if form.errors else 200)


@require_POST
@needs("registry.withdraw_consent")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a consent."""
    act, found = act_in(request), _mine(request)
    consent = dossier.consent_of(act, pk)
    if consent is None or consent.person_id != found.person.pk:
        raise Http404(_t("找不到这条同意记录。"))
    try:
        services.consent.withdraw_consent(act, consent)
        tell(request, _("已撤回。此前依您的同意做的仍然有效。"))
    except Refusal as refusal:
        tell(request, refusal, "warn")
    return _back()


@require_POST
@needs("registry.consent")
def agree(request: HttpRequest) -> HttpResponse:
    """Agree to a purpose."""
    act, found = act_in(request), _mine(request)
    try:
        purpose = request.POST.get("purpose", "")[:40]
        services.consent.consent(act, person=found.person, purpose=purpose)
        tell(request, _("已登记您的同意，随时可以撤回。"))
    except Refusal as refusal:
        tell(request, refusal, "warn")
    return _back()
