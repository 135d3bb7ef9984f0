"""Applications at the desk: written, handed in, reviewed, noticed, decided; the printable notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.desk.asking import asked, files, sent
from linli.capabilities.admission.desk.stepping import Step, known, stepped
from linli.capabilities.admission.forms import (
    AdmitForm,
    MinuteForm,
    OpinionForm,
    ReasonForm,
    ReplyForm,
    WishForm,
)
from linli.capabilities.admission.selectors import applications as reads
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors.naming import shown
from linli.capabilities.admission.services import Wish
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words import NAMES, papers
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
    tabs,
)
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, verbs
from linli.kernel.files import selectors as kept
from linli.ui.entries import Entry
from linli.ui.spoken import said

_NOTHING: tuple[Any, ...] = ("", "0", None, [])
TONES = {"admitted": "good", "refused": "bad", "withdrawn": "neutral", "notice": "info"}


def _state(row: Any) -> str:
    return str(lists.section().flow.states[row.state].title)


@require_safe
@needs(READ.code)
def listing(request: HttpRequest) -> HttpResponse:
    """Applications of one's unit, and those that wait for it."""
    act = act_in(request)
    show = request.GET.get("show", "")
    states = ("", "mine", *lists.section().flow.states)
    found = reads.listed(act, show if show in states else "", key_of(request.GET.get("after", "")))
    rows, next_ = cut(found, reads.PAGE)
    page = Page(
        _("准入申请"),
        back=reverse("admission:items"),
        tabs=tabs(
            request,
            "show",
            [
                ("", _("全部")),
                ("mine", _("等我办")),
                ("notice", _("公示中")),
                ("admitted", _("已准入")),
            ],
        ),
        tables=[_listed(rows)],
        page=pager(request, next_),
    )
    if act.may("admission.apply"):
        page.actions.append(
            Do(_("申请准入"), reverse("admission:application_new"), "plus", "primary")
        )
    return render(request, "admission/list.html", {"p": page})


def _listed(rows: list[Any]) -> Table:
    return Table(
        heads(_("事项"), _("申请单位"), _("目录"), _("情况"), _("提交"), _("应决定")),
        [
            [
                Cell(r.title, reverse("admission:application", kwargs={"pk": r.pk}), note=r.number),
                said(r.unit.name),
                _catalogue(r.catalogue),
                Cell(_state(r), tone=TONES.get(r.state, "warn")),
                day_of(r.submitted),
                day_of(r.due),
            ]
            for r in rows
        ],
        empty=_("没有准入申请"),
        hint=_("部门要让社区做一件事，先在这里申请准入。"),
        icon="clipboard-list",
    )


def _catalogue(code: str) -> Any:
    found = lists.section().catalogue_by_code.get(code)
    return found.title if found else code


def _form(request: HttpRequest, act: Act, initial: dict[str, Any] | None = None) -> WishForm:
    unit = offices.unit(act.unit)
    day = choosing.today(act)
    found = reads.items_of(act, unit.code, day) if unit else []
    titles = [("", "—"), *((i.code, i.code) for i in found)]
    catalogues = [(c.code, c.title) for c in lists.section().catalogues]
    return WishForm(
        sent(request), files(request), item=titles, catalogue=catalogues, initial=initial
    )


def _wish(form: WishForm) -> Wish:
    data = form.wish()
    return Wish(**{**data, "fields": choosing.fields(data["fields"])})


@needs("admission.apply")
def new(request: HttpRequest) -> HttpResponse:
    """Write an application; it is kept as a draft."""
    act = act_in(request)
    code = request.GET.get("item", "").replace("\x00", "")[:40]
    initial: dict[str, Any] = {"item": code, "start": services.earliest(act, lists.section())}
    held = lists.item(code, lists.here(act)) if code else None
    now = lists.version_on(held, choosing.today(act)) if held else None
    if held is not None and now is not None:
        names = ("title", "basis", "frequency", "affair", "hours", "yearly", "funding")
        initial |= {n: getattr(now, n) for n in names}
        initial |= {"catalogue": held.catalogue, "fields_": " ".join(now.fields)}
    initial |= _given(request, initial.get("fields_", ""))
    form = _form(request, act, initial)

    def do(_data: dict[str, Any]) -> str:
        made = services.apply(act, wish=_wish(form), paper=form.cleaned_data["paper"])
        return reverse("admission:application", kwargs={"pk": made.pk})

    back = reverse("admission:applications")
    hint = _("先存成草稿，看过再提交。")
    return asked(request, form, do, title=_("申请准入"), back=back, hint=hint, do=_("存成草稿"))


def _given(request: HttpRequest, fields: str) -> dict[str, str]:
    """What a refused form brings along: its name for a new item, and the fields that it asks besides those admitted."""
    asked = request.GET.get("fields", "").replace("\x00", "")[:2000].split(",")
    names = dict.fromkeys(each for each in (*fields.split(), *asked) if each)
    title = request.GET.get("title", "").replace("\x00", "")[:120]
    return {
        "fields_": choosing.field_names(names),
        **({"title": title} if title and not fields else {}),
    }


def _found(act: Act, pk: int) -> Any:
    found = reads.one(act, pk)
    if found is None:
        raise Http404(_t("没有这份申请，或不在您的范围内。"))
    return found


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: what it asks, who has it, what was said, what can be done."""
    act = act_in(request)
    row = _found(act, pk)
    content = row.content
    notes = _too_early(act, row)
    if row.opinion:
        notes.append(Note(row.opinion, "info", _("合法性审查意见")))
    if row.reason:
        notes.append(Note(row.reason, "warn", _("理由")))
    found = Page(
        row.title,
        lead=f"{row.get_kind_display()} · {said(row.unit.name)} · {_state(row)}",
        back=reverse("admission:applications"),
        notes=notes,
        facts=[
            (_("目录"), _catalogue(row.catalogue)),
            *_asked_for(row),
            (_("为什么需要社区协助"), content.get("why")),
            (_("审查单位"), said(row.reviewer.name)),
            (_("提请研究"), said(row.decider.name)),
            (_("应决定"), day_of(row.due)),
            (_("公示到"), day_of(row.notice_until)),
            (_("会议纪要编号"), row.minute),
            (_("准入通知单"), row.number),
            (_("准入事项"), _item(row)),
        ],
        tables=[_attached(row), _comments(act, row)],
        story=_story(row),
        actions=_steps(act, row),
    )
    return render(request, "admission/list.html", {"p": found})


def _too_early(act: Act, row: Any) -> list[Note]:
    """What keeps one's draft from being handed in today, before it is tried."""
    first, start = services.earliest(act, services.policy_of(row)), row.content.get("start")
    if row.state != "draft" or act.unit != row.unit_id or not first or not start:
        return []
    if date.fromisoformat(start) >= first:
        return []
    words = _("实行日期 %(start)s 太早，今天提交最早从 %(first)s 起；先修改日期再提交。")
    return [Note(words % {"start": start, "first": first}, "warn")]


def _item(row: Any) -> Any:
    """The item that it made or changes, as a link."""
    if row.item is None:
        return ""
    return Cell(row.item.code, reverse("admission:item", kwargs={"code": row.item.code}))


def _attached(row: Any) -> Table:
    """The papers that the application rests on."""
    return Table(
        heads(_("附件"), _("日期")),
        [
            [
                Cell(f.name, kept.shown(f.pk, f.name, f.media_type)["href"]),
                day_of(f.created),
            ]
            for f in kept.of("admission.application", [row.pk])
        ],
        title=_("附件"),
    )


def _comments(act: Act, row: Any) -> Table:
    rows = [
        [
            c.words,
            day_of(c.at),
            Cell(c.reply)
            if c.replied
            else Cell(_("答复"), reverse("admission:reply", kwargs={"pk": c.pk}))
            if act.may("admission.reply")
            else Cell(_("还没有答复"), tone="warn"),
        ]
        for c in reads.comments(row)
    ]
    return Table(heads(_("公示期间的意见"), _("日期"), _("答复")), rows, title=_("公示意见"))


def _story(row: Any) -> list[Entry]:
    told = verbs()
    return [
        Entry(title=told[f.verb].title if f.verb in told else f.verb, when=f.at)
        for f in reads.story(row)
    ]


def _steps(act: Act, row: Any) -> list[Do]:
    where = {"pk": row.pk}
    every = [
        Do(
            title,
            reverse("admission:application_step", kwargs={**where, "verb": SLUGS[verb]}),
            kind="primary" if verb in PLAIN else "quiet",
        )
        for verb, title in reads.may(act, row)
        if verb in SLUGS and (verb not in OWN or act.unit == row.unit_id)
    ]
    if row.state == "draft" and act.unit == row.unit_id and act.may("admission.redraft"):
        every.append(Do(_("修改"), reverse("admission:application_edit", kwargs=where), "pencil"))
    if row.number:
        every.append(
            Do(_("准入通知单"), reverse("admission:application_paper", kwargs=where), "printer")
        )
    return every


@needs("admission.redraft")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    act = act_in(request)
    row = _found(act, pk)
    initial = {**row.content, "catalogue": row.catalogue, "item": row.item.code if row.item else ""}
    initial["fields_"] = choosing.field_names(row.content.get("fields") or ())
    form = _form(request, act, initial)

    def do(_data: dict[str, Any]) -> None:
        services.redraft(act, row, wish=_wish(form), paper=form.cleaned_data["paper"])

    back = reverse("admission:application", kwargs={"pk": pk})
    return asked(request, form, do, title=_("修改申请"), back=back, do=_("存成草稿"))


_STEPS = {
    "submit": Step(
        "admission.submit", services.submit, hint=_("提交以后由审查单位审查，不能再改。")
    ),
    "withdraw": Step("admission.withdraw", services.withdraw, ReasonForm, danger=True),
    "return": Step("admission.return", services.send_back, ReasonForm),
    "uphold": Step("admission.uphold", services.uphold, OpinionForm),
    "object": Step("admission.object", services.object_, ReasonForm, danger=True),
    "close": Step("admission.close_notice", services.close_notice),
    "admit": Step("admission.admit", services.admit, AdmitForm),
    "refuse": Step("admission.refuse", services.refuse, MinuteForm, danger=True),
}
SLUGS = {step.verb: slug for slug, step in _STEPS.items()}
PLAIN = frozenset({"admission.submit", "admission.uphold", "admission.admit"})
OWN = frozenset({"admission.submit", "admission.withdraw"})


@needs(READ.code)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step of the procedure."""
    which = known(_STEPS, verb)
    row = _found(act_in(request), pk)
    initial = {n: row.content.get(n) for n in ("yearly", "funding")} if verb == "admit" else None
    back = reverse("admission:application", kwargs={"pk": pk})
    return stepped(request, which, row, back=back, hint=row.title, initial=initial)


@needs("admission.reply")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a comment."""
    act = act_in(request)
    found = reads.comment(pk)
    if found is None:
        raise Http404(_t("没有这条意见。"))

    def do(data: dict[str, Any]) -> None:
        services.reply(act, found, words=data["words"])

    back = reverse("admission:application", kwargs={"pk": found.application_id})
    form = ReplyForm(sent(request))
    return asked(request, form, do, title=_("答复意见"), back=back, hint=found.words)


@require_safe
@needs(READ.code)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice of admission, to be printed (R070)."""
    row = _found(act_in(request), pk)
    if not row.number:
        raise Http404(_t("还没有准入通知单。"))
    content = row.content
    sheet = papers.Sheet(
        title=_("社区工作事项准入通知单"),
        number=_("%(number)s号") % {"number": row.number},
        back=reverse("admission:application", kwargs={"pk": pk}),
        to=row.unit.name,
        body=[
            _("你单位申请的“%(title)s”，经合法性审查、社会公示和会议研究，同意准入。")
            % {"title": row.title},
            _("请按本通知单写明的内容、经费和期限，经街道（镇）向社区提出，不得增加字段和频次。"),
        ],
        facts=[
            *((NAMES[n], shown(n, content.get(n))) for n in _NOTED if content.get(n)),
            *_granted(row),
            (_("会议纪要编号"), row.minute),
        ],
        signed=[row.decider.name, day_of(row.decided)],
    )
    return papers.shown(request, sheet)


_NOTED = ("basis", "frequency", "fields", "start", "end")


def _asked_for(row: Any) -> list[tuple[Any, Any]]:
    """What the item is to say; the money as the meeting granted it, once it did."""
    content, granted = row.content, _granted(row) if row.number else []
    money = ("yearly", "funding") if granted else ()
    told = [n for n in NAMES if content.get(n) not in _NOTHING and n not in money]
    return [*((NAMES[n], shown(n, content[n])) for n in told), *granted]


def _granted(row: Any) -> list[tuple[Any, Any]]:
    """The money that the meeting granted, as the version says it."""
    versions = lists.versions(row.item) if row.item else []
    found = next((v for v in versions if v.notice == row.number), None)
    if found is None or not found.yearly:
        return []
    return [(NAMES[n], shown(n, getattr(found, n))) for n in ("yearly", "funding")]
