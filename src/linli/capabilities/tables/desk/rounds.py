"""A round at the desk of its department, and of the streets it went through: every community, how far it is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.admission.services import Turned
from linli.capabilities.tables import jobs, services
from linli.capabilities.tables.desk.sheets import looking_at, number, part_of
from linli.capabilities.tables.forms.rounds import BackForm, RepeatForm, marks_of
from linli.capabilities.tables.selectors import leaf as leaves
from linli.capabilities.tables.selectors import rounds as reads
from linli.capabilities.tables.selectors.rounds import RoundRow
from linli.capabilities.tables.selectors.sheets import SheetRow
from linli.capabilities.tables.services import periods
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal

ROUNDS = "tables.rounds"
AT_ONCE = 3000  # rows that are written while one waits
DONE = {
    "accept": _("已确认收下 %(n)s 个社区的表。"),
    "unaccept": _("已撤回 %(n)s 个社区的收表，可以重新核对。"),
    "remind": _("已催 %(n)s 个社区。"),
    "report_none": _("已替 %(n)s 个社区零报告，等部门确认收下。"),
    "hand_back": _("已退回，社区会收到消息。"),
    "freeze": _("已定版；行数多的在后台写，过一会儿刷新。"),
    "repeat": _("填报周期已保存。"),
}


@require_safe
@needs(ROUNDS)
def listing(request: HttpRequest) -> HttpResponse:
    """Rounds of one's unit, or that came down through one's street."""
    asked = request.GET.get("show", "")
    show = asked if asked in reads.DAY else ""
    rows, after = reads.rounds(act_in(request), number(request.GET.get("after", "")), show=show)
    page = {"next_href": f"?show={show}&after={after}" if after else "", "first_href": ""}
    tabs = [{"label": _t("全部"), "href": "?", "active": not show}]
    tabs += [
        {"label": words, "href": f"?show={code}", "active": code == show}
        for code, (words, *_rest) in reads.DAY.items()
    ]
    return render(request, "tables/rounds/list.html", {"rows": rows, "page": page, "tabs": tabs})


def _found(request: HttpRequest, pk: int) -> RoundRow:
    row = reads.one(act_in(request), pk)
    if row is None:
        raise Http404(_t("没有这次填报，或它与您的单位无关。"))
    return row


@require_safe
@needs(ROUNDS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: how far every community is."""
    return _page(request, _found(request, pk))


def _repeat(row: RoundRow) -> RepeatForm:
    return RepeatForm(initial={"frequency": row.frequency, "keep_own": row.keep_own})


def _asked(given: QueryDict) -> QueryDict:
    asked = given.copy()
    asked.pop("done", None)
    return asked


def _page(
    request: HttpRequest,
    row: RoundRow,
    refused: Refusal | None = None,
    repeat: RepeatForm | None = None,
    status: int = 200,
) -> HttpResponse:
    act, given = act_in(request), request.GET
    show, q = given.get("show", ""), given.get("q", "").replace("\x00", "").strip()[:40]
    street, own = number(given.get("street", "")), reads.own(act, row)
    with reads.seen(act, row):
        after = number(given.get("after", ""))
        found = reads.page(act, row, show=show, street=street, q=q, after=after)
        told, streets = reads.figures(act, row), reads.streets(act, row)
        missing = reads.missing(act, row) if own and row.state == "open" else None
    asked = _asked(given)
    if found.next_href:
        asked["after"] = found.next_href
        found.next_href = f"?{asked.urlencode()}"
    context = {
        "round": row,
        "page": found,
        "figures": told,
        "left": reads.left_of(act, row),
        "own": own,
        "tabs": _tabs(told, show),
        "streets": streets,
        "street": street,
        "q": q,
        "show": show,
        "repeat": repeat or _repeat(row),
        "next": periods.following(row),
        "missing": missing,
        "states": reads.STATES,
        "may_none": not own and row.state == "open" and act.may("tables.report_none"),
        "editions": reads.editions(row),
        "refused": refused,
        "done": _done(given.get("done", ""), number(given.get("n", ""))),
    }
    return render(request, "tables/rounds/page.html", context, status=status)


def _tabs(told: reads.Figures, show: str) -> list[dict[str, Any]]:
    tabs = [{"label": _t("全部"), "href": "?", "active": not show, "count": told.total}]
    for code, (words, _tone) in reads.STATES.items():
        if told.by_state.get(code) or code == show:
            many = told.by_state.get(code, 0)
            tabs.append(
                {"label": words, "href": f"?show={code}", "active": code == show, "count": many}
            )
    return tabs


def _done(what: str, many: int) -> str:
    return str(DONE[what]) % {"n": many} if what in DONE else ""


def _sent(request: HttpRequest, pk: int, what: str, work: Any) -> HttpResponse:
    """Do one thing to a round; a Refusal is shown on the page that it was sent from."""
    row = _found(request, pk)
    try:
        many = work(row)
    except Refusal as refusal:
        return _page(request, row, refusal, status=422)
    where = reverse("tables:round", args=[pk])
    return HttpResponseRedirect(f"{where}?done={what}&n={many}", status=303)


def _picked(request: HttpRequest) -> list[int]:
    return [key for key in map(number, request.POST.getlist("pick")) if key]


@require_POST
@needs("tables.accept")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sheets that were picked, or every signed one."""
    act = act_in(request)

    def work(row: RoundRow) -> int:
        keys = None if request.POST.get("all") else _picked(request)
        return services.accept(act, row, sheets=keys)

    return _sent(request, pk, "accept", work)


@require_POST
@needs("tables.unaccept")
def unaccept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that sheets were taken."""
    act = act_in(request)
    return _sent(
        request, pk, "unaccept", lambda row: services.unaccept(act, row, sheets=_picked(request))
    )


@require_POST
@needs("tables.report_none")
def report_none(request: HttpRequest, pk: int) -> HttpResponse:
    """A street says of the communities that were picked that they have nothing to report."""
    act = act_in(request)

    def work(_row: RoundRow) -> int:
        told = services.report_none(act, sheets=_picked(request))
        if not told.many:
            raise Refusal(_t("选中的社区现在都有记录了，请社区打开核对。"), code="found")
        return told.many

    return _sent(request, pk, "report_none", work)


@require_POST
@needs("tables.remind")
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Urge the communities that were picked, or all that have not handed in."""
    act = act_in(request)
    return _sent(
        request, pk, "remind", lambda row: services.remind(act, row, sheets=_picked(request))
    )


@require_POST
@needs("tables.repeat")
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how often the round is asked again."""
    act, row, form = act_in(request), _found(request, pk), RepeatForm(request.POST)
    if not form.is_valid():
        return _page(request, row, repeat=form, status=422)
    try:
        services.repeat(act, row, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _page(request, row, repeat=form, status=422)
    return HttpResponseRedirect(f"{reverse('tables:round', args=[pk])}?done=repeat", status=303)


@require_POST
@needs("tables.issue")
def following(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the next period now, through the gate again."""
    act, row = act_in(request), _found(request, pk)
    try:
        made = services.next_(act, row)
    except Refusal as refusal:
        made = refusal  # type: ignore[assignment]
    if isinstance(made, Turned | Refusal):
        return _page(request, row, made, status=422)
    return HttpResponseRedirect(reverse("tables:round", args=[made.pk]), status=303)


@require_POST
@needs("tables.freeze")
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze a round whose communities were all taken; a large one in the queue."""
    act = act_in(request)

    def work(row: RoundRow) -> int:
        if reads.rows_of(act, row) > AT_ONCE:
            jobs.freeze_round.defer(round_id=row.pk, account=act.actor, hat=act.hat)
            return 0
        return int(services.freeze(act, row).number)

    return _sent(request, pk, "freeze", work)


def _sheet(request: HttpRequest, row: RoundRow, key: int) -> SheetRow:
    found = reads.sheet(act_in(request), row, key)
    if found is None:
        raise Http404(_t("没有这个社区的表。"))
    return found


@require_safe
@needs(ROUNDS)
def look(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Look into one community's sheet, every value with its source."""
    row = _found(request, pk)
    return _look(request, row, _sheet(request, row, key), BackForm())


def _look(
    request: HttpRequest,
    row: RoundRow,
    sheet: SheetRow,
    back: BackForm,
    refused: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    act = act_in(request)
    confirmed = reads.confirmed(sheet)
    part, others = part_of(request, sheet)
    looking = looking_at(request)
    leaf = leaves.received(act, sheet, part, looking) if part and confirmed else None
    context = {
        "round": row,
        "sheet": sheet,
        "state": reads.state_of(sheet),
        "states": reads.STATES,
        "leaf": leaf,
        "parts": others,
        "looking": looking,
        "own": reads.own(act, row),
        "confirmed": confirmed,
        "back": back,
        "refused": refused,
        "left": reads.left_of(act, row),
    }
    return render(request, "tables/rounds/look.html", context, status=status)


@require_POST
@needs("tables.hand_back")
def hand_back(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Give a sheet back, with what is wrong and where."""
    act, row = act_in(request), _found(request, pk)
    sheet, form = _sheet(request, row, key), BackForm(request.POST)
    if not form.is_valid():
        return _look(request, row, sheet, form, status=422)
    try:
        services.hand_back(
            act, sheet, reason=form.cleaned_data["reason"], marks=marks_of(request.POST)
        )
    except Refusal as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, str(refusal))
            return _look(request, row, sheet, form, status=422)
        return _look(request, row, _sheet(request, row, key), form, refusal, 422)
    where = reverse("tables:round", args=[pk])
    return HttpResponseRedirect(f"{where}?done=hand_back", status=303)


routes = [
    path("desk/rounds/", listing, name="rounds"),
    path("desk/rounds/<int:pk>/", page, name="round"),
    path("desk/rounds/<int:pk>/accept/", accept, name="round_accept"),
    path("desk/rounds/<int:pk>/unaccept/", unaccept, name="round_unaccept"),
    path("desk/rounds/<int:pk>/none/", report_none, name="round_none"),
    path("desk/rounds/<int:pk>/remind/", remind, name="round_remind"),
    path("desk/rounds/<int:pk>/repeat/", repeat, name="round_repeat"),
    path("desk/rounds/<int:pk>/freeze/", freeze, name="round_freeze"),
    path("desk/rounds/<int:pk>/next/", following, name="round_next"),
    path("desk/rounds/<int:pk>/sheets/<int:key>/", look, name="round_look"),
    path("desk/rounds/<int:pk>/sheets/<int:key>/back/", hand_back, name="round_back"),
]
