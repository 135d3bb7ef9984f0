"""Signing in: residents by phone and code, staff by password and second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import math
import secrets
from datetime import datetime, timedelta

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.models import Account, DemoMessage, LoginCode, Throttle
from linli.kernel.access.services.throttles import counted, throttle
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.vault.fields import matching

TRIES = 5
LOCK = timedelta(minutes=15)
CODE_LIFE = timedelta(minutes=5)
CODE_PAUSE = timedelta(seconds=60)
CODES_AN_HOUR = 6
log = logging.getLogger(__name__)


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
    wait = seconds_to_next_code(phone, act.at)
    if wait:
        raise Refusal(
            _("验证码刚刚发过，请 %(n)d 秒后再获取。") % {"n": wait}, field="phone", code="too-soon"
        )
    key = f"code:{index.hex()}"
    throttle(key, most=CODES_AN_HOUR, window=timedelta(hours=1), now=act.at)
    code = f"{secrets.randbelow(10**6):06d}"
    LoginCode.objects.create(
        phone_index=index, digest=_digest(index, code), expires=act.at + CODE_LIFE, sent=act.at
    )
    if settings.DEMO:
        DemoMessage.objects.create(phone_index=index, body=code, sent=act.at)
    return code


def seconds_to_next_code(phone: str, now: datetime) -> int:
    """How many seconds until a phone may ask for another code; 0 when it may now."""
    sent = LoginCode.objects.filter(phone_index=_index(phone)).order_by("-pk").first()
    left = (sent.sent + CODE_PAUSE - now).total_seconds() if sent else 0
    return max(0, math.ceil(left))


def carry_code(phone: str, code: str) -> None:
    """Send the code by the text message channel that the site names (`CODE_SENDER`); the demo shows it instead."""
    if settings.DEMO:
        return
    sender = import_string(settings.CODE_SENDER)
    try:
        sender(
            phone,
            str(_("【邻里】验证码 %(code)s，5 分钟内有效。") % {"code": code}),
            secrets.token_hex(8),
        )
    except (
        Exception
    ) as error:  # whatever the gateway does, the page must say it and offer another way
        log.warning("a code was not sent: %s", type(error).__name__)
        raise Refusal(
            _("短信没有发出去。请稍后再试，或凭编号查询、到社区窗口办理。"), code="not-sent"
        ) from error


def demo_code(phone: str) -> str:
    """The last code of a phone in demo mode, where the page shows it; empty otherwise."""
    if not settings.DEMO:
        return ""
    last = DemoMessage.objects.filter(phone_index=_index(phone)).order_by("-pk").first()
    return last.body if last and last.body.isdigit() else ""


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
        cursor.execute("UPDATE access_logincode SET tries = tries + 1 WHERE id = %s", [error.sent])


def _nick(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())
    return f"居民{digits[-4:]}"  # words: a name that is kept


def enter_by_password(now: datetime, *, login: str, password: str) -> Account:
    """The staff account behind a name and password; five wrong tries lock it for a quarter of an hour."""
    account = (
        Account.objects.select_for_update()
        .filter(login=login.strip(), kind=Account.Kind.STAFF, active=True)
        .first()
    )
    if account is None:
        make_password(password)  # the same work, so that a name cannot be guessed by time
        raise _stranger(login, now)
    if account.locked_until and account.locked_until > now:
        raise _locked(account.locked_until)
    if not check_password(password, account.password):
        account.failed += 1
        if account.failed >= TRIES:
            account.failed, account.locked_until = 0, now + LOCK
        account.save(update_fields=["failed", "locked_until"])
        if account.locked_until and account.locked_until > now:
            raise _locked(account.locked_until)
        raise _wrong(TRIES - account.failed)
    account.failed, account.locked_until = 0, None
    account.save(update_fields=["failed", "locked_until"])
    return account


def _wrong(left: int) -> Refusal:
    words = _("用户名或密码不正确，还可以再试 %(n)d 次。") % {"n": left}
    return Refusal(words, code="wrong-password")


def _locked(until: datetime) -> Refusal:
    at = timezone.localtime(until).strftime("%H:%M")
    words = _("连续输错 5 次，这个用户名已锁定，请在 %(time)s 以后再试。") % {"time": at}
    return Refusal(words, code="locked")


def _stranger(login: str, now: datetime) -> Refusal:
    """A name that nobody has is answered exactly like a wrong password, lock included."""
    key = f"stranger:{hashlib.sha256(login.encode()).hexdigest()[:40]}"
    count = counted(key, LOCK, now)
    if count >= TRIES:
        return _locked(Throttle.objects.get(pk=key).until)
    return _wrong(TRIES - count)


def second_secret_of(account: Account, nonce: str) -> str:
    """The secret offered at enrolment: derived from the session's nonce, so that none is stored before it is bound."""
    seed = f"second:{account.pk}:{nonce}".encode()
    return base64.b32encode(hmac.digest(settings.SECRET_KEY.encode(), seed, "sha256")[:20]).decode()


def provisioning_uri(account: Account, secret: str) -> str:
    """The `otpauth:` address that an authenticator app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=account.login or account.name,
        issuer_name="邻里",  # words: the product, in every app alike
    )


def check_second(account: Account, code: str, now: datetime, secret: str = "") -> None:
    """Refuse unless the six digits fit the secret now; the same digits work once only."""
    clear = secret or (account.second_secret.open() if account.second_secret else "")
    clock = pyotp.TOTP(clear)
    for drift in (0, -1, 1):
        step = clock.timecode(now) + drift
        if hmac.compare_digest(clock.generate_otp(step).encode(), code.strip().encode()):
            unused = Account.objects.filter(pk=account.pk, second_used__lt=step)
            if unused.update(second_used=step):
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
