"""Forms that came down to a community: what is known stands there, what is missing is filled in, the whole is confirmed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.tables import services
from linli.capabilities.tables.desk.answering import Taken, take
from linli.capabilities.tables.forms.gaps import GapsForm, SignForm, plans_of
from linli.capabilities.tables.rules import Part, Plan
from linli.capabilities.tables.rules.plan import numbers
from linli.capabilities.tables.selectors import leaf as leaves
from linli.capabilities.tables.selectors import rounds as progress
from linli.capabilities.tables.selectors import sheets as reads
from linli.capabilities.tables.selectors.leaf import PRINTED, Leaf, Looking
from linli.capabilities.tables.selectors.sheets import SheetRow
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal

ANSWER, SIGN, NONE = "tables.answer", "tables.sign", "tables.report_none"
TABS = (("open", _("待核对")), ("signed", _("已上报")), ("done", _("部门已确认")))
TONES = {"filling": "warn", "returned": "bad", "signed": "info", "accepted": "good"}
EMPTY = _("没有记录的")
WINDOW = "window"


def number(text: str) -> int:
    """A key in an address; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_safe
@needs(ANSWER)
def listing(request: HttpRequest) -> HttpResponse:
    """Every form of the communities in sight, with how long it still has."""
    asked = request.GET.get("show", "open")
    return _list(request, asked if asked in reads.SHOWS else "open")


def _list(request: HttpRequest, show: str, refused: Refusal | None = None) -> HttpResponse:
    act, given = act_in(request), request.GET
    page = reads.sheets(act, show, number(given.get("after", "")))
    many = reads.empties(act) if act.may(NONE) else 0
    ways: list[tuple[str, Any, int | None]] = [(c, t, None) for c, t in TABS]
    if many or show == "empty":
        ways.insert(1, ("empty", EMPTY, many))
    context = {
        "page": page,
        "left": {row.pk: progress.left_of(act, row.round) for row in page.rows},
        "tabs": [
            {"label": t, "href": f"?show={c}", "active": c == show, "count": n} for c, t, n in ways
        ],
        "show": show,
        "tones": TONES,
        "refused": refused,
        "reported": number(given.get("none", "")),
        "found": number(given.get("found", "")),
        "may_none": act.may(NONE),
    }
    return render(request, "tables/sheets/list.html", context, status=422 if refused else 200)


def found(request: HttpRequest, pk: int) -> SheetRow:
    """A sheet of one's community; 404 where there is none in sight."""
    row = reads.sheet(act_in(request), pk)
    if row is None:
        raise Http404(_t("没有这张表，或它还没有下发到您的社区。"))
    return row


def looking_at(request: HttpRequest, size: int = leaves.ROWS) -> Looking:
    """How an address looks at a sheet."""
    given = request.GET
    q = given.get("q", "").replace("\x00", "").strip()[:40]
    return Looking(number(given.get("after", "")), q, given.get("only") == "gaps", size)


def part_of(request: HttpRequest, sheet: SheetRow) -> tuple[Part | None, list[dict[str, Any]]]:
    """Which list of a sheet is looked at, and the ways to the others."""
    parts = leaves.parts_of(sheet)
    at = number(request.GET.get("part", ""))
    part = parts[at] if at < len(parts) else (parts[0] if parts else None)
    ways = [
        {"label": each.title or each.sheet, "href": f"?part={place}", "active": each is part}
        for place, each in enumerate(parts)
    ]
    return part, ways if len(ways) > 1 else []


def _leaf(request: HttpRequest, sheet: SheetRow) -> tuple[Leaf | None, list[dict[str, Any]]]:
    part, ways = part_of(request, sheet)
    act = act_in(request)
    return (leaves.leaf(act, sheet, part, looking_at(request)) if part else None), ways


def asked_on(leaf: Leaf | None) -> list[reads.Missing]:
    """The questions that one screen of a sheet shows, by record."""
    missing = []
    for line in leaf.lines if leaf else ():
        gaps = {cell.gap.pk: cell.gap for cell in line.cells if cell.gap and cell.open}
        if line.remark and line.remark.state == "open":
            gaps[line.remark.pk] = line.remark
        if gaps:
            each = next(iter(gaps.values()))
            record = reads.Missing(each.record_set, line.record, line.name, list(gaps.values()))
            missing.append(record)
    return missing


def _drawn(
    request: HttpRequest,
    row: SheetRow,
    form: GapsForm | None = None,
    sign: SignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    act = act_in(request)
    leaf, ways = _leaf(request, row)
    given = request.GET.copy()
    given.pop("done", None)
    given.pop("after", None)
    context: dict[str, Any] = {
        "sheet": row,
        "standing": reads.standing(row),
        "leaf": leaf,
        "unseen": leaves.unseen(act, row),
        "parts": ways,
        "form": form or GapsForm(None, asked_on(leaf), plans_of([row])),
        "sign": sign or SignForm(),
        "looking": looking_at(request),
        "query": given.urlencode(),
        "numbers": numbers(Plan.of(row.round.plan)),
        "left": progress.left_of(act, row.round),
        "changes": leaves.counts(act, row),
        "tones": TONES,
        "empty": reads.empty(row),
        "may_sign": act.may(SIGN),
        "may_none": act.may(NONE),
        "may_decline": row.open and act.may("admission.decline"),
        "done": request.GET.get("done", ""),
    }
    return render(request, "tables/sheets/page.html", context, status=status)


@require_safe
@needs(ANSWER)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One form in one community: every value with its source, what is missing, and its confirmation."""
    act, row = act_in(request), found(request, pk)
    if row.opened is None and row.open and act.may("tables.keep"):
        services.open_(act, row)
    return _drawn(request, row)


def _json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


@require_POST
@needs(ANSWER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what was filled in; what cannot be read comes back with everything that was typed."""
    act, row = act_in(request), found(request, pk)
    form = GapsForm(request.POST, reads.named_in(act, row, request.POST), plans_of([row]))
    taken = _taken(request, row, form)
    if _json(request):
        return _told(row, form, taken)
    if form.errors:
        return _again(request, row, form)
    return HttpResponseRedirect(
        f"{reverse('tables:sheet', args=[pk])}?{_back(request)}done={taken.closed}", status=303
    )


def _taken(request: HttpRequest, row: SheetRow, form: GapsForm) -> Taken:
    """Keep what can be read of what was sent; the rest stays on the form with what is wrong."""
    fine = form.is_valid()
    answers, without = form.answers(), form.without()
    if not row.open:
        form.add_error(None, _t("这张表已经上报，不能再填。请刷新页面。"))
    elif not answers and not without:
        if fine:
            form.add_error(None, _t("还没有填任何一项。"))
    else:
        sure = request.POST.get("sure") == "on"
        taken = take(act_in(request), answers, without, source=WINDOW, sure=sure)
        for name, refusal in taken.wrong.items():
            form.add_error(name if name in form.fields else None, str(refusal))
        if taken.whole is not None:
            form.add_error(None, str(taken.whole))
        return taken
    return Taken()


def _back(request: HttpRequest) -> str:
    """Where one was on the sheet."""
    given = request.GET.copy()
    given.pop("done", None)
    return f"{given.urlencode()}&" if given else ""


def _again(request: HttpRequest, row: SheetRow, sent: GapsForm) -> HttpResponse:
    """The page again, with what was typed and what was wrong."""
    leaf, _ways = _leaf(request, row)
    missing = asked_on(leaf)
    shown = GapsForm(request.POST, missing, plans_of([row]))
    shown.is_valid()
    for name, errors in sent.errors.items():
        for each in errors:
            shown.add_error(name if name in shown.fields else None, str(each))
    return _drawn(request, row, shown, status=422)


def _told(row: SheetRow, form: GapsForm, taken: Taken) -> HttpResponse:
    """The same for the page's script: how many are left, what was wrong, cell by cell."""
    wrong = {name: [str(each) for each in errors] for name, errors in form.errors.items()}
    conflicts = [name for name, refusal in taken.wrong.items() if refusal.code == "changed"]
    body = {
        "closed": taken.closed,
        "left": reads.standing(row).open,
        "wrong": wrong,
        "conflicts": conflicts,
    }
    return JsonResponse(body, status=200 if not wrong or taken.closed else 422)


@require_POST
@needs(SIGN)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the form and hand it in."""
    act, row, form = act_in(request), found(request, pk), SignForm(request.POST)
    if not form.is_valid():
        return _drawn(request, row, sign=form, status=422)
    try:
        services.sign(act, row, left=form.cleaned_data["left"])
    except Refusal as refusal:
        form.add_error("left" if refusal.field == "left" else None, str(refusal))
        return _drawn(request, found(request, pk), sign=form, status=422)
    return HttpResponseRedirect(reverse("tables:sheet", args=[pk]), status=303)


@require_POST
@needs(NONE)
def none(request: HttpRequest) -> HttpResponse:
    """Say of the sheets that were picked that there is nothing to report."""
    picked = [key for key in map(number, request.POST.getlist("pick")) if key]
    try:
        told = services.report_none(act_in(request), sheets=picked)
    except Refusal as refusal:
        return _list(request, "empty", refusal)
    where = f"{reverse('tables:sheets')}?show=empty&none={told.many}&found={told.found}"
    return HttpResponseRedirect(where, status=303)


@require_safe
@needs(ANSWER)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet on paper, as it stands."""
    act, row = act_in(request), found(request, pk)
    part, _ways = part_of(request, row)
    leaf = leaves.leaf(act, row, part, looking_at(request, PRINTED)) if part else None
    context = {"sheet": row, "leaf": leaf, "most": PRINTED, "at": act.at, "who": act.name}
    return render(request, "tables/sheets/paper.html", context)


def act_and_sheet(request: HttpRequest, pk: int) -> tuple[Act, SheetRow]:
    """Who asks, and the sheet."""
    return act_in(request), found(request, pk)


routes = [
    path("desk/sheets/", listing, name="sheets"),
    path("desk/sheets/none/", none, name="sheets_none"),
    path("desk/sheets/<int:pk>/", page, name="sheet"),
    path("desk/sheets/<int:pk>/answer/", answer, name="sheet_answer"),
    path("desk/sheets/<int:pk>/sign/", sign, name="sheet_sign"),
    path("desk/sheets/<int:pk>/paper/", paper, name="sheet_paper"),
]
