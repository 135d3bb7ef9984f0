"""A resident proves who they are, and their account sees what is held about them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Consent,
    Mark,
    Objection,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.registry.rules.people import ID_CARD, Identity, may_register
from linli.capabilities.registry.services import known
from linli.capabilities.registry.services.people import alive, locked
from linli.capabilities.registry.services.rows import said, today
from linli.kernel.access.models import Account
from linli.kernel.access.services.throttles import throttle
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.vault.fields import matching

REASON_MOST = 200
TRIES, WINDOW = 5, timedelta(hours=1)


def link_account(act: Act, *, number: str, name: str, kind: str = ID_CARD) -> Person:
    """Prove who one is, at most five tries an hour; a try that fails is counted too."""
    throttle(f"registry.link:{act.actor}", most=TRIES, window=WINDOW, now=act.at)
    return prove(act, number=number, name=name, kind=kind)


@action("registry.link_account", title=_("实名关联"))
def prove(act: Act, *, number: str, name: str, kind: str) -> Person:
    """Tie the actor's account to their person: exact number and name, and the phone that signed in is the one on file.

    A resident whose phone differs goes to the window: there it is corrected from the document, not from afar.
    """
    asked = may_register(Identity(name=name, kind=kind, number=number), today(act))
    if not asked.number:
        raise Refusal(_("请填写证件号码。"), field="number", code="no-number")
    account = Account.objects.select_for_update().get(pk=act.actor)
    known.held(asked)
    found = known.known(asked)
    if found is None or found.id is None:
        raise _unproven()
    with crossing(EVERYWHERE):
        person = Person.objects.select_for_update(of=("self",)).get(pk=found.id)
        _provable(person, account)
        _tied(person, account)
    return person


def _tied(person: Person, account: Account | None) -> None:
    person.account = account
    person.save(update_fields=["account"])
    for model in (Residence, Tie, Mark, Consent, Objection):
        model._default_manager.filter(person=person).update(account=account)


@action("registry.link_at_window", title=_("窗口实名关联"), codes=("seen",), keep=("remark",))
def link_at_window(act: Act, person: Person, *, phone: str, seen: str, remark: str = "") -> Person:
    """Tie somebody's file to the account of a phone, after a clerk has seen the document of that very person (`seen`)."""
    row = locked(person)
    alive(row)
    if not row.document or seen != row.document_kind:
        raise Refusal(
            _("请核验登记的那一种证件；证件号码还没有登记的，请先更正信息。"),
            field="seen",
            code="not-seen",
        )
    account = _account_of(phone)
    if row.account_id is not None:
        raise Refusal(_("此人已关联账号。换账号的，请先解除原来的关联。"), code="linked")
    with crossing(EVERYWHERE):
        if Person.objects.filter(account=account).exists():
            raise Refusal(
                _("这个账号已关联其他人，请核对手机号。"), field="phone", code="linked-otherwise"
            )
        _tied(row, account)
    note(account=account.pk)
    return row


def _account_of(phone: str) -> Account:
    found = (
        Account.objects.select_for_update()
        .filter(matching(Account, "phone", phone), kind=Account.Kind.RESIDENT, active=True)
        .first()
        if phone.strip()
        else None
    )
    if found is None:
        raise Refusal(
            _("这个手机号还没有登录过。请居民先用手机号登录一次，再来关联。"),
            field="phone",
            code="no-account",
        )
    return found


@action("registry.unlink_account", title=_("解除账号关联"), keep=("reason",))
def unlink_account(act: Act, person: Person, *, reason: str) -> Person:
    """Untie somebody's file from their account: a wrong link, a number that was given up."""
    row = locked(person)
    said(reason, "reason", REASON_MOST, _("解除原因"))
    if row.account_id is None:
        raise Refusal(_("此人没有关联账号。"), code="not-linked")
    note(account=row.account_id)
    with crossing(EVERYWHERE):
        _tied(row, None)
    return row


def _provable(person: Person, account: Account) -> None:
    if person.account_id == account.pk:
        raise Refusal(_("您已经完成实名关联。"), code="linked")
    if person.account_id is not None or Person.objects.filter(account=account).exists():
        raise Refusal(_("账号或证件已关联其他人，请到社区窗口核验。"), code="linked-otherwise")
    same = (
        person.phone is not None
        and account.phone is not None
        and person.phone.open() == account.phone.open()
    )
    if person.died is not None or not same:
        raise _unproven()


def _unproven() -> Refusal:
    """One answer whatever does not fit, so that nobody learns from it who is registered."""
    return Refusal(
        _("姓名、证件号码和手机号与登记的不一致，无法在线核验。请带证件到社区窗口办理。"),
        field="number",
        code="unproven",
    )
