"""Staffing: who is hired, who holds which post over which area, from when to when."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.hats import post_of, role_of
from linli.kernel.access.models import Account, Appointment, Unit
from linli.kernel.access.sessions import Session
from linli.kernel.acts import SYSTEM, Act, Denied, Refusal, Span, action, note
from linli.kernel.places.models import Area

UNIT_LEVEL = "unit"


@action("access.hire", title=_("开通账号"), codes=("login",))
def hire(act: Act, *, login: str, name: str, password: str) -> Account:
    """Open a staff account; the password has at least eight characters of three kinds."""
    weak(password)
    if Account.objects.filter(login=login).exists():
        raise Refusal(_("用户名“%(login)s”已经有人用了。") % {"login": login}, field="login")
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
    _may_appoint(act, account, unit, area, post)
    if until is not None and until < since:
        raise Refusal(_("离任日期不能早于任职日期。"), field="until")
    held = Appointment.objects.filter(account=account, unit=unit, area=area, post=post)
    if held.filter(Q(until__isnull=True) | Q(until__gte=since)).exists():
        raise Refusal(_("这个人已经在这个岗位上了。"), field="login")
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


def _may_appoint(act: Act, account: Account, unit: Unit, area: Area, post: str) -> None:
    """Refuse a hat that does not fit its area and unit, or that the appointer may not give."""
    found, role = post_of(post), role_of(post)
    if found is None or role is None:
        raise Refusal(_("岗位“%(post)s”不在政策包中。") % {"post": post}, field="post")
    whole, part = Span(unit.area.pk, unit.area.hi), Span(area.pk, area.hi)
    if not whole.covers(part):
        raise Refusal(_("辖区不在这个单位的范围内。"), field="area")
    if found.level != UNIT_LEVEL and found.level != area.level:
        words = _("岗位“%(post)s”要任命在对应层级的辖区上。") % {"post": found.title}
        raise Refusal(words, field="area")
    if act.actor == SYSTEM:
        return
    if account.pk == act.actor:
        raise Refusal(_("不能任命自己，请由上一级任命。"), field="login")
    # A unit's worker sees the unit's matters wherever they are, so the whole unit must lie in sight.
    needed = whole if found.level == UNIT_LEVEL else part
    if not any(span.covers(needed) for span in act.spans):
        raise Refusal(_("只能在自己的辖区内任命。"), field="area")
    if needed in act.spans and act.holds({role.code}):
        raise Refusal(_("同一级的同一角色，请由上一级任命。"), field="post")


@action("access.dismiss", title=_("免职"))
def dismiss(act: Act, appointment: Appointment, *, until: date) -> Appointment:
    """End a hat on a day (counted), within one's own area."""
    held = Appointment.objects.select_for_update().select_related("area").get(pk=appointment.pk)
    if act.actor != SYSTEM:
        if held.account_id == act.actor:
            raise Refusal(_("不能免去自己的岗位，请由上一级办理。"))
        if not any(span.covers(Span(held.area_id, held.area.hi)) for span in act.spans):
            raise Denied(_("只能办理自己辖区内的任免。"))
    if until < held.since:
        raise Refusal(_("离任日期不能早于任职日期。"), field="until")
    held.until = until
    held.save(update_fields=["until"])
    note(account=held.account_id, appointment=held.pk, area=held.area_id)
    return held


@action("access.unlock", title=_("解除锁定"))
def unlock(act: Act, account: Account) -> Account:
    """Let a locked account try again at once."""
    account.failed, account.locked_until = 0, None
    account.save(update_fields=["failed", "locked_until"])
    return account


@action("access.reset_second", title=_("重置第二验证"))
def reset_second(act: Act, account: Account) -> Account:
    """Forget the second factor of somebody who lost the phone; it is bound anew at the next sign-in."""
    account.second_secret = None
    account.save(update_fields=["second_secret"])
    Session.objects.filter(account=account.pk).delete()
    return account


@action("access.found_unit", title=_("登记单位"), codes=("code", "kind"))
def found_unit(act: Act, *, code: str, name: str, kind: str, area: Area, phone: str = "") -> Unit:
    """Register a unit, or correct the name, kind, seat and phone of one with the same code."""
    values = {"name": name.strip(), "kind": kind.strip(), "phone": phone.strip()}
    if not code.strip() or not values["name"] or not values["kind"]:
        raise Refusal(_("单位的代码、名称、类别都要填。"), field="code")
    longest = {"code": 40, "name": 80, "kind": 24, "phone": 32}
    for field, value in {"code": code.strip(), **values}.items():
        if len(value) > longest[field]:
            raise Refusal(_("“%(value)s……”太长。") % {"value": value[:10]}, field=field)
    made, _new = Unit.objects.update_or_create(code=code.strip(), defaults={**values, "area": area})
    return made
