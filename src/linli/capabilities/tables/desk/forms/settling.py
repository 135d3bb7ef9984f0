"""A form on its way to being confirmed: its page, one column's panel, the steps for the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.registry.services import answering
from linli.capabilities.tables.desk.forms.lists import TONES
from linli.capabilities.tables.desk.forms.showing import Shown, found, papers, shown_of
from linli.capabilities.tables.forms.bringing import ColumnForm, ConfirmForm, SourceForm
from linli.capabilities.tables.mapping.asking import Mark, mark_of, settled
from linli.capabilities.tables.rules import Column, Part, Plan, Way
from linli.capabilities.tables.selectors import forms as reads
from linli.capabilities.tables.selectors.sending import section
from linli.capabilities.tables.services import forms as services
from linli.capabilities.tables.verbs import FORMS
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.shapes import Element
from linli.ui.spoken import retold

SETTLE = "tables.settle"
FOUND_MOST = 8


def _page(
    request: HttpRequest,
    form: Any,
    more: dict[str, Any] | None = None,
    status: int = 200,
    at: str = "",
) -> HttpResponse:
    act, plan = act_in(request), Plan.of(form.plan)
    at = at or request.GET.get("at", "")
    column = plan.column(at) if form.state == "draft" else None
    drawn = papers(form, plan)
    context: dict[str, Any] = {
        "form": form,
        "stopped": "",
        "c": None,
        "said": {},
        "plan": plan,
        "papers": drawn,
        "paper": _shown_paper(request, plan, column, drawn),
        "left": settled(plan),
        "tones": TONES,
        "file": services.file_of(form),
        "warnings": [retold(each) for each in form.picture.get("warnings", ())],
        "apart": _t("、").join(form.picture.get("unread", ())),
        "may": act.may(SETTLE) and form.state == "draft",
        "list": [(part, _listed(form, part)) for part in plan.parts],
        **(_panel(act, form, plan, column) if column else {}),
        **(more or {}),
    }
    if form.state == "confirmed":
        context["shared"] = reads.shared(act, form, plan, services.today(act))
        context |= {"sent": reads.rounds_of(form), "law": section().sharing, "titles": reads.labels}
    return render(request, "tables/forms/page.html", context, status=status)


def _listed(form: Any, part: Any) -> list[Shown]:
    return [Shown(each, mark_of(each), each.path[-1]) for each in (*part.columns, *part.lines)]


def _shown_paper(request: HttpRequest, plan: Plan, column: Column | None, drawn: list[Any]) -> int:
    """Which sheet is drawn: that of the column in hand, the one asked for, else the first that asks something."""
    asked = request.GET.get("sheet", "")
    if asked.isascii() and asked.isdigit() and int(asked) < len(drawn):
        return int(asked)
    parts = [p for p in plan.parts if column is None or column in (*p.columns, *p.lines)]
    names = [paper.name for paper in drawn]
    return names.index(parts[0].sheet) if parts and parts[0].sheet in names else 0


@require_safe
@needs(FORMS.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a form with what each heading was taken to mean, and what to do next."""
    form = found(act_in(request), pk)
    if form.state in ("reading", "broken"):
        drawn = papers(form, Plan())
        context: dict[str, Any] = {"form": form, "file": services.file_of(form), "tones": TONES}
        context["trouble"] = retold(form.trouble)
        context |= {"papers": drawn, "apart": _t("、").join(form.picture.get("unread", ()))}
        return render(request, "tables/forms/broken.html", context)
    return _page(request, form)


def _panel(
    act: Act,
    form: Any,
    plan: Plan,
    column: Column,
    refused: Refusal | None = None,
    found_: list[Element] | None = None,
) -> dict[str, Any]:
    part = next(each for each in plan.parts if column in (*each.columns, *each.lines))
    keys = [each.key for each in plan.columns]
    codes = [column.element, *column.offers] if column.way is Way.KNOWN else column.offers
    known = selectors.elements()
    offered = [known[code] for code in dict.fromkeys(codes) if code in known]
    return {
        "c": shown_of(form, column),
        "why": retold(column.why),
        "part": part,
        "offered": offered,
        "found": found_,
        "summands": " + ".join(_summands(part, column)),
        "refused": refused,
        "at_number": keys.index(column.key) + 1,
        "at_all": len(keys),
        "asks": {
            each.code for each in [*offered, *(found_ or [])] if each.code.endswith("document")
        },
        "answers": {
            each.code
            for each in [*offered, *(found_ or [])]
            if part.shape == "list" and answering.answers(part.record_set, each.code)
        },
        "sets": {code: each.label for code, each in selectors.record_sets().items()},
    }


def _summands(part: Part, column: Column) -> list[str]:
    """What the columns are called that a column adds."""
    return [part.columns[at].path[-1] for at in column.adds if at < len(part.columns)]


def _looked_up(text: str) -> list[Element]:
    """What the dictionary knows of some words."""
    words = text.replace("\x00", "").strip()[:40]
    return [match.element for match in selectors.look_up(words)][:FOUND_MOST] if words else []


@needs(SETTLE)
def column(request: HttpRequest, pk: int, column: str) -> HttpResponse:
    """One column: what it may mean and why; said, the next one that waits is shown."""
    act, form = act_in(request), found(act_in(request), pk)
    plan = Plan.of(form.plan)
    held = plan.column(column)
    if held is None or form.state != "draft":
        raise Http404(_t("没有这一列，或这张表已经确认。"))
    asked = request.GET.get("q") if request.method != "POST" else request.POST.get("q")
    if request.method != "POST" or "find" in request.POST:
        looked = _looked_up(asked) if asked is not None else None
        return _shown_panel(request, form, plan, held, looked)
    said = ColumnForm(request.POST)
    if not said.is_valid():
        return _shown_panel(
            request, form, plan, held, refused=Refusal(_t("请选一项。"), field="pick")
        )
    try:
        form = services.settle(act, form, key=column, decision=said.decision(held))
    except Refusal as refusal:
        return _shown_panel(request, form, plan, held, refused=refusal)
    return _onward(request, form, column)


def _shown_panel(
    request: HttpRequest,
    form: Any,
    plan: Plan,
    held: Column,
    looked: list[Element] | None = None,
    refused: Refusal | None = None,
) -> HttpResponse:
    act, status = act_in(request), 422 if refused else 200
    panel = _panel(act, form, plan, held, refused, looked)
    given = {name: request.POST.get(name, "") for name in ("pick", "text", "reason", "asked")}
    panel |= {"form": form, "said": given if refused else {}}
    if not getattr(request, "htmx", False):
        return _page(request, form, panel, status, at=held.key)
    name = "_found" if looked is not None else "_panel"
    return render(request, f"tables/forms/{name}.html", panel, status=status)


def _onward(request: HttpRequest, form: Any, key: str) -> HttpResponse:
    """The next column that waits, with the heading that was settled drawn anew; the whole page on another sheet."""
    plan = Plan.of(form.plan)
    following = _next(plan, key)
    where = reverse("tables:form", args=[form.pk])
    if following is not None:
        where = f"{where}?at={following.key}"
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(where, status=303)
    here, there = _part_of(plan, key), _part_of(plan, following.key) if following else None
    if following is None or here.sheet != (there.sheet if there else ""):
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = where
        return answer
    changed = plan.column(key)
    context = _panel(act_in(request), form, plan, following)
    context |= {"form": form, "left": settled(plan), "said": {}, "may": True}
    context |= {"changed": shown_of(form, changed) if changed else None}
    return render(request, "tables/forms/_onward.html", context)


def _part_of(plan: Plan, key: str) -> Any:
    return next(p for p in plan.parts if any(c.key == key for c in (*p.columns, *p.lines)))


def _next(plan: Plan, key: str) -> Column | None:
    """The first column after this one that waits, else the first of all."""
    columns = list(plan.columns)
    at = next((n for n, each in enumerate(columns) if each.key == key), -1)
    waiting = [*columns[at + 1 :], *columns[: at + 1]]
    done = (Mark.DONE, Mark.APART)
    return next((each for each in waiting if mark_of(each) not in done), None)


def _confirmed(act: Act, form: Any, request: HttpRequest) -> Any:
    said = ConfirmForm(request.POST)
    return services.confirm(act, form, title=said.data.get("title", "")[:120])


def _shared(act: Act, form: Any, request: HttpRequest) -> Any:
    said = SourceForm(request.POST)
    if not said.is_valid():
        raise Refusal(_t("请选一个来源。"), field="source", code="required")
    return services.use_shared(act, form, source=said.cleaned_data["source"])


STEPS: dict[str, tuple[str, Callable[[Act, Any, HttpRequest], Any]]] = {
    "sure": ("tables.settle_sure", lambda act, form, _r: services.settle_sure(act, form)),
    "undo": ("tables.settle_undo", lambda act, form, _r: services.undo(act, form)),
    "confirm": ("tables.confirm", _confirmed),
    "reopen": ("tables.reopen", lambda act, form, _r: services.reopen(act, form)),
    "retire": ("tables.retire", lambda act, form, _r: services.retire(act, form)),
    "shared": ("tables.use_shared", _shared),
}


@require_POST
@needs(FORMS.code)
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step for the whole form: accept what is sure, undo, confirm, change again, put away."""
    act, form = act_in(request), found(act_in(request), pk)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step][1](act, form, request)
    except Refusal as refusal:
        form.refresh_from_db()
        if form.state in ("reading", "broken"):
            raise
        return _page(request, form, {"stopped": str(refusal)}, 422)
    where = reverse("tables:form", args=[pk])
    at = request.POST.get("at", "")
    if step in ("sure", "undo") and at:
        waiting = _next(Plan.of(found(act, pk).plan), at)
        where += f"?at={waiting.key}" if waiting else ""
    return HttpResponseRedirect(where, status=303)
