"""What hours went to, how systems are used, whether money followed the work (R091, R100, R073)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.desk.asking import asked, sent
from linli.capabilities.admission.forms import HoursForm, PayForm, UsageForm
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors import registers as held
from linli.capabilities.admission.selectors import works as reads
from linli.capabilities.admission.verbs import BURDEN, READ
from linli.capabilities.admission.words.showing import Cell, Do, Note, Page, Table, heads
from linli.kernel.access.doors import act_in, needs
from linli.kernel.files import sheets
from linli.kernel.measures import month_of
from linli.kernel.places import selectors as places
from linli.ui.spoken import said


@require_safe
@needs(BURDEN.code)
def time(request: HttpRequest) -> HttpResponse:
    """What hours of a month went to, and where work for departments takes too much of them (R091)."""
    act = act_in(request)
    first = month_of(request.GET.get("month", "")) or choosing.today(act).replace(day=1)
    log = lists.section().time_log
    spent = reads.spent(act, first)
    page = Page(
        _("时间用在哪里"),
        lead=f"{first:%Y-%m}",
        back=reverse("admission:burden"),
        facts=[
            (_("记了多少小时"), spent.hours),
            (_("行政事务占"), "" if spent.share is None else f"{spent.share}%"),
        ],
        tables=[_groups(spent), _communities(reads.spent_by_community(act, first), log.percent)],
    )
    if act.may("admission.log_hours"):
        page.actions.append(Do(_("记用时"), reverse("admission:time_new"), "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _groups(spent: reads.Spent) -> Table:
    return Table(
        heads(_("做了什么"), _("小时"), _("算不算行政事务"), nums=(1,)),
        [
            [
                g.title,
                spent.groups.get(g.code, 0),
                Cell(_("行政事务"), tone="warn")
                if g.administrative
                else Cell(_("居民工作"), tone="good"),
            ]
            for g in lists.section().time_log.groups
        ],
        title=_("按做的事"),
    )


def _communities(found: list[tuple[int, reads.Spent]], percent: int) -> Table:
    return Table(
        heads(_("社区"), _("小时"), _("行政事务占"), nums=(1,)),
        [
            [
                choosing.area_name(area),
                spent.hours,
                Cell(f"{spent.share}%", tone="bad" if (spent.share or 0) >= percent else "good"),
            ]
            for area, spent in found
        ],
        title=_("按社区"),
        empty=_("这个月还没有人记"),
        hint=_("每天花一分钟记一记，就知道时间用在居民身上还是表格上。"),
        icon="clock",
    )


@needs("admission.log_hours")
def log(request: HttpRequest) -> HttpResponse:
    """Log some hours, at the desk or on the phone; the day's list stands beside the form."""
    act = act_in(request)
    field = request.path.startswith("/field/")
    groups = [(g.code, g.title) for g in lists.section().time_log.groups]
    form = HoursForm(sent(request), group=groups, initial={"day": choosing.today(act)})

    def do(data: dict[str, Any]) -> str | None:
        services.log_hours(act, **data)
        return reverse("admission:field_time") if field else None

    told = dict(groups)
    own = reads.own_hours(act, choosing.today(act))
    hint = _("今天已记：%(what)s") % {
        "what": _t("、").join(f"{told.get(h.group, h.group)} {h.hours}" for h in own) or "—"
    }
    back = "/field/" if field else reverse("admission:time")
    page = "admission/field.html" if field else "admission/form.html"
    return asked(request, form, do, title=_("记用时"), back=back, hint=hint, template=page)


@require_safe
@needs(READ.code)
def systems(request: HttpRequest) -> HttpResponse:
    """Systems standing in communities: used or idle, and how much of what they found became events (R100)."""
    act = act_in(request)
    found = reads.systems(act, choosing.today(act))
    idle = sum(each.idle for each in found)
    page = Page(
        _("系统使用"),
        lead=_("最近三个月：建了没有用的排在前面。"),
        back=reverse("admission:placements"),
        actions=_files(),
        notes=[Note(_("%(n)s 个系统最近三个月没有用过，建议停用或合并。") % {"n": idle}, "warn")]
        if idle
        else [],
        tables=[_used(found, may=act.may("admission.use_system"))],
    )
    return render(request, "admission/list.html", {"p": page})


def _used(found: Sequence[Any], *, may: bool) -> Table:
    return Table(
        heads(
            _("系统"),
            _("社区"),
            _("用了多少次"),
            _("发现的问题"),
            _("转成诉求的"),
            _("情况"),
            nums=range(1, 5),
        ),
        [
            [
                Cell(each.title, _use(may, each.key)),
                each.communities,
                each.times,
                each.found,
                each.handed,
                _in_use(each),
            ]
            for each in found
        ],
        empty=_("还没有登记系统"),
        icon="list-check",
    )


def _in_use(system: Any) -> Cell:
    if system.idle:
        return Cell(_("建了没有用"), tone="bad")
    if system.found and not system.handed:
        return Cell(_("有发现没有转"), tone="warn")
    return Cell(_("在用"), tone="good")


def _files() -> list[Do]:
    where = reverse("admission:systems_file")
    kinds = (("xlsx", _("导出 Excel")), ("csv", _("导出 CSV")))
    return [Do(title, f"{where}?as={kind}", "download") for kind, title in kinds]


@require_safe
@needs(READ.code)
def systems_file(request: HttpRequest) -> HttpResponse:
    """What the systems found, month by month and community by community, as a file; numbers alone, nobody's name."""
    act = act_in(request)
    kind = request.GET.get("as", "xlsx")
    if kind not in sheets.MEDIA:
        raise Http404(_t("没有这种文件。"))
    today = choosing.today(act)
    told = (_t("月份"), _t("系统"), _t("社区"), _t("用了多少次"), _t("发现的问题"))
    rows = [
        [f"{u.month:%Y-%m}", u.placement.title, u.area.name, u.times, u.found, u.handed]
        for u in reads.usages(act, today)
    ]
    name = f"{_t('系统发现的问题')} {today:%Y-%m}"
    made = sheets.written(kind, name, [*told, _t("转成诉求的")], rows, _t("系统使用"))
    answer = HttpResponse(made, content_type=sheets.MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="systems-{today:%Y-%m}.{kind}"'
    return answer


def _use(may: bool, key: int) -> str:
    return reverse("admission:system_use", kwargs={"pk": key}) if may else ""


@needs("admission.use_system")
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a system was used in a month."""
    act = act_in(request)
    found = held.placement(act, pk)
    if found is None:
        raise Http404(_t("没有这一条，或不在您的范围内。"))
    form = UsageForm(sent(request), initial={"month": choosing.today(act)})
    hint = _("%(title)s。发现的问题在“窗口受理”里登记，选上这个系统，就算转成了诉求，不用另外填。")

    def do(data: dict[str, Any]) -> None:
        services.use_system(act, found, **data)

    back = reverse("admission:systems")
    return asked(
        request, form, do, title=_("登记系统使用"), back=back, hint=hint % {"title": found.title}
    )


@require_safe
@needs(READ.code)
def funds(request: HttpRequest) -> HttpResponse:
    """Money against delivery: which funded items were done this year, what was paid, what is owed (R073)."""
    act = act_in(request)
    rows = reads.funded(act, choosing.today(act).year)
    page = Page(
        _("费随事转"),
        lead=_("完成了的准入事项，核定多少、拨了多少、还欠多少。"),
        back=reverse("admission:gate"),
        tables=[_owed(rows, may=act.may("admission.pay"))],
    )
    return render(request, "admission/list.html", {"p": page})


def _owed(rows: Sequence[Any], *, may: bool) -> Table:
    return Table(
        heads(
            _("事项"),
            _("社区"),
            _("完成几次"),
            _("每年核定"),
            _("已拨"),
            _("还欠"),
            nums=range(2, 6),
        ),
        [
            [
                Cell(said(each.title), _pay(each) if may and each.left else "", note=each.code),
                choosing.area_name(each.area),
                each.delivered,
                each.yearly,
                each.paid,
                Cell(each.left, tone="warn" if each.left else "good"),
            ]
            for each in rows
        ],
        empty=_("今年还没有完成过有经费的事项"),
        icon="scale",
    )


def _pay(owed: Any) -> str:
    return reverse("admission:pay", kwargs={"code": owed.code, "area": owed.area})


@needs("admission.pay")
def pay(request: HttpRequest, code: str, area: int) -> HttpResponse:
    """Pay a community for what it delivered."""
    act, item = act_in(request), lists.item(code, area)
    if item is None or area not in places.tree().by_id:
        raise Http404(_t("没有这个准入事项。"))

    def do(data: dict[str, Any]) -> None:
        services.pay(act, item=item, area=area, **data)

    back = reverse("admission:funds")
    hint = f"{code} · {choosing.area_name(area)}"
    return asked(request, PayForm(sent(request)), do, title=_("拨付事项经费"), back=back, hint=hint)
