"""The lists as everybody reads them: searched, item by item with every version, taken along as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission.selectors import duties, lists, speaking
from linli.capabilities.admission.selectors.lists import Filters
from linli.capabilities.admission.selectors.naming import owner_of, shown
from linli.capabilities.admission.services import books
from linli.capabilities.admission.words import AFFAIRS, STATUS
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
from linli.kernel.access.doors import act_in, public
from linli.ui.spoken import said


def strip(now: str) -> list[dict[str, Any]]:
    """The pages of this room that anybody may open."""
    offered = (
        ("certificate_requests", _("社区证明")),
        ("public_items", _("准入目录")),
        ("public_duties", _("权责清单")),
        ("public_notices", _("公示")),
        ("verify", _("证明验证")),
    )
    return [
        {"label": label, "href": reverse(f"admission:{name}"), "active": name == now}
        for name, label in offered
    ]


def _asked(request: HttpRequest) -> Filters:
    names = ("q", "list", "affair", "lead")
    given = {n: request.GET.get(n, "").replace("\x00", "")[:60] for n in names}
    grounds = lists.grounds()
    at = key_of(request.GET.get("at", "")[:20])
    return Filters(
        q=given["q"].strip(),
        catalogue=given["list"] if given["list"] in lists.section().catalogue_by_code else "",
        lead=given["lead"][:40],
        affair=given["affair"] if given["affair"] in AFFAIRS else "",
        at=at if any(each.pk == at for each in grounds) else grounds[0].pk if grounds else None,
    )


@public
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The lists in force: searched and filtered, page by page, or the whole as a file."""
    day, f = timezone.localdate(act_in(request).at), _asked(request)
    if (format := request.GET.get("format")) in books.FORMATS:
        return books.taken(day, f, str(format))
    found = lists.listed(day, f, request.GET.get("after", "").replace("\x00", "")[:40])
    coming = lists.coming(day, f)
    page = Page(
        _("社区工作准入目录"),
        lead=_(
            "社区依法做什么、协助什么、能开什么证明、能挂什么牌子，都在这里；不在这里的，社区可以不接。"
        ),
        tabs=strip("public_items"),
        actions=_files(request),
        filters=_filters(f, lists.counts(day, f.at)),
        tables=[
            _table(found.rows, speaking.title_of(f.catalogue) if f.catalogue else ""),
            speaking.coming(coming, [_href(v) for v in coming]),
        ],
        page=pager(request, found.next),
    )
    return render(request, "admission/portal/page.html", {"p": page})


def _files(request: HttpRequest) -> list[Do]:
    asked = {k: v for k, v in request.GET.items() if k not in ("after", "format") and v}
    return [
        Do(
            _("导出 %(format)s") % {"format": each},
            f"?{urlencode({**asked, 'format': each})}",
            "download",
        )
        for each in books.FORMATS
    ]


def _filters(f: Filters, counts: dict[str, int]) -> list[Filter]:
    offered = [
        (
            each.code,
            _("%(title)s（%(n)s 项）") % {"title": each.title, "n": counts.get(each.code, 0)},
        )
        for each in lists.section().catalogues
    ]
    return [
        *speaking.place_filter(f.at),
        Filter("q", _("名称、编号或部门"), f.q),
        Filter("list", _("目录"), f.catalogue, offered),
        Filter("affair", _("性质"), f.affair, list(AFFAIRS.items())),
        *(
            [Filter("lead", _("牵头单位"), f.lead, [(f.lead, shown("lead", f.lead))])]
            if f.lead
            else []
        ),
    ]


def _href(v: Any) -> str:
    return reverse("admission:public_item", kwargs={"pk": v.item_id})


def _table(rows: list[Any], title: Any) -> Table:
    return Table(
        heads(_("事项"), _("目录"), _("主管部门"), _("频次"), _("来源")),
        [
            [
                Cell(said(v.title), _href(v), note=v.item.code),
                speaking.title_of(v.item.catalogue),
                owner_of(v),
                said(v.frequency),
                Cell(STATUS[v.status][0], tone=STATUS[v.status][1]),
            ]
            for v in rows
        ],
        title=title,
        empty=_("没有符合条件的事项"),
        hint=_("去掉一两个条件再看。"),
        href="?",
        label=_("看全部"),
        icon="search",
    )


@public
@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item as it stands today, with every version and what changed."""
    found = lists.one(pk)
    if found is None:
        raise Http404(_t("没有这个准入事项。"))
    rows = lists.versions(found)
    now = lists.version_on(found, timezone.localdate(act_in(request).at)) or rows[-1]
    hint = lists.section().catalogue_by_code.get(found.catalogue)
    page = Page(
        said(now.title),
        lead=f"{found.area.name} · {speaking.title_of(found.catalogue)} · {found.code}",
        back=reverse("admission:public_items"),
        notes=speaking.notes(found),
        facts=[(_("这个目录是什么"), hint.hint if hint else ""), *speaking.facts(found, now)],
        tables=[speaking.versions(rows), speaking.differences(rows)],
    )
    return render(request, "admission/portal/page.html", {"p": page})


@public
@require_safe
def powers(request: HttpRequest) -> HttpResponse:
    """What each department answers for, which items it leads, and what nobody may hand down to communities (R074, R075)."""
    day, f = timezone.localdate(act_in(request).at), _asked(request)
    led, at = duties.led(day, f.at), reverse("admission:public_items")
    units = Table(
        heads(_("部门"), _("职责"), _("牵头的准入事项"), nums=(2,)),
        [
            [
                each.title,
                each.duties,
                Cell(n, f"{at}?lead={each.code}") if (n := led.get(each.code)) else Cell(""),
            ]
            for each in duties.units()
        ],
        title=_("谁负责什么"),
        empty=_("本地的政策包还没有写部门职责"),
        hint=_("在政策包的单位里写上各部门的职责，这里就会列出来。"),
    )
    forbidden = Table(
        heads(_("不得下派的事"), _("该怎么办"), _("依据")),
        [
            [
                each.title,
                each.instead,
                Cell(each.source.document, note=each.source.clause),
            ]
            for each in lists.section().forbidden
        ],
        title=_("不得下派给社区的"),
    )
    page = Page(
        _("权责清单"),
        lead=_("部门的职责由部门承担，不在准入目录里的不得转给社区。"),
        tabs=strip("public_duties"),
        tables=[units, forbidden],
    )
    return render(request, "admission/portal/page.html", {"p": page})
