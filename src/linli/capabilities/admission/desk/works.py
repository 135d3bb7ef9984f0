"""Work on the burden at the desk: lists by kind, one work with its steps, what is begun, filled, ended."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.desk.asking import asked, files, sent
from linli.capabilities.admission.desk.comparing import MEASURES
from linli.capabilities.admission.forms import BeginForm, ConcludeForm, FillForm, ProposeForm
from linli.capabilities.admission.forms.works import EVERY
from linli.capabilities.admission.rules.works import Mark, evaluated, fallen, share, weight
from linli.capabilities.admission.selectors import burden as weights
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors import works as reads
from linli.capabilities.admission.selectors.telling import STEPS
from linli.capabilities.admission.services.works import Begun
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Note,
    Page,
    Table,
    cut,
    day_of,
    heads,
    key_of,
    pager,
)
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.ui.spoken import said

TONES = {"open": "info", "closed": "good", "returned": "bad"}


def _kind(text: str) -> Any:
    known = lists.section().work_by_code
    return known.get(text) or lists.section().works[0]


def _may(act: Act, roles: Any, verb: str) -> bool:
    return act.may(verb) and bool(set(roles) & set(act.roles))


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Works of one kind, with the figure that says how far the place is."""
    act = act_in(request)
    kind = _kind(request.GET.get("kind", ""))
    found = reads.listed(act, kind.code, key_of(request.GET.get("after", "")))
    rows, next_ = cut(found, reads.PAGE)
    page = Page(
        _("减负工作"),
        lead=kind.hint,
        back=reverse("admission:burden"),
        tabs=[
            {"label": k.title, "href": f"?kind={k.code}", "active": k.code == kind.code}
            for k in lists.section().works
        ],
        facts=_covered(act) if kind.code == "interaction" else [],
        tables=[_listed(rows, kind)],
        page=pager(request, next_),
    )
    if _may(act, kind.begins, "admission.begin"):
        at = reverse("admission:work_new", kwargs={"kind": kind.code})
        page.actions.append(Do(_("新建"), at, "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _covered(act: Act) -> list[tuple[Any, Any]]:
    on, every = reads.coverage(act)
    if not every:
        return []
    rate = share(Decimal(on), Decimal(every))
    words = _("%(on)s 个，共 %(every)s 个街道（镇），覆盖 %(rate)s%%")
    return [(_("已开通政社互动"), words % {"on": on, "every": every, "rate": rate or 0})]


def _listed(rows: list[Any], kind: Any) -> Table:
    return Table(
        heads(_("名称"), _("单位"), _("地方"), _("开始"), _("进度"), _("情况")),
        [
            [
                Cell(w.title, reverse("admission:work", kwargs={"pk": w.pk}), note=w.number),
                said(w.unit.name),
                w.area.name,
                w.start,
                f"{w.did} / {w.n}" if w.n else "",
                Cell(w.get_state_display(), tone=TONES[w.state]),
            ]
            for w in rows
        ],
        empty=_("还没有这一类工作"),
        hint=kind.hint,
        icon="list-check",
    )


def _found(request: HttpRequest, pk: int) -> Any:
    found = reads.one(act_in(request), pk)
    if found is None:
        raise Http404(_t("没有这项工作，或不在您的范围内。"))
    return found


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One work: what it says, its steps, how it went."""
    act, w = act_in(request), _found(request, pk)
    steps = reads.steps(w)
    kind = lists.section().work_by_code[w.kind]
    shown = Page(
        w.title,
        lead=f"{kind.title} · {said(w.unit.name)} · {w.area.name}",
        back=f"{reverse('admission:works')}?kind={w.kind}",
        notes=[Note(w.result, TONES[w.state], w.get_state_display())] if w.result else [],
        facts=_facts(act, w, steps, kind),
        tables=[_steps(act, w, steps, kind)],
        actions=_actions(act, w),
    )
    return render(request, "admission/list.html", {"p": shown})


def _facts(act: Act, w: Any, steps: list[Any], kind: Any) -> list[tuple[Any, Any]]:
    adds = "" if w.adds is None else _("是") if w.adds else _("否")
    found = [
        (_("情况"), w.get_state_display()),
        (_("文号"), w.number),
        (_("依据"), w.basis),
        (_("年度"), w.year),
        (_("开始"), w.start),
        (_("截止日"), w.end),
        (_("多久一次"), dict(EVERY).get(w.every, "")),
        (_("给社区增加义务"), adds),
        (_("这样办的依据"), f"{kind.source.document} {kind.source.clause}"),
    ]
    marks = [Mark(s.kind, s.done is not None, s.value) for s in steps]
    if w.kind == "campaign":
        found += _campaign(act, w)
    if w.kind == "appraisal":
        words = _("%(weight)s，要正好 100") % {"weight": f"{weight(marks).normalize():f}"}
        found.append((_("已并入的权重"), words))
    if w.kind == "interaction":
        ours, theirs = evaluated(marks)
        found += [(_("街道评社区（平均）"), ours or ""), (_("社区评街道（平均）"), theirs or "")]
    return found


def _campaign(act: Act, w: Any) -> list[tuple[Any, Any]]:
    """Baseline, target and every month since, as the burden index counted them (R089)."""
    today = choosing.today(act)
    months = weights.index(act, min(w.end or today, today), w.area)
    rows: list[tuple[Any, Any]] = [
        (_("减什么"), MEASURES[w.measure]),
        (_("行动以前"), w.baseline),
        (_("目标"), _("减少 %(n)s%%") % {"n": w.target}),
    ]
    for month in months:
        if month.first >= w.start.replace(day=1):
            now = Decimal(getattr(month.load, w.measure))
            rows.append((f"{month.first:%Y-%m}", _against(w.baseline, now)))
    return rows


def _against(baseline: Decimal, now: Decimal) -> Any:
    rate = fallen(baseline, now)
    if rate is None:
        return now
    words = _("%(now)s，减少 %(rate)s%%") if rate >= 0 else _("%(now)s，增加 %(rate)s%%")
    return words % {"now": now, "rate": abs(rate)}


def _steps(act: Act, w: Any, steps: list[Any], kind: Any) -> Table:
    handed_in = reads.evidence(steps)
    may = _may(act, kind.fills, "admission.fill") and (w.state == "open" or w.kind == "interaction")
    return Table(
        heads(
            _("做什么"),
            _("哪里"),
            _("期限"),
            _("数"),
            _("情况"),
            _("佐证"),
            _("办了没有"),
            nums=(3,),
        ),
        [
            [
                Cell(
                    STEPS[s.kind],
                    reverse("admission:step", kwargs={"pk": s.pk})
                    if may and (not s.done or s.kind == "indicator")
                    else "",
                    note="" if s.title in (s.area.name, STEPS[s.kind]) else said(s.title),
                ),
                s.unit.name if w.kind == "appraisal" and s.unit else s.area.name,
                s.due or "",
                "" if s.value is None else s.value,
                s.words,
                Cell(*handed_in.get(s.pk, ("", ""))),
                Cell(day_of(s.done), tone="good") if s.done else Cell(_("没有办"), tone="warn"),
            ]
            for s in steps
        ],
        title=_("每一步"),
        empty="" if w.kind == "campaign" else _("还没有步骤"),
        icon="list-check",
    )


def _actions(act: Act, w: Any) -> list[Do]:
    if w.state != "open":
        return []
    where, found = {"pk": w.pk}, []
    if w.kind == "appraisal" and act.may("admission.propose"):
        at = reverse("admission:work_propose", kwargs=where)
        found.append(Do(_("申报考核指标"), at, "plus"))
    if services.may_end(act, w):
        at = reverse("admission:work_end", kwargs=where)
        found.append(Do(_("结束这项工作"), at, "check", "primary"))
    return found


@needs("admission.begin")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a work of a kind."""
    act, found = act_in(request), lists.section().work_by_code.get(kind)
    if found is None:
        raise Http404(_t("没有这一类工作。"))
    # A department that begins its own appraisal is told by the gate why not.
    if kind != "appraisal" and not _may(act, found.begins, "admission.begin"):
        raise services.not_yours(kind)
    form = BeginForm(kind, sent(request))

    def do(data: dict[str, Any]) -> str:
        given = {name: value for name, value in data.items() if value not in (None, "")}
        made = services.begin(act, begun=Begun(kind=kind, **given))
        return reverse("admission:work", kwargs={"pk": made.pk})

    back = f"{reverse('admission:works')}?kind={kind}"
    return asked(request, form, do, title=found.title, back=back, hint=found.hint)


@needs("admission.propose")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A department's indicator for the one appraisal."""
    act, w = act_in(request), _found(request, pk)

    def do(data: dict[str, Any]) -> None:
        services.propose(act, w, **data)

    back = reverse("admission:work", kwargs={"pk": pk})
    form = ProposeForm(sent(request))
    return asked(request, form, do, title=_("申报考核指标"), back=back, hint=w.title)


@needs("admission.fill")
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one step."""
    act, s = act_in(request), reads.step(pk)
    if s is None:
        raise Http404(_t("没有这一步。"))
    initial = {"value": s.value, "words": s.words}
    form = FillForm(s.kind, sent(request), files(request), initial=initial)

    def do(data: dict[str, Any]) -> None:
        services.fill(act, s, **data)

    back = reverse("admission:work", kwargs={"pk": s.work_id})
    hint: Any = said(s.title)
    if s.work.kind == "duty" and act.may("measures.read"):
        link = '{} · <a href="{}">{}</a>'
        hint = format_html(link, hint, reverse("measures:report"), _t("按记录写本月报告"))
    return asked(request, form, do, title=STEPS[s.kind], back=back, hint=hint)


@needs("admission.conclude")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a work."""
    act, w = act_in(request), _found(request, pk)
    if not services.may_end(act, w):
        raise services.not_yours(w.kind)

    def do(data: dict[str, Any]) -> None:
        services.conclude(act, w, **data)

    back = reverse("admission:work", kwargs={"pk": pk})
    form = ConcludeForm(sent(request))
    return asked(request, form, do, title=_("结束这项工作"), back=back, hint=w.title)
