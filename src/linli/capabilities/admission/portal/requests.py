"""Certificates that a community issues: who proves what, asked for, followed, taken along as a file (R079)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.forms import RequestForm, StepForm
from linli.capabilities.admission.portal.catalogue import strip
from linli.capabilities.admission.selectors import lists, registers
from linli.capabilities.admission.selectors import requests as reads
from linli.capabilities.admission.words import papers
from linli.capabilities.admission.words.showing import Cell, Do, Filter, Note, Page, Table, heads
from linli.kernel.access import asking
from linli.kernel.access.doors import SIGNED_IN, act_in, needs, public
from linli.kernel.calendar.labels import term_words
from linli.kernel.files import selectors as kept
from linli.kernel.places import selectors as places
from linli.ui.entries import Entry
from linli.ui.spoken import said

TONES = {"asked": "info", "issued": "good", "refused": "bad", "withdrawn": "neutral"}
REQUEST = "admission.request_certificate"


@public
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Which certificates a community issues, who proves the others, and what one asked for."""
    act = act_in(request)
    wish = request.GET.get("q", "").replace("\x00", "")[:60].strip()
    listed = reads.offered(timezone.localdate(act.at))
    ours, others = reads.matching(listed, wish), reads.elsewhere(wish)
    page = Page(
        _("社区证明"),
        lead=_("说说要开什么证明：社区能开的在这里申请，不该社区开的告诉您找谁。"),
        tabs=strip("certificate_requests"),
        filters=[Filter("q", _("要开什么证明，如：单身证明"), wish)],
        notes=_answer(wish, bool(ours), others),
        tables=[
            *([_mine(act)] if act.signed_in and not wish else []),
            _ours(ours, ask=act.may(REQUEST) or not act.signed_in),
            _others(others),
        ],
    )
    return render(request, "admission/portal/page.html", {"p": page})


def _answer(wish: str, ours: bool, others: list[Any]) -> list[Note]:
    """What stands over the lists when somebody searched."""
    told = [
        Note(
            _("请找%(who)s。社区不出具这种证明。（%(source)s）")
            % {"who": said(c.instead), "source": c.source.document},
            "warn",
            said(c.title),
        )
        for c in others
        if wish
    ]
    if wish and not ours and not others:
        words = _("社区的证明目录里没有这一种。换个说法再找，或者问一问要您开证明的单位凭什么要。")
        told.append(Note(words, "info", _("没有找到“%(q)s”") % {"q": wish}))
    return told


def _mine(act: Any) -> Table:
    return Table(
        heads(_("证明"), _("为谁"), _("社区"), _("申请日期"), _("情况")),
        [
            [
                Cell(said(r.title), reverse("admission:certificate_request", kwargs={"pk": r.pk})),
                r.name,
                r.area.name,
                timezone.localdate(r.made),
                Cell(r.get_state_display(), tone=TONES[r.state]),
            ]
            for r in reads.mine(act)
        ],
        title=_("我申请的证明"),
    )


def _ours(rows: list[Any], *, ask: bool) -> Table:
    """What a community issues; whoever is here for an office finds no form of residents behind it."""
    listed = [[said(v.title), said(v.basis)] for v in rows]
    title = _("社区可以出具的")
    if not ask:
        return Table(heads(_("证明"), _("依据")), listed, title=title)
    links = [reverse("admission:certificate_ask", kwargs={"code": v.item.code}) for v in rows]
    asked = [[*row, Cell(_("申请"), link)] for row, link in zip(listed, links, strict=True)]
    return Table(heads(_("证明"), _("依据"), _("办理")), asked, title=title)


def _others(rows: list[Any]) -> Table:
    return Table(
        heads(_("社区不出具的证明"), _("请找谁"), _("依据")),
        [
            [
                said(c.title),
                said(c.instead),
                Cell(c.source.document, note=c.source.clause),
            ]
            for c in rows
        ],
        title=_("国家规定社区不出具的"),
    )


@needs(REQUEST)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask one's community for a certificate of the list."""
    act, back = act_in(request), reverse("admission:certificate_requests")
    listed = {v.item.code: v for v in reads.offered(timezone.localdate(act.at))}
    version = listed.get(code)
    if version is None:
        raise Http404(_t("社区的证明目录里没有这一种。"))
    whom = reads.whom(act)
    if not whom:
        return _unknown(request, version, back)
    form = RequestForm(
        asking.sent(request), who=[(f"{k.person}:{k.community}", _who(k)) for k in whom]
    )
    rule = lists.section().requests
    hint = _("社区核实后出具或者说明理由，%(term)s内答复%(default)s。") % {
        "term": term_words(rule.term),
        "default": _t("（建议值，由各地核定）") if rule.status == "default" else "",
    }

    def do(data: dict[str, Any]) -> str:
        person, community = (int(part) for part in data.pop("who").split(":"))
        made = services.request_certificate(
            act, wanted=services.Requested(code, person, community, **data)
        )
        return reverse("admission:certificate_request", kwargs={"pk": made.pk})

    more = {"hint": hint}
    return asking.asked(
        request,
        form,
        do,
        title=_("申请：%(what)s") % {"what": said(version.title)},
        back=back,
        template="admission/portal/ask.html",
        more=more,
        do=_("提交申请"),
    )


def _who(each: Any) -> str:
    relation = {"self": _t("本人"), "ward": _t("您监护的孩子"), "member": _t("同户家人")}
    named = _t("%(name)s（%(relation)s）") % {
        "name": each.name,
        "relation": relation[each.relation],
    }
    return f"{named} · {places.near_name(each.community)}"


def _unknown(request: HttpRequest, version: Any, back: str) -> HttpResponse:
    """Whoever is tied to no person proves first who they are."""
    page = Page(
        said(version.title),
        back=back,
        notes=[
            Note(
                _(
                    "开证明要知道您是谁、住在哪个社区。请先完成实名关联；也可以带身份证到社区窗口办。"
                ),
                "info",
                _("先完成实名关联"),
            )
        ],
        actions=[
            Do(_("去关联"), reverse("registry:own_link"), "id", "primary"),
            Do(_("找社区"), reverse("registry:directory"), "phone"),
        ],
    )
    return render(request, "admission/portal/page.html", {"p": page})


def _own(request: HttpRequest, pk: int) -> Any:
    found = reads.own(act_in(request), pk)
    if found is None:
        raise Http404(_t("没有这份申请。"))
    return found


@require_safe
@needs(SIGNED_IN)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One's request: how far it is, the paper, or why not."""
    found = _own(request, pk)
    page = Page(
        said(found.title),
        lead=found.get_state_display(),
        back=reverse("admission:certificate_requests"),
        notes=_told(found),
        facts=[
            (
                _("为谁"),
                _("%(name)s（%(relation)s）")
                % {"name": found.name, "relation": found.get_relation_display()},
            ),
            (_("社区"), found.area.name),
            (_("要证明的事"), found.words),
            (_("用途"), found.purpose),
            (_("答复期限"), timezone.localdate(found.due) if found.state == "asked" else ""),
        ],
        story=_story(found),
        actions=_steps(found),
    )
    return render(request, "admission/portal/page.html", {"p": page})


def _steps(found: Any) -> list[Do]:
    at = {"pk": found.pk}
    if found.state == "asked":
        return [Do(_("撤回申请"), reverse("admission:certificate_withdraw", kwargs=at), "ban")]
    if found.certificate is None:
        return []
    paper = reverse("admission:certificate_own", kwargs=at)
    files = [] if found.certificate.void else [Do(_("下载 PDF"), f"{paper}?format=pdf", "download")]
    return [Do(_("看证明"), paper, "file-text", "primary"), *files, *_stamped(found.certificate)]


def _stamped(paper: Any) -> list[Do]:
    """The pictures of the paper with its seal."""
    return [
        Do(_("看盖章影像"), kept.shown(f.pk, f.name, f.media_type)["href"], "photo")
        for f in kept.of("admission.sealuse", registers.stamps(paper))
    ]


def _told(found: Any) -> list[Note]:
    if found.state == "refused":
        return [Note(found.reason, "warn", _("社区没有出具，理由："))]
    if found.certificate is not None and found.certificate.void:
        return [Note(found.certificate.why, "bad", _("这份证明已经作废，理由："))]
    return []


def _story(found: Any) -> list[Entry]:
    made = [Entry(_("提交申请"), when=found.made, tone="info")]
    if found.answered:
        made.append(Entry(found.get_state_display(), when=found.answered, tone=TONES[found.state]))
    paper = found.certificate
    if paper is not None:
        stamped = paper.seal_uses.order_by("pk").first()
        made += [Entry(_("已盖章"), when=stamped.at, tone="good")] if stamped else []
        made += [Entry(_("已作废"), when=paper.void, tone="bad")] if paper.void else []
    return made


@needs("admission.withdraw_request")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's request back."""
    act, found = act_in(request), _own(request, pk)

    def do(_data: dict[str, Any]) -> None:
        services.withdraw_request(act, found)

    return asking.asked(
        request,
        StepForm(asking.sent(request)),
        do,
        title=_("撤回申请"),
        back=reverse("admission:certificate_request", kwargs={"pk": pk}),
        template="admission/portal/ask.html",
        danger=True,
        do=_("撤回"),
    )


@require_safe
@needs(SIGNED_IN)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate that one asked for, with its number and code; also as PDF."""
    found = _own(request, pk)
    if found.certificate is None:
        raise Http404(_t("这份申请还没有出具证明。"))
    version = lists.version_on(found.certificate.item, timezone.localdate(found.certificate.at))
    back = reverse("admission:certificate_request", kwargs={"pk": pk})
    code = found.certificate.code.open() if found.certificate.code else ""
    sheet = papers.certificate(request, found.certificate, version, code=code, back=back)
    return papers.shown(request, sheet, template="admission/portal/paper.html")
