"""The clean-up plan at the desk: put on it, by when, how far each street is, what is late (R078)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.forms import ClearForm
from linli.capabilities.admission.selectors import clearing as reads
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Page,
    Stat,
    Table,
    heads,
    key_of,
    pager,
)
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.calendar.labels import term_words

PLAN, MOST = "admission.plan_clearing", 200


def offered(act: Act) -> list[Do]:
    """What may be done with picked rows that are flagged."""
    if not act.may(PLAN):
        return []
    return [Do(_("列入清理"), reverse("admission:clearing_plan"), "calendar")]


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """How far the plan is: by street, and what still stands, the late first."""
    act, today = act_in(request), choosing.today(act_in(request))
    streets, whole = reads.by_street(act, today), reads.Progress()
    for each in streets.values():
        whole.add(each)
    rows = reads.open_ones(act, _after(request.GET.get("after", "")))
    shown, more = rows[: reads.PAGE], len(rows) > reads.PAGE
    last = f"{shown[-1].clear_by}.{shown[-1].pk}" if more else ""
    page = Page(
        _("清理计划"),
        lead=_("没有准入的牌子、机构和系统，列进来，到期前摘除、撤出。"),
        back=f"{reverse('admission:placements')}?show=flagged",
        stats=[
            Stat(whole.planned, _("列入清理")),
            Stat(whole.gone, _("已摘除、撤出"), tone="good"),
            Stat(whole.left, _("还没有清理")),
            Stat(whole.late, _("逾期"), tone="bad" if whole.late else ""),
        ],
        tables=[_open(act, shown, today), _streets(streets)],
        page=pager(request, last),
    )
    return render(request, "admission/list.html", {"p": page})


def _after(text: str) -> tuple[date, int] | None:
    day, _dot, key = text.partition(".")
    number = key_of(key)
    try:
        return (date.fromisoformat(day), number) if number else None
    except ValueError:
        return None


def _open(act: Act, rows: list[Any], today: date) -> Table:
    may = act.may("admission.unplace")
    return Table(
        heads(_("名称"), _("社区"), _("期限"), _("情况")),
        [
            [
                Cell(
                    p.title,
                    reverse("admission:placement_end", kwargs={"pk": p.pk})
                    if may and act.sees(p.area_id)
                    else "",
                ),
                p.area.name,
                p.clear_by,
                Cell(_("逾期"), tone="bad")
                if p.clear_by < today
                else Cell(_("清理中"), tone="info"),
            ]
            for p in rows
        ],
        title=_("还没有清理的"),
        empty=_("没有等着清理的"),
        hint=_("在“没有准入的”里勾选，列入清理。"),
        href=f"{reverse('admission:placements')}?show=flagged",
        label=_("看没有准入的"),
        icon="list-check",
    )


def _streets(found: dict[int, reads.Progress]) -> Table:
    return Table(
        heads(
            _("街道（镇）"),
            _("列入清理"),
            _("已摘除、撤出"),
            _("进度"),
            _("逾期"),
            nums=(1, 2, 3, 4),
        ),
        [
            [
                choosing.area_name(area),
                each.planned,
                each.gone,
                f"{100 * each.gone // each.planned}%",
                Cell(each.late, tone="bad") if each.late else Cell(0),
            ]
            for area, each in sorted(found.items(), key=lambda pair: (-pair[1].late, pair[0]))
        ],
        title=_("各街道（镇）进度"),
    )


@require_POST
@needs(PLAN)
def plan(request: HttpRequest) -> HttpResponse:
    """Ask once by when, then put every picked one on the plan; all of them or none."""
    act, back = act_in(request), f"{reverse('admission:placements')}?show=flagged"
    keys = [key for text in request.POST.getlist("pick")[:MOST] if (key := key_of(text))]
    rows = reads.some(act, keys)
    if not rows:
        return HttpResponseRedirect(back, status=303)
    asked = "by" in request.POST
    form = ClearForm(request.POST if asked else None, initial={"by": services.clearing_day(act)})
    if asked and form.is_valid() and _planned(act, rows, form):
        return HttpResponseRedirect(reverse("admission:clearing"), status=303)
    context = {"form": form, "title": _("列入清理"), "back": back, "hint": _hint(rows)}
    context |= {"picked": keys, "do": _("列入清理"), "refused": None, "token": ""}
    context |= {"download": False, "danger": False}
    return render(request, "admission/form.html", context, status=422 if asked else 200)


def _planned(act: Act, rows: list[Any], form: ClearForm) -> bool:
    try:
        with transaction.atomic():
            for row in rows:
                services.plan_clearing(act, row, by=form.cleaned_data["by"])
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _hint(rows: list[Any]) -> Any:
    rule = lists.section().clearing
    told = _("一共 %(n)s 处：%(titles)s。期限照政策包是 %(term)s%(default)s，可以改。") % {
        "n": len(rows),
        "titles": _t("、").join(dict.fromkeys(row.title for row in rows[:5])),
        "term": term_words(rule.term),
        "default": _t("（建议值，由各地核定）") if rule.status == "default" else "",
    }
    return told
