"""The lists at the desk: found, filtered, taken along; one item with its versions and what changed between them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk.asking import asked, granted, sent
from linli.capabilities.admission.desk.choosing import KINDS, today
from linli.capabilities.admission.desk.registers import four
from linli.capabilities.admission.forms import MinuteForm
from linli.capabilities.admission.rules import reduced, whole
from linli.capabilities.admission.selectors import lists as reads
from linli.capabilities.admission.selectors import speaking
from linli.capabilities.admission.selectors.lists import Filters
from linli.capabilities.admission.selectors.naming import owner_of
from linli.capabilities.admission.services import books
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words import AFFAIRS, STATES, STATUS
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Filter,
    Page,
    Table,
    heads,
    key_of,
    pager,
)
from linli.capabilities.admission.words.showing import tabs as tabs_of
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.ui.spoken import said as said_

TURNS = {
    "suspend": (services.suspend, _("暂停事项"), "open"),
    "resume": (services.resume, _("恢复事项"), "suspended"),
    "revoke": (services.revoke, _("撤销事项"), "open"),
}


def said(request: HttpRequest, name: str, most: int = 40) -> str:
    """A word of the address, without what no column can hold."""
    return request.GET.get(name, "").replace("\x00", "")[:most]


def filters_from(request: HttpRequest, act: Act) -> Filters:
    """What a query string asks for; the lists of the place where the post stands unless another is named."""
    affair, state = said(request, "affair"), said(request, "state")
    return Filters(
        q=said(request, "q", 60).strip(),
        catalogue=said(request, "list"),
        lead=said(request, "lead"),
        affair=affair if affair in AFFAIRS else "",
        state=state if state in STATES else "",
        at=key_of(said(request, "at")) or reads.here(act),
    )


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """What may come down to communities, list by list; what begins later stands above."""
    act = act_in(request)
    f = filters_from(request, act)
    if (format := request.GET.get("format")) in books.FORMATS:
        return books.taken(today(act), f, str(format))
    found = reads.listed(today(act), f, said(request, "after"))
    counts, section = reads.counts(today(act), f.at), reads.section()
    offered = (("", _("全部")), *((each.code, each.title) for each in section.catalogues))
    tabs: list[dict[str, Any]] = [
        {**tab, "count": counts.get(code, 0) if code else sum(counts.values())}
        for tab, (code, _title) in zip(tabs_of(request, "list", offered), offered, strict=True)
    ]
    page = Page(
        _("准入事项"),
        lead=_("只有这里有的，才能下到社区；目录外的要有购买服务协议。"),
        tabs=tabs,
        actions=_doings(request, act),
        filters=_filters(f),
        tables=[_coming(act, f), _table(found.rows)],
        page=pager(request, found.next),
    )
    return render(request, "admission/list.html", {"p": page})


def _doings(request: HttpRequest, act: Act) -> list[Do]:
    asked = {k: v for k, v in request.GET.items() if k not in ("after", "format") and v}
    every = [
        Do(_("准入申请"), reverse("admission:applications"), "clipboard-list"),
        Do(_("减了多少"), reverse("admission:reductions"), "trending-down"),
        Do(_("导出"), f"?{urlencode({**asked, 'format': 'xlsx'})}", "download"),
    ]
    if act.may("admission.import_list"):
        every.append(Do(_("导入目录"), reverse("admission:list_import"), "upload"))
    if act.may("admission.apply"):
        every.append(Do(_("申请准入"), reverse("admission:application_new"), "plus", "primary"))
    return every


def _coming(act: Act, f: Filters) -> Table:
    rows = reads.coming(today(act), f)
    return speaking.coming(rows, [_at(v) for v in rows])


def _at(v: Any) -> str:
    return f"{reverse('admission:item', kwargs={'code': v.item.code})}?at={v.item.area_id}"


def _found(request: HttpRequest, act: Act, code: str) -> Any:
    """The item that a code means at the place that is named, or where the post stands."""
    found = reads.item(code, key_of(said(request, "at")) or reads.here(act), today(act))
    if found is None:
        raise Http404(_t("没有这个准入事项。"))
    return found


def _filters(f: Filters) -> list[Filter]:
    return [
        *speaking.place_filter(f.at),
        Filter("q", _("名称、编号或部门"), f.q),
        Filter("affair", _("性质"), f.affair, list(AFFAIRS.items())),
        Filter(
            "state", _("情况"), f.state, [(code, words) for code, (words, _t_) in STATES.items()]
        ),
    ]


def _table(rows: list[Any]) -> Table:
    return Table(
        heads(
            _("事项"),
            _("主管部门"),
            _("性质"),
            _("频次"),
            _("字段"),
            _("每年经费"),
            _("来源"),
            nums=(4, 5),
        ),
        [
            [
                Cell(said_(v.title), _at(v), note=v.item.code),
                owner_of(v),
                AFFAIRS.get(v.affair, v.affair),
                said_(v.frequency),
                len(v.fields) or "",
                v.yearly or "",
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


@require_safe
@needs(READ.code)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: what it says today, every version, what changed."""
    act = act_in(request)
    found = _found(request, act, code)
    versions = reads.versions(found)
    now = reads.version_on(found, today(act)) or versions[-1]
    catalogue = reads.section().catalogue_by_code.get(found.catalogue)
    kinds = " · ".join(str(KINDS[str(k)]) for k in catalogue.kinds) if catalogue else ""
    page = Page(
        said_(now.title),
        lead=f"{found.code} · {speaking.title_of(found.catalogue)}",
        back=reverse("admission:items"),
        notes=speaking.notes(found),
        facts=[(_("哪里的目录"), found.area.name), (_("可以要求"), kinds)]
        + speaking.facts(found, now),
        tables=[speaking.versions(versions), speaking.differences(versions)],
        actions=_turns(act, found),
    )
    return render(request, "admission/list.html", {"p": page})


def _turns(act: Act, found: Any) -> list[Do]:
    every = [
        Do(
            title,
            f"{reverse('admission:item_step', kwargs={'code': found.code, 'verb': verb})}?at={found.area_id}",
        )
        for verb, (_run, title, state) in TURNS.items()
        if act.may(f"admission.{verb}") and found.state == state
    ]
    if act.may("admission.apply"):
        every.append(
            Do(_("申请变更"), f"{reverse('admission:application_new')}?item={found.code}", "pencil")
        )
    return every


@needs(READ.code)
def turn(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Suspend, resume or revoke an item by a decision of the meeting."""
    act = act_in(request)
    found = _found(request, act, code)
    if verb not in TURNS:
        raise Http404(_t("没有这一步。"))
    granted(act, f"admission.{verb}")
    run, title, _state = TURNS[verb]
    back = f"{reverse('admission:item', kwargs={'code': code})}?at={found.area_id}"

    def do(data: dict[str, Any]) -> None:
        run(act, found, reason=data["reason"], minute=data["minute"])

    return asked(request, MinuteForm(sent(request)), do, title=title, back=back, danger=True)


@require_safe
@needs(READ.code)
def reductions(request: HttpRequest) -> HttpResponse:
    """Counts before and after, by each method, and whether a claim holds (R068, R093)."""
    act, section = act_in(request), reads.section()
    counts = reads.counts(today(act), reads.here(act))
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
        [[Cell(c.title, f"{at}?list={c.code}"), counts.get(c.code, 0)] for c in section.catalogues],
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


def _each(section: Any) -> list[list[Any]]:
    """Every class alone; fewer booklets in as many classes are not less."""
    rows = []
    for each in section.reductions:
        rate = reduced([(each.before, each.after)]).pooled
        truly = whole(each.before, each.after, each.classes_before, each.classes_after)
        judged = _met(rate, section.target.percent) if truly else Cell(_("明减暗不减"), tone="bad")
        named = Cell(each.title, note=each.source.document)
        before, after = f"{each.before} {each.unit}", f"{each.after} {each.unit}"
        rows.append([named, before, after, f"{rate}%", judged])
    return rows


def _methods(section: Any) -> list[list[Any]]:
    """All counted together, and the mean of the classes."""
    claimed = [(each.before, each.after) for each in section.reductions if each.claim]
    if not claimed:
        return []
    both = reduced(claimed)
    before, after = sum(b for b, _a in claimed), sum(a for _b, a in claimed)
    return [
        [words, before, after, f"{rate}%", _met(rate, section.target.percent)]
        for words, rate in ((_("合并计算"), both.pooled), (_("平均计算"), both.mean))
    ]
