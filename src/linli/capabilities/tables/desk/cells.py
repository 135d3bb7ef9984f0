"""One cell of a sheet: where its value comes from, what was said of it, and the ways to mend it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.tables import services
from linli.capabilities.tables.desk.sheets import act_and_sheet, number, part_of
from linli.capabilities.tables.forms.rounds import ChangeForm, WithoutForm
from linli.capabilities.tables.rules import How, Said
from linli.capabilities.tables.selectors import leaf as leaves
from linli.capabilities.tables.selectors import sheets as reads
from linli.capabilities.tables.selectors.leaf import Cell, Line, Looking
from linli.capabilities.tables.selectors.sheets import GapRow, SheetRow
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.shapes import Kind

ANSWER = "tables.answer"


def _panel(request: HttpRequest, title: str, context: dict[str, Any], status: int) -> HttpResponse:
    """A small page, drawn bare when a sheet of the desk asks for it."""
    page = "ui/sheet.html" if getattr(request, "htmx", False) else "tables/sheets/panel.html"
    whole = {**context, "panel_title": title, "part": "tables/sheets/_cell.html"}
    return render(request, page, whole, status=status)


def _cell(request: HttpRequest, sheet: SheetRow) -> tuple[Line, Cell]:
    """The cell that an address names: `record`, `column`."""
    part, _ways = part_of(request, sheet)
    record, column = number(request.GET.get("record", "")), request.GET.get("column", "")
    act = act_in(request)
    if part is not None and record:
        leaf = leaves.leaf(act, sheet, part, Looking(keys=(record,)))
        for line in leaf.lines:
            for cell in line.cells:
                if line.record == record and cell.head.column.key == column:
                    return line, cell
    raise Http404(_t("这一格已经不在这张表里，请刷新页面。"))


@require_safe
@needs(ANSWER)
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """One cell: its value, its source, what can be done."""
    _act, sheet = act_and_sheet(request, pk)
    return _shown(request, sheet)


def _choices(one: Cell) -> list[tuple[str, str]] | None:
    element = selectors.element(one.head.element) if one.head.element else None
    if element is None or element.kind is not Kind.CODE:
        return None
    return [(code, str(title)) for code, title in selectors.choices(element.table)]


def _shown(
    request: HttpRequest,
    sheet: SheetRow,
    change: ChangeForm | None = None,
    without: WithoutForm | None = None,
    status: int = 200,
) -> HttpResponse:
    line, one = _cell(request, sheet)
    act = act_in(request)
    mends = one.head.mends and not one.head.column.part and sheet.open and act.may("tables.mend")
    start = ChangeForm(choices=_choices(one), initial={"seen": one.text})
    context = {
        "sheet": sheet,
        "line": line,
        "cell": one,
        "change": (change or start) if mends else None,
        "without": without or WithoutForm(),
        "sent": change or without,
        "query": request.GET.urlencode(),
        "may_keep": act.may("tables.keep"),
    }
    return _panel(request, f"{line.name} · {one.head.title}", context, status)


def _home(pk: int, closed: int = 0) -> HttpResponse:
    where = reverse("tables:sheet", args=[pk])
    return HttpResponseRedirect(f"{where}?done={closed}" if closed else where, status=303)


@require_POST
@needs("tables.mend")
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a value that stands there."""
    act, sheet = act_and_sheet(request, pk)
    line, one = _cell(request, sheet)
    part, _ways = part_of(request, sheet)
    form = ChangeForm(request.POST, choices=_choices(one))
    if not form.is_valid() or part is None:
        return _shown(request, sheet, form, status=422)
    try:
        services.mend(
            act,
            sheet,
            part=part,
            record=line.record,
            column=one.head.column.key,
            **form.cleaned_data,
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _shown(request, sheet, form, status=422)
    return _home(pk)


def _gap(request: HttpRequest, sheet: SheetRow) -> GapRow:
    keys = {f"gap-{number(request.POST.get('gap', ''))}": ""}
    for record in reads.named_in(act_in(request), sheet, keys):
        return record.gaps[0]
    raise Http404(_t("这一格已经不在这张表里，请刷新页面。"))


@require_POST
@needs(ANSWER)
def without(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that there is no value, or that nobody can tell it, and why."""
    act, sheet = act_and_sheet(request, pk)
    form, gap = WithoutForm(request.POST), _gap(request, sheet)
    if not sheet.open:
        form.add_error(None, _t("这张表已经上报，不能再填。请刷新页面。"))
    if not form.is_valid():
        return _shown(request, sheet, without=form, status=422)
    said = Said(How(form.cleaned_data["how"]), " ".join(form.cleaned_data["why"].split()))
    try:
        closed = services.answer(act, answers={}, without={gap.pk: said}, source="window")
    except Refusal as refusal:
        form.add_error("why" if refusal.code == "reason" else None, str(refusal))
        return _shown(request, sheet, without=form, status=422)
    return _home(pk, closed)


@require_POST
@needs("tables.keep")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what the department marked was looked at and stays, or ask again for what was not told."""
    act, sheet = act_and_sheet(request, pk)
    gap = _gap(request, sheet)
    try:
        (services.reopen if request.POST.get("do") == "reopen" else services.keep)(act, gap)
    except Refusal as refusal:
        form = WithoutForm({})
        form.add_error(None, str(refusal))
        return _shown(request, sheet, without=form, status=422)
    return _home(pk)


routes = [
    path("desk/sheets/<int:pk>/cell/", cell, name="sheet_cell"),
    path("desk/sheets/<int:pk>/cell/mend/", mend, name="sheet_mend"),
    path("desk/sheets/<int:pk>/cell/without/", without, name="sheet_without"),
    path("desk/sheets/<int:pk>/cell/keep/", keep, name="sheet_keep"),
]
