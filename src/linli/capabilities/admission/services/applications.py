"""How a list changes: a department applies, its legality is reviewed, people are asked, a meeting decides (R064–R066)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Application, Comment, Item, PublicNotice
from linli.capabilities.admission.policy import AdmissionPolicy
from linli.capabilities.admission.rules.gate import barred
from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.gate import Turned
from linli.capabilities.admission.services.lists import add_version
from linli.capabilities.admission.services.rows import (
    locked,
    numbered,
    said,
    today,
    unit_coded,
    unit_of,
)
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.files.services import check, keep
from linli.kernel.flow import NEW, NotAllowed, Position, dues, dump, load, step
from linli.kernel.notices.services import tell
from linli.kernel.policy import version
from linli.kernel.tasks import services as tasks
from linli.ui.spoken import Spoken

REVIEW, DECIDE, CLOSE = "admission.review", "admission.decide", "admission.close"
REDRAFT = "admission.redraft"
KEPT = ("title", "basis", "frequency", "fields", "affair", "funding", "form", "owner")


@dataclass(frozen=True, slots=True)
class Wish:
    """What an application wants an item to say; `item` is the code of the item to change, empty for a new one."""

    catalogue: str
    title: str
    basis: str
    owner: str = ""
    frequency: str = ""
    fields: tuple[str, ...] = ()
    affair: str = "gov"
    yearly: Decimal = Decimal(0)
    funding: str = ""
    hours: Decimal = Decimal(0)
    inside: bool | None = None
    form: str = ""
    start: date | None = None
    end: date | None = None
    why: str = ""
    item: str = ""


def policy_of(row: Application) -> AdmissionPolicy:
    """The pack section that an application began under."""
    return version(row.policy).section(AdmissionPolicy)


def _content(wish: Wish) -> dict[str, Any]:
    """The wish as JSON values."""
    plain = {k: v for k, v in asdict(wish).items() if k not in ("catalogue", "item")}
    plain["fields"] = list(wish.fields)
    for name in ("yearly", "hours"):
        plain[name] = str(plain[name])
    for name in ("start", "end"):
        plain[name] = plain[name].isoformat() if plain[name] else None
    return plain


def _checked(act: Act, wish: Wish) -> tuple[Wish, Item | None]:
    policy = section()
    if wish.catalogue not in policy.catalogue_by_code:
        raise Refusal(_("没有这个目录。"), field="catalogue", code="catalogue")
    title = said(wish.title, "title", 120, _("事项名称"))
    if (stopped := barred(policy, title, wish.catalogue)) is not None:
        raise Turned(policy, stopped)
    said(wish.basis, "basis", 300, _("依据"))
    if wish.yearly and not wish.funding.strip():
        raise Refusal(_("写了金额，就要写明经费来源。"), field="funding", code="funding")
    if wish.start and wish.end and wish.end < wish.start:
        raise Refusal(_("结束日期早于开始日期。"), field="end", code="order")
    item = lists.item(wish.item, lists.here(act)) if wish.item else None
    if wish.item and item is None:
        raise Refusal(_("没有这个准入事项。"), field="item", code="item")
    return wish, item


@action("admission.apply", title=_("起草准入申请"), codes=())
def apply(act: Act, *, wish: Wish, paper: UploadedFile[Any] | None = None) -> Application:
    """Begin an application as a draft: a new item, or another version of one; `paper` is what it rests on."""
    unit, policy = unit_of(act), section()
    wish, item = _checked(act, wish)
    row = Application(
        area_id=item.area_id if item else unit.area_id,
        unit=unit,
        reviewer=unit_coded(policy.offices.review, _("合法性审查单位")),
        decider=unit_coded(policy.offices.decide, _("提请会议研究的单位")),
        by=act.actor,
        policy=act.policy,
        changed=act.at,
    )
    _wished(row, wish, item)
    with crossing(EVERYWHERE):
        made = _stepped(act, row, "admission.apply", Position(state=NEW))
        _attached(act, made, paper)
    return made


def _attached(act: Act, row: Application, paper: UploadedFile[Any] | None) -> None:
    if paper is not None:
        keep(act, check(paper, "paper"), owner=row, purpose="basis")


@action("admission.redraft", title=_("修改准入申请"), codes=())
def redraft(
    act: Act, application: Application, *, wish: Wish, paper: UploadedFile[Any] | None = None
) -> Application:
    """Change a draft, perhaps with one more paper; nothing else of it moves."""
    row = _own(act, locked(Application, application.pk))
    if row.state != "draft":
        raise Refusal(_("申请已经提交，不能再改；可以先撤回。"), code="state")
    wish, item = _checked(act, wish)
    _wished(row, wish, item)
    row.area_id, row.changed = item.area_id if item else row.unit.area_id, act.at
    row.save(update_fields=["kind", "item", "catalogue", "title", "content", "area", "changed"])
    _attached(act, row, paper)
    return row


def _wished(row: Application, wish: Wish, item: Item | None) -> None:
    """What an application asks for, as its row says it."""
    row.kind = Application.Kind.CHANGE if item else Application.Kind.ADMIT
    row.item, row.catalogue = item, item.catalogue if item else wish.catalogue
    row.title, row.content = wish.title.strip(), _content(wish)


def _own(act: Act, row: Application) -> Application:
    if act.unit != row.unit_id:
        raise Refusal(_("这不是您单位的申请。"), code="not-yours")
    return row


def _stepped(
    act: Act, row: Application, verb: str, here: Position | None = None, **inputs: Any
) -> Application:
    """One step of the flow, with its clock; the row is saved."""
    flow = policy_of(row).machine
    try:
        new = step(
            flow, here or load(row.position), verb, act.at, act.actor, inputs, set(act.roles)
        )
    except NotAllowed as error:
        refused = error.refused
        raise Refusal(
            refused.words, field=refused.field or None, code=f"flow-{refused.code}"
        ) from None
    if new.state != row.state:
        note(state=new.state, was=row.state)
    row.state, row.position, row.changed = new.state, dump(new), act.at
    found = dues(flow, new, calendar(), office(), SHANGHAI)
    row.due = found[-1].due if found and found[-1].met_at is None else None
    row.save()
    return row


def earliest(act: Act, policy: AdmissionPolicy) -> date | None:
    """The first day that what is applied for now may begin (30 working days ahead in the example)."""
    due = due_at(act.at, policy.terms.ahead.term, calendar(), office(), SHANGHAI)
    return timezone.localdate(due) if due else None


@action("admission.submit", title=_("提交准入申请"))
def submit(act: Act, application: Application) -> Application:
    """Hand a draft in; the wished start must be far enough ahead (30 working days in the example)."""
    row = _own(act, locked(Application, application.pk))
    ahead = policy_of(row).terms.ahead.term
    first = earliest(act, policy_of(row))
    start = date.fromisoformat(row.content["start"]) if row.content.get("start") else None
    if start is None:
        raise Refusal(_("请填写从哪天起实行。"), field="start", code="required")
    if first is not None and start < first:
        raise Refusal(
            _("要提前%(ahead)s申请，最早从 %(day)s 起实行；请先修改实行日期再提交。")
            % {"ahead": ahead.words, "day": first.isoformat()},
            field="start",
            code="ahead",
        )
    row.submitted, row.reason = act.at, ""
    row = _stepped(act, row, "admission.submit")
    _todo(act, row, REVIEW, row.reviewer_id)
    return row


def _todo(act: Act, row: Application, kind: str, unit: int) -> None:
    tasks.finish(act, row)
    tasks.add(act, row, kind=kind, title=row.title, area=row.area_id, unit=unit, due=row.due)


@action("admission.withdraw", title=_("撤回准入申请"), keep=("reason",))
def withdraw(act: Act, application: Application, *, reason: str) -> Application:
    """Take an application back, with a reason."""
    row = _own(act, locked(Application, application.pk))
    row.reason = said(reason, "reason", 1000, _("理由"))
    row = _stepped(act, row, "admission.withdraw", reason=reason)
    tasks.finish(act, row)
    _published(row, open_=False, outcome="withdrawn")
    return row


@action("admission.return", title=_("退回补正"), keep=("reason",))
def send_back(act: Act, application: Application, *, reason: str) -> Application:
    """Give an application back to its department to be completed."""
    row = locked(Application, application.pk)
    row.reason = said(reason, "reason", 1000, _("理由"))
    row = _stepped(act, row, "admission.return", reason=reason)
    _todo(act, row, REDRAFT, row.unit_id)
    _answered(act, row)
    return row


@action("admission.uphold", title=_("合法性审查通过"), keep=("opinion",))
def uphold(act: Act, application: Application, *, opinion: str) -> Application:
    """Find it lawful, with the opinion; the public notice begins."""
    row = locked(Application, application.pk)
    row.opinion = said(opinion, "opinion", 1000, _("审查意见"))
    policy = policy_of(row)
    row.notice_until = due_at(act.at, policy.terms.notice.term, calendar(), office(), SHANGHAI)
    row = _stepped(act, row, "admission.uphold", opinion=opinion)
    PublicNotice.objects.update_or_create(
        application=row.pk,
        defaults={
            "title": row.title,
            "catalogue": row.catalogue,
            "kind": row.kind,
            "unit": row.unit.name,
            "content": {name: row.content.get(name) for name in (*KEPT, "yearly", "start", "end")},
            "opinion": row.opinion,
            "opened": act.at,
            "until": row.notice_until or act.at,
            "open": True,
        },
    )
    _todo(act, row, CLOSE, row.reviewer_id)
    _answered(act, row)
    return row


@action("admission.object", title=_("合法性审查不通过"), keep=("reason",))
def object_(act: Act, application: Application, *, reason: str) -> Application:
    """Find it unlawful; that ends the application."""
    row = locked(Application, application.pk)
    row.opinion = row.reason = said(reason, "reason", 1000, _("理由"))
    row.decided = act.at
    row = _stepped(act, row, "admission.object", reason=reason)
    tasks.finish(act, row)
    _answered(act, row)
    return row


@action("admission.close_notice", title=_("结束公示"))
def close_notice(act: Act, application: Application) -> Application:
    """End the public notice once its days are over and every comment is answered."""
    row = locked(Application, application.pk)
    if row.notice_until is not None and act.at < row.notice_until:
        until = {"day": timezone.localdate(row.notice_until).isoformat()}
        raise Refusal(_("公示到 %(day)s，满了才能结束。") % until, code="early")
    waiting = Comment.objects.filter(application=row, replied__isnull=True).count()
    if waiting:
        raise Refusal(
            _("还有 %(n)s 条意见没有答复，答复后才能结束公示。") % {"n": waiting}, code="unanswered"
        )
    row = _stepped(act, row, "admission.close_notice")
    _published(row, open_=False)
    _todo(act, row, DECIDE, row.decider_id)
    return row


@action("admission.admit", title=_("同意准入"), codes=("minute",))
def admit(
    act: Act, application: Application, *, minute: str, yearly: Decimal, funding: str
) -> Application:
    """The meeting admits it with its money: the item gets its version, the notice 准入通知单 its number (R065, R070)."""
    row = locked(Application, application.pk)
    row.minute = said(minute, "minute", 60, _("会议纪要编号"))
    if yearly < 0 or (yearly and not funding.strip()):
        raise Refusal(_("写了金额，就要写明经费来源。"), field="funding", code="funding")
    row = _stepped(act, row, "admission.admit", minute=row.minute)
    before = policy_of(row).notice_number % {"year": today(act).year}
    row.number = numbered(Application, before, 3)
    row.decided = act.at
    given = {**_columns(row.content), "yearly": yearly, "funding": funding.strip()}
    made = add_version(
        act,
        _item_for(act, row),
        given,
        lead=row.unit.code,
        notice=row.number,
        document=Spoken("准入通知单 %(number)s") % {"number": row.number},
        status="found",
    )
    row.item = made.item
    row.save(update_fields=["number", "decided", "item"])
    note(item=made.item_id, version=made.number, number=row.number)
    tasks.finish(act, row)
    _published(row, open_=False, outcome="admitted", number=row.number)
    _answered(act, row)
    return row


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    """A kept wish as the columns of a version."""
    names = ("title", "owner", "basis", "frequency", "fields", "affair", "inside", "form")
    values = {name: content.get(name) for name in names}
    for name in ("start", "end"):
        text = content.get(name)
        values[name] = date.fromisoformat(text) if text else None
    return values | {"hours": Decimal(content.get("hours") or 0)}


def _item_for(act: Act, row: Application) -> Item:
    if row.item_id is not None:
        return locked(Item, row.item_id)
    prefix = f"{row.catalogue.upper()}-{today(act).year}-"
    return Item.objects.create(
        code=numbered(Item, prefix, 3, column="code", area=row.area_id),
        catalogue=row.catalogue,
        area_id=row.area_id,
        version=0,
        changed=act.at,
    )


@action("admission.refuse", title=_("不予准入"), keep=("reason",), codes=("minute",))
def refuse(act: Act, application: Application, *, minute: str, reason: str) -> Application:
    """The meeting refuses it, with the reason."""
    row = locked(Application, application.pk)
    row.minute = said(minute, "minute", 60, _("会议纪要编号"))
    row.reason, row.decided = said(reason, "reason", 1000, _("理由")), act.at
    row = _stepped(act, row, "admission.refuse", minute=row.minute, reason=row.reason)
    tasks.finish(act, row)
    _published(row, open_=False, outcome="refused")
    _answered(act, row)
    return row


def _published(row: Application, *, open_: bool, outcome: str = "", number: str = "") -> None:
    found = PublicNotice.objects.filter(application=row.pk)
    found.update(open=open_, outcome=outcome, number=number)


def _answered(act: Act, row: Application) -> None:
    """The one who applied is told that something was decided."""
    status = policy_of(row).flow.states[row.state].title
    params = {"title": row.title, "status": str.__str__(status)}
    tell(act, [row.by], "admission.answered", row, params)
