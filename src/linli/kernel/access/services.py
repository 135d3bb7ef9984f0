"""Signing in and appointing: verbs of access."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.hats import post_of, role_of
from linli.kernel.access.models import (
    Account,
    Appointment,
    DemoMessage,
    LoginCode,
    SavedFilter,
    Throttle,
    Unit,
)
from linli.kernel.acts import SYSTEM, Act, Refusal, Span, action, note
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import matching

TRIES = 5
LOCK = timedelta(minutes=15)
CODE_LIFE = timedelta(minutes=5)
CODES_AN_HOUR = 6

_COUNT = """
INSERT INTO access_throttle (key, count, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN access_throttle.until < %(now)s THEN 1 ELSE access_throttle.count + 1 END,
    until = CASE WHEN access_throttle.until < %(now)s THEN %(until)s ELSE access_throttle.until END
RETURNING count
"""


def throttle(key: str, *, most: int, window: timedelta, now: datetime) -> None:
    """Count a try under a key; refuse when there were more than `most` (超过) within the window."""
    values = {"key": key[:120], "now": now, "until": now + window}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        count: int = cursor.fetchone()[0]
    if count > most:
        raise Refusal(_("操作过于频繁，请稍后再试。"), code="throttled")


def forgive(key: str) -> None:
    """Forget the counted tries of a key."""
    Throttle.objects.filter(pk=key[:120]).delete()


def _digest(index: bytes, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), index + code.encode(), hashlib.sha256).hexdigest()


def _index(phone: str) -> bytes:
    probe = Account(kind=Account.Kind.RESIDENT, phone=phone)
    value: bytes = probe.phone.index()
    return value


@action("access.send_code", title=_("发送验证码"), guard=False)
def send_code(act: Act, *, phone: str) -> str:
    """Make a six-digit code for a phone; at most six an hour. Returns the code to be sent."""
    index = _index(phone)
    key = f"code:{index.hex()}"
    throttle(key, most=CODES_AN_HOUR, window=timedelta(hours=1), now=act.at)
    code = f"{secrets.randbelow(10**6):06d}"
    LoginCode.objects.create(
        phone_index=index, digest=_digest(index, code), expires=act.at + CODE_LIFE, sent=act.at
    )
    if settings.DEMO:
        DemoMessage.objects.create(phone_index=index, body=code, sent=act.at)
    return code


@action("access.enter_by_code", title=_("验证码登录"), guard=False)
def enter_by_code(act: Act, *, phone: str, code: str) -> Account:
    """The resident's account behind a phone and its code; made on first use."""
    index = _index(phone)
    sent = (
        LoginCode.objects.select_for_update()
        .filter(phone_index=index, used=False, expires__gt=act.at)
        .order_by("-pk")
        .first()
    )
    if sent is None or sent.tries >= TRIES:
        raise Refusal(_("验证码已失效，请重新获取。"), field="code")
    if not hmac.compare_digest(sent.digest, _digest(index, code.strip())):
        raise WrongCode(sent.pk)
    LoginCode.objects.filter(pk=sent.pk).update(used=True)
    account = Account.objects.filter(matching(Account, "phone", phone)).first()
    if account is None:
        account = Account.objects.create(kind=Account.Kind.RESIDENT, phone=phone, name=_nick(phone))
    if not account.active:
        raise Refusal(_("该账号已停用，请联系社区。"))
    return account


class WrongCode(Refusal):
    """The code does not fit; the try is counted after the refusal has undone the rest."""

    def __init__(self, sent: int) -> None:
        super().__init__(_("验证码不正确，请核对后再输入。"), field="code", code="wrong-code")
        self.sent = sent


def count_wrong_code(error: WrongCode) -> None:
    """Count a wrong try against the code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_logincode SET tries = tries + 1 WHERE id = %s", [error.sent]
        )


def _nick(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())
    return f"居民{digits[-4:]}"


def enter_by_password(now: datetime, *, login: str, password: str) -> Account:
    """The staff account behind a name and password; five wrong tries lock it for a quarter of an hour."""
    account = (
        Account.objects.select_for_update()
        .filter(login=login.strip(), kind=Account.Kind.STAFF, active=True)
        .first()
    )
    if account is None:
        make_password(password)  # the same work, so that a name cannot be guessed by time
        raise Refusal(_("用户名或密码不正确。"))
    if account.locked_until and account.locked_until > now:
        raise Refusal(_("连续输错次数过多，账号已锁定 15 分钟。"), code="locked")
    if not check_password(password, account.password):
        account.failed += 1
        if account.failed >= TRIES:
            account.failed, account.locked_until = 0, now + LOCK
        account.save(update_fields=["failed", "locked_until"])
        raise Refusal(_("用户名或密码不正确。"), code="wrong-password")
    account.failed, account.locked_until = 0, None
    account.save(update_fields=["failed", "locked_until"])
    return account


def new_second_secret() -> str:
    """A fresh secret for the second factor."""
    return pyotp.random_base32()


def check_second(account: Account, code: str, now: datetime, secret: str = "") -> None:
    """Refuse unless the six digits fit the secret now; the same digits work once only."""
    clear = secret or (account.second_secret.open() if account.second_secret else "")
    clock = pyotp.TOTP(clear)
    for drift in (0, -1, 1):
        step = clock.timecode(now) + drift
        if step > account.second_used and hmac.compare_digest(
            clock.generate_otp(step), code.strip()
        ):
            account.second_used = step
            account.save(update_fields=["second_used"])
            return
    raise Refusal(_("动态口令不正确，请输入最新的 6 位数字。"), field="code")


@action("access.enrol_second", title=_("绑定第二验证"), guard=False)
def enrol_second(act: Act, account: Account, *, secret: str, code: str) -> Account:
    """Bind an authenticator app to a staff account by one right code."""
    check_second(account, code, act.at, secret)
    account.second_secret = secret
    account.save(update_fields=["second_secret"])
    return account


@action("access.sign_in", title=_("登录"), guard=False, codes=("way",))
def signed_in(act: Act, account: Account, *, way: str) -> Account:
    """Note that somebody has signed in (way: code, password, demo)."""
    note(account=account.pk)
    return account


@action("access.hire", title=_("开通账号"), codes=("login",))
def hire(act: Act, *, login: str, name: str, password: str) -> Account:
    """Open a staff account; the password has at least eight characters of three kinds."""
    weak(password)
    return Account.objects.create(
        kind=Account.Kind.STAFF, login=login, name=name, password=make_password(password)
    )


def weak(password: str) -> None:
    """Refuse a password of fewer than eight characters or of fewer than three kinds (等保三级)."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    found = sum(any(kind(c) for c in password) for kind in kinds)
    if len(password) < 8 or found < 3:
        raise Refusal(
            _("密码至少 8 位，且须包含大写字母、小写字母、数字、符号中的三种。"), field="password"
        )


@action("access.appoint", title=_("任职"), codes=("post",))
def appoint(
    act: Act,
    account: Account,
    *,
    unit: Unit,
    area: Area,
    post: str,
    since: date,
    until: date | None = None,
    full_time: bool = True,
) -> Appointment:
    """Give an account a hat: a post in a unit over an area, from one day to another."""
    if post_of(post) is None or role_of(post) is None:
        raise Refusal(_("岗位“%(post)s”不在政策包中。") % {"post": post}, field="post")
    if act.actor != SYSTEM and not any(s.covers(Span(area.pk, area.hi)) for s in act.spans):
        raise Refusal(_("只能在自己的辖区内任命。"), field="area")
    made = Appointment.objects.create(
        account=account,
        unit=unit,
        area=area,
        post=post,
        since=since,
        until=until,
        full_time=full_time,
    )
    note(account=account.pk, unit=unit.pk, area=area.pk, appointment=made.pk)
    return made


@action("access.dismiss", title=_("免职"))
def dismiss(act: Act, appointment: Appointment, *, until: date) -> Appointment:
    """End a hat on a day (counted)."""
    if until < appointment.since:
        raise Refusal(_("离任日期不能早于任职日期。"), field="until")
    appointment.until = until
    appointment.save(update_fields=["until"])
    return appointment


@action("access.save_filter", title=_("保存筛选"), guard=False)
def save_filter(act: Act, *, page: str, name: str, query: str) -> SavedFilter:
    """Keep a list's filter under a name; the same name is written over."""
    name = name.strip()[:40]
    if not name:
        raise Refusal(_("请给筛选起个名字。"), field="name")
    kept, _made = SavedFilter.objects.update_or_create(
        account_id=act.actor, page=page, name=name, defaults={"query": query[:600]}
    )
    return kept


@action("access.drop_filter", title=_("删除筛选"), guard=False)
def drop_filter(act: Act, *, filter_id: int) -> None:
    """Forget a saved filter of one's own."""
    SavedFilter.objects.filter(pk=filter_id, account_id=act.actor).delete()
