"""Filings of who holds a post 任职备案: the list of the level above, one of them, filed or given back (R026)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry import services
from linli.capabilities.registry.forms import bodies
from linli.capabilities.registry.forms.people import StepForm
from linli.capabilities.registry.selectors import filings as reads
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.filings import Wanted
from linli.capabilities.registry.services import filing_exports
from linli.capabilities.registry.verbs import FILINGS
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied, Refusal
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.files.views import taken
from linli.kernel.places import choosing
from linli.ui.keys import key_of, pager

ALL = "all"
TABS = (
    ("waiting", _("待备案")),
    ("changed", _("备案后有变动")),
    ("filed", _("已备案")),
    ("returned", _("已退回")),
    (ALL, _("全部")),
)
TONES = {"waiting": "warn", "filed": "good", "returned": "bad"}


def wanted_in(act: Act, given: Any) -> tuple[str, Wanted]:
    """The tab that is open, and what it asks for."""
    state = given.get("state", "")
    state = state if state in dict(TABS) else "waiting"
    area = choosing.named(act, given.get("area", ""))
    return state, Wanted("" if state == ALL else state, area.pk if area else None)


def _kept(state: str, wanted: Wanted) -> dict[str, Any]:
    return {"state": state, **({"area": wanted.area} if wanted.area else {})}


@require_safe
@needs(FILINGS.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Who waits to be filed, what changed since, who was filed or given back."""
    act = act_in(request)
    state, wanted = wanted_in(act, request.GET)
    after = key_of(request.GET.get("after", ""))
    rows, following = reads.page(act, wanted, after=after)
    kept = _kept(state, wanted)
    tabs = [
        {"label": title, "href": f"?{urlencode({**kept, 'state': code})}", "active": code == state}
        for code, title in TABS
    ]
    context = {
        "rows": rows,
        "state": state,
        "tabs": tabs,
        "tones": TONES,
        "posts": kinds.section().post_by_code,
        "areas": choosing.steps(act, wanted.area),
        "area": wanted.area,
        "query": urlencode(kept),
        "page": pager(kept, after, following),
    }
    return render(request, "registry/organisations/filings.html", context)


def _found(act: Act, pk: int) -> Any:
    row = reads.find(act, pk)
    if row is None:
        raise Http404(_t("没有这一件备案，或不在您的范围内。"))
    return row


@require_safe
@needs(FILINGS.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One filing: who, where, since when, what was filed before, and what is to be done."""
    act = act_in(request)
    row = _found(act, pk)
    known = kinds.section().post_by_code.get(row.holding.post)
    rule = known.filed if known else None
    context = {
        "f": row,
        "h": row.holding,
        "post": known.title if known else row.holding.post,
        "rule": rule,
        "tones": TONES,
        "history": reads.history(row),
        "political": dict(dictionary.choices("political")),
        "sex": dict(bodies.SEX),
        "latest": reads.of([row.holding_id])[row.holding_id].pk == row.pk,
    }
    return render(request, "registry/organisations/filing.html", context)


def _file(act: Act, row: Any, data: dict[str, Any]) -> Any:
    return services.filings.file(act, row, **data)


def _correct(act: Act, row: Any, data: dict[str, Any]) -> Any:
    return services.filings.correct(act, row, **data)


def _return(act: Act, row: Any, data: dict[str, Any]) -> Any:
    return services.filings.hand_back(act, row, **data)


def _report(act: Act, row: Any, data: dict[str, Any]) -> Any:
    return services.filings.report(act, row.holding)


Step = tuple[str, Any, type[StepForm], Callable[[Act, Any, dict[str, Any]], Any]]
STEPS: dict[str, Step] = {
    "file": ("registry.file_post", _("备案"), bodies.FilingForm, _file),
    "correct": ("registry.correct_filing", _("更正备案号和日期"), bodies.FilingForm, _correct),
    "return": ("registry.return_filing", _("退回"), bodies.ReturnForm, _return),
    "report": ("registry.organisation.report_post", _("重新报送"), StepForm, _report),
}


@needs(FILINGS.code)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """File, mend the number, give back, or report anew."""
    act = act_in(request)
    row, chosen = _found(act, pk), STEPS.get(verb)
    if chosen is None:
        raise Http404(_t("没有这一步。"))
    code, title, form, run = chosen
    if not act.may(code):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": title})
    held = row.holding
    initial = {"number": row.number, "on": row.on or timezone.localdate(act.at)}

    def do(data: dict[str, Any]) -> None:
        run(act, row, data)

    return asked(
        request,
        form(sent(request), initial=initial),
        do,
        title=f"{title}{_t('：')}{held.name}",
        back=reverse("registry:filing", args=[pk]),
        hint=f"{held.organisation.name} · {row.get_about_display()}",
        danger=verb == "return",
    )


@needs("registry.export_filings")
def export(request: HttpRequest) -> HttpResponse:
    """The reason is asked for first; the fact is written before a row leaves."""
    act = act_in(request)
    state, wanted = wanted_in(act, request.GET)
    form = bodies.TakingForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = filing_exports.export(
                act, state=wanted.state, area=wanted.area, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("reason" if refusal.field == "reason" else None, str(refusal))
        else:
            return taken(act, made, filing_exports.DIRECT_MOST)
    context = {
        "form": form,
        "title": _("导出任职备案"),
        "back": f"{reverse('registry:filings')}?{urlencode(_kept(state, wanted))}",
        "hint": _("文件带水印：谁、什么时候、为什么导出；导出会留下记录。"),
    }
    template = "registry/organisations/filing_export.html"
    return render(request, template, context, status=422 if form.errors else 200)
