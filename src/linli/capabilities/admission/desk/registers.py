"""Registers at the desk: what stands in communities, and what is flagged."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing, clearing
from linli.capabilities.admission.desk.asking import asked, files, sent
from linli.capabilities.admission.desk.taking import offered
from linli.capabilities.admission.forms import (
    PlaceForm,
    UnplaceForm,
)
from linli.capabilities.admission.selectors import burden as weights
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors import registers as reads
from linli.capabilities.admission.services import Standing
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words.showing import (
    Cell,
    Do,
    Page,
    Table,
    cut,
    heads,
    key_of,
    pager,
    tabs,
)
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.files import selectors as kept

PLACED = ("signboard", "body", "post", "system")
PLACED_SAID = {
    "signboard": _("标牌"),
    "body": _("工作机构"),
    "post": _("派驻人员"),
    "system": _("信息系统"),
}


@require_safe
@needs(READ.code)
def placements(request: HttpRequest) -> HttpResponse:
    """Signboards, bodies, posts and systems; those without an item are flagged (R077, R078)."""
    act = act_in(request)
    show = request.GET.get("show", "")
    kind = show if show in PLACED else ""
    after = key_of(request.GET.get("after", ""))
    gone = show == "gone"
    found = reads.placements(act, kind, show == "flagged", after, gone)
    rows, next_ = cut(found, reads.PAGE)
    counts = reads.counters(act)
    shown = [("", _("全部")), *PLACED_SAID.items(), ("flagged", _("没有准入的"))]
    back = reverse("admission:occasions")
    title = _("挂牌、机构和系统")
    every = [*shown, ("gone", _("已摘除、撤出的"))]
    page = Page(
        title,
        back=back,
        tabs=tabs(request, "show", every),
        tables=[_standing(act, rows, gone, pick=show == "flagged")],
    )
    if show in ("", "signboard") and not after:
        page.tables.append(_limits(act))
    for each, (code, _label) in zip(page.tabs[1:-1], shown[1:], strict=True):
        each["count"] = counts.get(code, 0)
    page.page = pager(request, next_)
    if show == "flagged" and rows:
        page.bulk = clearing.offered(act)
    page.actions.append(Do(_("清理计划"), reverse("admission:clearing"), "calendar"))
    page.actions.append(Do(_("系统使用"), reverse("admission:systems"), "scale"))
    page.actions += offered(act, "placement")
    if act.may("admission.place"):
        page.actions.append(Do(_("登记"), reverse("admission:placement_new"), "plus", "primary"))
    return render(request, "admission/list.html", {"p": page})


def _standing(act: Act, rows: list[Any], gone: bool, pick: bool) -> Table:
    """What stands, with its picture; of what is gone when and why."""
    wanted = "removed" if gone else "placement"
    pictures = kept.of("admission.placement", [p.pk for p in rows]).filter(purpose=wanted)
    photos = {f.owner_id: f for f in pictures}
    may = pick and bool(clearing.offered(act))
    last = (_("摘除日期"), _("说明")) if gone else ()
    return Table(
        heads(
            _("名称"),
            _("社区"),
            _("是什么"),
            _("内外"),
            _("准入"),
            _("依据"),
            _("设立日期"),
            _("照片"),
            *last,
        ),
        [
            [
                Cell(p.title, "" if gone else _off_href(act, p)),
                p.area.name,
                PLACED_SAID[p.kind],
                "" if p.inside is None else _("内部") if p.inside else _("外部"),
                _admitted(p),
                p.basis,
                p.since,
                _photo(photos.get(p.pk)),
                *((Cell(p.until), Cell(p.why)) if gone else ()),
            ]
            for p in rows
        ],
        empty=_("还没有摘除、撤出的") if gone else _("还没有登记"),
        hint=_("把挂着的牌子、设着的机构和用着的系统登记下来，没有准入的一清二楚。"),
        icon="list-check",
        keys=[p.pk if p.item is None and act.sees(p.area_id) else "" for p in rows] if may else (),
    )


def _admitted(p: Any) -> Cell:
    """Under which item it stands, or that it stands under none and by when it goes."""
    if p.item:
        return Cell(p.item.code, tone="good")
    note = _("%(day)s 前清理") % {"day": p.clear_by} if p.clear_by and not p.until else ""
    return Cell(_("没有准入"), tone="bad", note=note)


def _photo(file: Any) -> Cell:
    if file is None:
        return Cell("")
    return Cell(_("看照片"), kept.shown(file.pk, file.name, file.media_type)["href"])


def _limits(act: Act) -> Table:
    """How many signboards hang in each community against the limit of the pack (R078)."""
    limit = lists.section().signboards

    def held(count: int, most: int) -> Cell:
        return Cell(f"{count} / {most}", tone="bad" if count > most else "good")

    return Table(
        heads(_("社区"), _("外部"), _("内部"), _("没有准入的"), nums=(3,)),
        [
            [
                row["area__name"],
                held(row["outside"], limit.outside),
                held(row["within"], limit.inside),
                row["flagged"],
            ]
            for row in reads.hanging(act)
        ],
        title=_("挂牌数和上限"),
        note=_("上限依据：%(source)s") % {"source": limit.source.document},
    )


def four(act: Act) -> Table:
    """Two streamlinings and two standardisations: four counters, this month beside the last (R082)."""
    before, now = weights.index(act, choosing.today(act), count=2)
    last_used, used = reads.stamped(act, (before.first, now.first))
    counts = reads.counters(act)
    month = f"{now.first:%Y-%m}"
    occasions, placed = reverse("admission:occasions"), reverse("admission:placements")
    rows = [
        (_("精简会议台账资料"), f"{occasions}?kind=meeting&month={month}", "meetings"),
        (_("精简创建考核评比"), f"{occasions}?kind=contest&month={month}", "contests"),
    ]
    cells = [
        [Cell(title, href), getattr(now.load, name), getattr(before.load, name)]
        for title, href, name in rows
    ]
    off = counts.get("flagged", 0)
    signs = Cell(_("规范标识标牌"), f"{placed}?show=signboard")
    cells += [
        [signs, counts.get("signboard", 0), ""],
        [Cell(_("规范印章管理"), reverse("admission:seals")), used, last_used],
    ]
    flagged = _("另有 %(n)s 处牌子、机构或系统没有准入。") % {"n": off}
    return Table(
        heads(_("做什么"), _("这个月"), _("上个月"), nums=(1, 2)),
        cells,
        title=_("两精简、两规范"),
        note=flagged if off else "",
    )


def _off_href(act: Act, p: Any) -> str:
    mine = act.sees(p.area_id) and act.may("admission.unplace")
    return reverse("admission:placement_end", kwargs={"pk": p.pk}) if mine else ""


@needs("admission.place")
def placement_new(request: HttpRequest) -> HttpResponse:
    """Register what is set up, or what was found standing."""
    act = act_in(request)
    form = PlaceForm(
        sent(request),
        files(request),
        area=choosing.communities(act),
        kind=list(PLACED_SAID.items()),
        item=choosing.items(act, PLACED),
    )

    def do(data: dict[str, Any]) -> None:
        photo = data.pop("photo", None)
        services.place(act, standing=Standing(**data), photo=photo)

    return asked(request, form, do, title=_("登记"), back=reverse("admission:placements"))


@needs("admission.unplace")
def placement_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken down or left."""
    act = act_in(request)
    found = reads.placement(act, pk)
    if found is None:
        raise Http404(_t("没有这一条，或不在您的范围内。"))

    def do(data: dict[str, Any]) -> None:
        services.unplace(act, found, **data)

    back = reverse("admission:clearing" if found.clear_by else "admission:placements")
    form = UnplaceForm(sent(request), files(request))
    form.fields["photo"].required = services.bare_wall_shown(found)
    return asked(request, form, do, title=_("摘除或撤出"), back=back, hint=found.title)
