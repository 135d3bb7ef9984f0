"""One import and all of them: how far it is, what it did, what was refused and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.registry.forms.imports import ReasonForm
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import returning
from linli.capabilities.registry.services.imports import receiving, shelf
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.files import sheets
from linli.ui.keys import key_of

VERB = "registry.import"
MARKED = "tag:"
TABS = (("all", _("全部")), ("open", _("没有做完的")), ("done", _("已完成")))
# What the report counts, in its order: words and tone.
COUNTS: tuple[tuple[str, Any, str], ...] = (
    ("rows", _("读到的行"), ""),
    ("new", _("新登记的人"), "good"),
    ("met", _("已经在册的人"), ""),
    ("changed", _("更新了资料的人"), ""),
    ("linked", _("无证件但认出的人"), ""),
    ("probable", _("可能是同一人"), "warn"),
    ("conflicts", _("待裁定的值"), "warn"),
    ("refused", _("没有导入的行"), "bad"),
    ("flawed", _("部分内容未采用的行"), "warn"),
    ("residences", _("新的居住登记"), ""),
    ("moved", _("换了住处"), ""),
    ("households", _("新的户"), ""),
    ("homes", _("新的房屋"), ""),
    ("homes_met", _("已经在册的房屋"), ""),
    ("homes_changed", _("更新了资料的房屋"), ""),
    ("marks", _("新的标签"), ""),
    ("marks_changed", _("续期或终止的标签"), ""),
    ("bonds", _("新的人际关系"), ""),
    ("ties", _("新的人房关系"), ""),
    ("owners", _("新登记的房主"), ""),
    ("ended", _("结束的居住登记"), ""),
    ("deaths", _("因死亡结束的居住登记"), ""),
    ("organisations", _("新登记的单位"), "good"),
    ("organisations_met", _("已经在册的单位"), ""),
    ("organisations_changed", _("更新了资料的单位"), ""),
    ("buildings", _("新的楼栋"), ""),
    ("buildings_changed", _("更新了资料的楼栋"), ""),
    ("estates", _("新的小区"), ""),
    ("estates_changed", _("更新了资料的小区"), ""),
    ("holdings", _("新登记的任职"), "good"),
    ("holdings_met", _("已经在册的任职"), ""),
    ("holdings_changed", _("补全了资料的任职"), ""),
    ("values_keep", _("保留更可靠来源的值"), ""),
)
TITLES = {name: words for name, words, _tone in COUNTS}
# What people look for first, by what the rows are.
FIRST = {
    "person": ("rows", "new", "met", "conflicts", "probable", "refused"),
    "organisation": ("rows", "organisations", "organisations_met", "conflicts", "refused"),
    "home": ("rows", "homes", "homes_met", "buildings", "refused"),
    "holding": ("rows", "holdings", "holdings_met", "refused"),
}


@dataclass(frozen=True, slots=True)
class Count:
    """One number of a report."""

    code: str
    words: Any
    number: int
    tone: str


def found(request: HttpRequest, pk: int) -> Any:
    """An import in sight, or 404."""
    batch = reads.batch(act_in(request), pk)
    if batch is None:
        raise Http404(_t("没有这次导入，或不在您的范围内。"))
    return batch


@require_safe
@needs(VERB)
def listing(request: HttpRequest) -> HttpResponse:
    """Every import in sight, newest first, and what waits for a decision."""
    act = act_in(request)
    show = request.GET.get("show", "all")
    show = show if show in dict(TABS) else "all"
    context = {
        "page": reads.batches(act, show, key_of(request.GET.get("after", ""))),
        "tabs": [{"label": t, "href": f"?show={c}", "active": c == show} for c, t in TABS],
        "show": show,
        "waiting": reads.waiting(act),
    }
    return render(request, "registry/imports/list.html", context)


def report(counts: dict[str, Any], record_set: str = "person") -> list[Count]:
    """The numbers of a report, in the house's order; zeros only for what people look for first."""
    first = FIRST[record_set]
    return [
        Count(code, words, int(counts.get(code, 0)), tone if counts.get(code) else "")
        for code, words, tone in COUNTS
        if counts.get(code) or code in first
    ]


def reasons(counts: dict[str, Any]) -> list[tuple[str, int]]:
    """Why rows or values were left out, most frequent first."""
    found_ = [(name[4:], int(n)) for name, n in counts.items() if name.startswith("why:")]
    return [(reads.words_of(code), n) for code, n in sorted(found_, key=lambda pair: -pair[1])]


def context_of(act: Act, batch: Any) -> dict[str, Any]:
    """What every state of an import's page shows."""
    total = batch.counts.get("total", {})
    tried = batch.plan.get("tried", {})
    running = batch.state == "running" and reads.is_running(batch.pk)
    return {
        "batch": batch,
        "counts": report(total, batch.record_set),
        "reasons": reasons(total),
        "tried": tried,
        "trial": report(tried.get("total", {}), batch.record_set) if tried else [],
        "trial_reasons": reasons(tried.get("total", {})),
        "running": running,
        "lost": receiving.lost(batch),
        "reading": batch.plan["reading"] if receiving.is_reading(batch) else None,
        "here": bool(batch.digest) and shelf.there(receiving.waits(batch)),
        "done": min(batch.progress, batch.total) if batch.total else 0,
    }


@require_safe
@needs(VERB)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its columns to be confirmed, how far it is, or its report."""
    act, batch = act_in(request), found(request, pk)
    context = context_of(act, batch)
    if context["reading"]:
        return render(request, "registry/imports/reading.html", context)
    if batch.state in ("read", "checked"):
        return columns_page(request, batch, context)
    context["waiting"] = reads.waiting(act, batch)
    context["download"] = ReasonForm(initial={"reason": _t("退回来源部门更正")})
    return render(request, "registry/imports/page.html", context)


_DIGITS = re.compile(r"\d{7,}[\dXx]?")


def _covered(value: str) -> str:
    """A value to recognise a column by, without showing whole numbers."""
    return _DIGITS.sub(lambda m: f"{m[0][:3]}{'*' * (len(m[0]) - 5)}{m[0][-2:]}", value)


def columns_page(
    request: HttpRequest, batch: Any, context: dict[str, Any], wrong: str = "", status: int = 200
) -> HttpResponse:
    """The columns as they were recognised, beside values; and what a trial said."""
    plan, samples = receiving.plan_of(batch), receiving.samples(batch)
    chosen = context.get("chosen", {})
    context |= {
        "plan": plan,
        "columns": [
            (
                each,
                [_covered(value) for value in samples[at]] if at < len(samples) else [],
                chosen.get(each.at, each.element),
            )
            for at, each in enumerate(plan.columns)
        ],
        "choices": reads.element_choices(plan.record_set),
        "always": [(code, *reads.said(code, value)) for code, value in plan.always.items()],
        "tags": {
            each.element: reads.tag_title(each.element.removeprefix(MARKED))
            for each in plan.columns
            if each.element.startswith(MARKED)
        },
        "before": reads.before(batch),
        "wrong": wrong,
    }
    return render(request, "registry/imports/columns.html", context, status=status)


@require_safe
@needs(VERB)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import or a trial is, asked for again and again by its page."""
    batch = found(request, pk)
    context = context_of(act_in(request), batch)
    over = batch.state != "running" and context["tried"].get("state") != "running"
    over = over and not context["reading"]
    response = render(request, "registry/imports/_state.html", context)
    if over:
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
@needs(VERB)
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were refused or flawed, with the reason; their cells are in the file."""
    batch = found(request, pk)
    asked = request.GET.get("state", "refused")
    states = (asked,) if asked in ("refused", "flawed") else ("refused",)
    kept = reads.rows(batch, states, key_of(request.GET.get("after", "")) or 0)
    tabs = [
        {"label": words, "href": f"?state={code}", "active": code in states}
        for code, words in (("refused", _("没有导入")), ("flawed", _("部分未采用")))
    ]
    form = ReasonForm(initial={"reason": _t("退回来源部门更正")})
    context = {"batch": batch, "page": kept, "tabs": tabs, "download": form}
    return render(request, "registry/imports/rows.html", context)


def _sheet(request: HttpRequest, content: bytes, name: str) -> HttpResponse:
    kind = _kind(request)
    response = HttpResponse(content, content_type=sheets.MEDIA[kind])
    named = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    response.headers["Content-Disposition"] = named
    response.headers["Cache-Control"] = "no-store"
    return response


def _kind(request: HttpRequest) -> str:
    """The format that was asked for."""
    return "csv" if request.POST.get("format") == "csv" else "xlsx"


def _reason(request: HttpRequest, pk: int) -> str | HttpResponse:
    form, batch = ReasonForm(request.POST), found(request, pk)
    if batch.state in ("read", "checked"):  # nothing was imported, so nothing can be taken back
        return redirect("registry:import_page", pk=pk)
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    context = context_of(act_in(request), batch) | {"download": form}
    context["waiting"] = reads.waiting(act_in(request), batch)
    return render(request, "registry/imports/page.html", context, status=422)


@require_POST
@needs("registry.import_refused")
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that did not get in, as they stood, each with its reason."""
    act, batch, reason = act_in(request), found(request, pk), _reason(request, pk)
    if isinstance(reason, HttpResponse):
        return reason
    content = returning.refused(act, batch, reason=reason, kind=_kind(request))
    return _sheet(request, content, f"{_t('没有导入的行')}-{pk}")


@require_POST
@needs("registry.import_return")
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """What the source should put right: where a person found the registry's value to hold."""
    act, batch, reason = act_in(request), found(request, pk), _reason(request, pk)
    if isinstance(reason, HttpResponse):
        return reason
    content = returning.corrections(act, batch, reason=reason, kind=_kind(request))
    return _sheet(request, content, f"{_t('更正')}-{pk}")


def to_page(pk: int) -> HttpResponseRedirect:
    """Back to an import's page."""
    return HttpResponseRedirect(reverse("registry:import_page", args=[pk]), status=303)
