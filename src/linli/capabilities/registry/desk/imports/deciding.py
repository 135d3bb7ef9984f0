"""What waits for a person: values in conflict and probable matches, both sides beside each other."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.registry.forms.imports import ReasonForm, refuse
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import decisions
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.vault.services import reveal
from linli.ui.keys import key_of

SAID = {"done": "good", "stale": "warn"}


def _told(request: HttpRequest, words: dict[str, str]) -> list[dict[str, str]]:
    said = request.GET.get("said", "")
    return [{"text": words[said], "tone": SAID[said]}] if said in words else []


@require_safe
@needs("registry.decide_conflict")
def conflicts(request: HttpRequest) -> HttpResponse:
    """Values in conflict, oldest first."""
    act = act_in(request)
    words = {
        "done": _t("已裁定。"),
        "stale": _t("这个值刚才已有变化，没有裁定；请看过最新的值再定。"),
    }
    context = {
        "page": reads.disputes(act, key_of(request.GET.get("after", ""))),
        "waiting": reads.waiting(act),
        "messages": _told(request, words),
    }
    return render(request, "registry/imports/conflicts.html", context)


def _dispute(request: HttpRequest, pk: int) -> Any:
    found = reads.dispute(act_in(request), pk)
    if found is None:
        raise Http404(_t("这一条已经裁定过了，或不在您的范围内。"))
    return found


def _back(name: str, said: str, request: HttpRequest) -> HttpResponse:
    after = key_of(request.POST.get("after", ""))
    more = f"&after={after}" if after else ""
    return HttpResponseRedirect(f"{reverse(f'registry:{name}')}?said={said}{more}", status=303)


@require_POST
@needs("registry.decide_conflict")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the held value or take the offered one."""
    found = _dispute(request, pk)
    take = request.POST.get("take") == "yes"
    row = decisions.decide_conflict(act_in(request), found.conflict, take=take)
    return _back("import_conflicts", "stale" if row.state == "open" else "done", request)


def _in_full(act: Act, found: Any, reason: str) -> list[str]:
    """Both values; what is held is looked at on the person's own row, so that the person is told."""
    held = "—"
    if found.conflict.held is not None:
        held = reveal(act, found.holder or found.conflict, field=_field(found), reason=reason)
    offered = found.conflict.offered
    return [
        held,
        reveal(act, found.conflict, field="offered", reason=reason) if offered else "—",
    ]


def _field(found: Any) -> str:
    return str(found.conflict.field) if found.holder is not None else "held"


@needs("vault.reveal")
def numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """Two protected values in full, with a reason that stays on record."""
    act, found = act_in(request), _dispute(request, pk)
    form = ReasonForm(request.POST or None)
    shown: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            shown = _in_full(act, found, form.cleaned_data["reason"])
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"d": found, "form": form, "shown": shown}
    status = 422 if form.errors else 200
    return render(request, "registry/imports/numbers.html", context, status=status)


@require_safe
@needs("registry.link_row")
def matches(request: HttpRequest) -> HttpResponse:
    """Rows without a number that are probably somebody known."""
    act = act_in(request)
    context = {
        "page": reads.probable(act, key_of(request.GET.get("after", ""))),
        "waiting": reads.waiting(act),
        "messages": _told(request, {"done": _t("已判定。")}),
    }
    return render(request, "registry/imports/matches.html", context)


@require_POST
@needs("registry.link_row")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who a row is."""
    act = act_in(request)
    row = reads.probable_row(act, pk)
    if row is None:
        raise Http404(_t("这一行已经判定过了，或不在您的范围内。"))
    try:
        decisions.link_row(act, row, verdict=request.POST.get("verdict", ""))
    except Refusal as refusal:
        context = {
            "page": reads.probable(act, None),
            "waiting": reads.waiting(act),
            "messages": [{"text": str(refusal), "tone": "bad"}],
        }
        return render(request, "registry/imports/matches.html", context, status=422)
    return _back("import_matches", "done", request)
