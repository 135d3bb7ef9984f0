"""The lists at the desk: found, filtered, taken along; one item with its versions and what changed between them."""

from __future__ import annotations

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk.asking import asked, granted, sent
from linli.capabilities.admission.desk.choosing import KINDS, field_titles, today, unit_names
from linli.capabilities.admission.desk.registers import four
from linli.capabilities.admission.forms import MinuteForm
from linli.capabilities.admission.rules import reduced, whole
from linli.capabilities.admission.selectors import lists as reads
from linli.capabilities.admission.selectors.lists import Filters
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words import AFFAIRS, NAMES, SPOKEN, STATES, STATUS
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Filter,
    Note,
    Page,
    Table,
    heads,
    pager,
)
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.ui.spoken import said as said_

MOST = 5000
TURNS = {
    "suspend": (services.suspend, _("暂停事项"), "open"),
    "resume": (services.resume, _("恢复事项"), "suspended"),
    "revoke": (services.revoke, _("撤销事项"), "open"),
}


def said(request: HttpRequest, name: str, most: int = 40) -> str:
    """A word of the address, without what no column can hold."""
    return request.GET.get(name, "").replace("\x00", "")[:most]


def filters_from(request: HttpRequest) -> Filters:
    """What a query string asks for."""
    affair, state = said(request, "affair"), said(request, "state")
    return Filters(
        q=said(request, "q", 60).strip(),
        catalogue=said(request, "list"),
        lead=said(request, "lead"),
        affair=affair if affair in AFFAIRS else "",
        state=state if state in STATES else "",
    )


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """What may come down to communities, list by list."""
    act, f = act_in(request), filters_from(request)
    if request.GET.get("format") == "csv":
        return _taken(act, f)
    found = reads.listed(today(act), f, said(request, "after"))
    counts, section = reads.counts(today(act)), reads.section()
    tabs: list[dict[str, Any]] = [
        {"label": _("全部"), "href": "?", "active": not f.catalogue, "count": sum(counts.values())}
    ]
    tabs += [
        {
            "label": each.title,
            "href": f"?list={each.code}",
            "active": f.catalogue == each.code,
            "count": counts.get(each.code, 0),
        }
        for each in section.catalogues
    ]
    query = request.GET.urlencode()
    page = Page(
        _("准入事项"),
        lead=_("只有这里有的，才能下到社区；目录外的要有购买服务协议。"),
        tabs=tabs,
        actions=[
            Do(_("准入申请"), reverse("admission:applications"), "clipboard-list"),
            Do(_("减了多少"), reverse("admission:reductions"), "trending-down"),
            Do(_("导出"), f"?{query}{'&' if query else ''}format=csv", "download"),
        ],
        filters=_filters(f),
        tables=[_table(found.rows)],
        page=pager(request, found.next),
    )
    if act.may("admission.apply"):
        page.actions.append(
            Do(_("申请准入"), reverse("admission:application_new"), "plus", "primary")
        )
    return render(request, "admission/list.html", {"p": page})


def _filters(f: Filters) -> list[Filter]:
    return [
        Filter("q", _("名称、编号或部门"), f.q),
        Filter("affair", _("性质"), f.affair, list(AFFAIRS.items())),
        Filter(
            "state", _("情况"), f.state, [(code, words) for code, (words, _t_) in STATES.items()]
        ),
    ]


def _table(rows: list[Any]) -> Table:
    return Table(
        heads(
            *(_("事项"), _("主管部门"), _("性质"), _("频次"), _("字段"), _("每年经费"), _("来源")),
            nums=(4, 5),
        ),
        [
            [
                Cell(
                    said_(v.title),
                    reverse("admission:item", kwargs={"code": v.item.code}),
                    note=v.item.code,
                ),
                Cell(said_(v.owner)),
                Cell(AFFAIRS.get(v.affair, v.affair)),
                Cell(said_(v.frequency)),
                Cell(len(v.fields) or ""),
                Cell(v.yearly or ""),
                Cell(*STATUS[v.status][:1], tone=STATUS[v.status][1]),
            ]
            for v in rows
        ],
        empty=_("没有符合条件的事项"),
        hint=_("去掉一两个条件再看。"),
        href="?",
        label=_("看全部"),
        icon="search",
    )


def _taken(act: Act, f: Filters) -> HttpResponse:
    """The list as a file; the lists are public."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="admission-items.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    names = ("title", "owner", "basis", "frequency", "fields", "affair", "yearly", "funding")
    writer.writerow([_t("编号"), _t("目录"), *(str(NAMES[name]) for name in names)])
    titles = {c.code: str(c.title) for c in reads.section().catalogues}
    for v in reads.listed(today(act), f, size=MOST).rows:
        values = [" ".join(v.fields) if n == "fields" else getattr(v, n) for n in names]
        first = [v.item.code, titles.get(v.item.catalogue, ""), *values]
        # A cell that begins like a formula would be run by a spreadsheet.
        writer.writerow([f"'{c}" if str(c)[:1] in "=+-@" and c else c for c in first])
    return answer


@require_safe
@needs(READ.code)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: what it says today, every version, what changed."""
    act = act_in(request)
    found = reads.item(code, reads.here(act))
    if found is None:
        raise Http404(_t("没有这个准入事项。"))
    versions = reads.versions(found)
    now = reads.version_on(found, today(act)) or versions[-1]
    catalogue = reads.section().catalogue_by_code.get(found.catalogue)
    state, tone = STATES[found.state]
    page = Page(
        said_(now.title),
        lead=f"{found.code} · {catalogue.title if catalogue else found.catalogue}",
        back=reverse("admission:items"),
        notes=[Note(f"{found.reason} {found.minute}", tone, state)]
        if found.state != "open"
        else [],
        facts=[
            (_("情况"), state),
            (_("来源"), f"{STATUS[now.status][0]} · {now.document}"),
            (
                _("可以要求"),
                " · ".join(str(KINDS[str(k)]) for k in catalogue.kinds) if catalogue else "",
            ),
            *((NAMES[n], _shown(n, getattr(now, n))) for n in NAMES if n != "title"),
            (_("准入通知单"), now.notice),
        ],
        tables=[_versions(versions), _differences(versions)],
        actions=_turns(act, found),
    )
    return render(request, "admission/list.html", {"p": page})


def _shown(name: str, value: Any) -> Any:
    if name in SPOKEN:
        return said_(str(value))
    if name == "fields":
        return field_titles(value)
    if name == "lead":
        return unit_names([value] if value else [])
    if name == "affair":
        return AFFAIRS.get(value, value)
    if name == "inside":
        return "" if value is None else _("内部") if value else _("外部")
    return value or ""


def _turns(act: Act, found: Any) -> list[Do]:
    every = [
        Do(title, reverse("admission:item_step", kwargs={"code": found.code, "verb": verb}))
        for verb, (_run, title, state) in TURNS.items()
        if act.may(f"admission.{verb}") and found.state == state
    ]
    if act.may("admission.apply"):
        every.append(
            Do(_("申请变更"), f"{reverse('admission:application_new')}?item={found.code}", "pencil")
        )
    return every


def _versions(versions: list[Any]) -> Table:
    return Table(
        heads(_("版本"), _("实行日期"), _("结束日期"), _("准入通知单"), _("写入时间")),
        [
            [
                Cell(_("第 %(n)s 版") % {"n": v.number}),
                Cell(v.start),
                Cell(v.end),
                Cell(v.notice),
                Cell(v.made.date()),
            ]
            for v in versions
        ],
        title=_("各个版本"),
    )


def _differences(versions: list[Any]) -> Table:
    rows = [
        [
            Cell(NAMES[name], note=_("第 %(n)s 版") % {"n": new.number}),
            Cell(_shown(name, before)),
            Cell(_shown(name, after)),
        ]
        for new, old in zip(versions, versions[1:], strict=False)
        for name, before, after in reads.difference(old, new)
    ]
    return Table(heads(_("改了什么"), _("原来"), _("现在")), rows, title=_("版本之间的差别"))


@needs(READ.code)
def turn(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Suspend, resume or revoke an item by a decision of the meeting."""
    act = act_in(request)
    found = reads.item(code, reads.here(act))
    if found is None or verb not in TURNS:
        raise Http404(_t("没有这一步。"))
    granted(act, f"admission.{verb}")
    run, title, _state = TURNS[verb]
    back = reverse("admission:item", kwargs={"code": code})

    def do(data: dict[str, Any]) -> None:
        run(act, found, reason=data["reason"], minute=data["minute"])

    return asked(request, MinuteForm(sent(request)), do, title=title, back=back, danger=True)


@require_safe
@needs(READ.code)
def reductions(request: HttpRequest) -> HttpResponse:
    """Counts before and after, by each method, and whether a claim holds (R068, R093)."""
    act, section = act_in(request), reads.section()
    counts = reads.counts(today(act))
    before = Table(
        heads(_("类别"), _("以前"), _("现在"), _("减少"), _("目标"), nums=(1, 2, 3)),
        [*_each(section), *_methods(section)],
        title=_("前后对照"),
        empty=_("本地还没有登记以前的数目"),
        hint=_("在政策包里写上减负以前的数目和出处，这里就能算出减少了多少。"),
        icon="trending-down",
    )
    at = reverse("admission:items")
    now = Table(
        heads(_("目录"), _("现在有效"), nums=(1,)),
        [
            [Cell(c.title, f"{at}?list={c.code}"), Cell(counts.get(c.code, 0))]
            for c in section.catalogues
        ],
        title=_("现在的目录"),
    )
    page = Page(
        _("减了多少"),
        lead=_("合并计算、平均计算和每一类分开看；本数少了，类别没有少，就要看字段。"),
        back=at,
        tables=[before, now, four(act)] if act.spans else [before, now],
    )
    return render(request, "admission/list.html", {"p": page})


def _met(rate: Any, target: int) -> Cell:
    if rate >= target:
        return Cell(_("达到"), tone="good")
    return Cell(_("没有达到"), tone="warn")


def _each(section: Any) -> list[list[Cell]]:
    """Every class alone; fewer booklets in as many classes are not less."""
    rows = []
    for each in section.reductions:
        rate = reduced([(each.before, each.after)]).pooled
        truly = whole(each.before, each.after, each.classes_before, each.classes_after)
        judged = _met(rate, section.target.percent) if truly else Cell(_("明减暗不减"), tone="bad")
        named = Cell(each.title, note=each.source.document)
        counts = (Cell(f"{each.before} {each.unit}"), Cell(f"{each.after} {each.unit}"))
        rows.append([named, *counts, Cell(f"{rate}%"), judged])
    return rows


def _methods(section: Any) -> list[list[Cell]]:
    """All counted together, and the mean of the classes."""
    claimed = [(each.before, each.after) for each in section.reductions if each.claim]
    if not claimed:
        return []
    both = reduced(claimed)
    before, after = sum(b for b, _a in claimed), sum(a for _b, a in claimed)
    return [
        [
            Cell(words),
            Cell(before),
            Cell(after),
            Cell(f"{rate}%"),
            _met(rate, section.target.percent),
        ]
        for words, rate in ((_("合并计算"), both.pooled), (_("平均计算"), both.mean))
    ]
