"""What was done in my areas, and whether the chain over it holds."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import selectors
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.forms import AuditFilter
from linli.kernel.access.models import Account

SHOWS = {"": _("全部"), "reveals": _("查看敏感信息"), "exports": _("导出")}


@needs("access.audit")
def audit(request: HttpRequest) -> HttpResponse:
    """Facts in sight, newest first."""
    act = act_in(request)
    kinds = selectors.known_kinds(request.GET.get("kind", "")[:64])
    form = AuditFilter(request.GET, verbs=selectors.known_verbs(), kinds=kinds)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    wanted = replace(_wanted(form, request.GET.get("before", "")), verbs=_shown(show))
    page = selectors.facts(act, wanted)
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    kept = {**asked, **({"show": show} if show else {})}
    context = {
        "form": form,
        "show": show,
        "tabs": [
            {"label": label, "href": _tab(code, asked), "active": code == show}
            for code, label in SHOWS.items()
        ],
        "rows": page.rows,
        "chain": selectors.chain_state(act),
        "checked": selectors.chain_checked() if request.GET.get("check") else None,
        "page": {
            "next_href": f"?{urlencode({**kept, 'before': page.next})}" if page.next else "",
            "first_href": f"?{urlencode(kept)}" if wanted.before else "",
        },
    }
    return render(request, "access/audit.html", context)


def _tab(code: str, asked: dict[str, str]) -> str:
    """Another tab keeps day, person and subject; the verb would contradict it."""
    kept = {name: value for name, value in asked.items() if name != "verb"}
    return f"?{urlencode({**kept, **({'show': code} if code else {})})}"


def _shown(show: str) -> tuple[str, ...]:
    return {"reveals": ("vault.reveal",), "exports": selectors.taking_out()}.get(show, ())


def _wanted(form: AuditFilter, before: str) -> selectors.FactWanted:
    form.is_valid()
    values = form.cleaned_data
    actor = None
    if login := values.get("login"):
        found = Account.objects.filter(login=login).values_list("pk", flat=True).first()
        actor = found if found is not None else -1
    return selectors.FactWanted(
        verb=values.get("verb", ""),
        actor=actor,
        day=values.get("day"),
        kind=values.get("kind", ""),
        subject=values.get("subject", ""),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )


@needs("access.audit")
def audit_fact(request: HttpRequest, pk: int) -> HttpResponse:
    """One fact with its data, words and link."""
    opened = selectors.fact_opened(act_in(request), pk)
    if opened is None:
        raise Http404
    return render(request, "access/fact.html", {"opened": opened})
