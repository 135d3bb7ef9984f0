"""Signing in: residents by phone and code, staff by password and second factor, the demo by one click."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import services
from linli.kernel.access.doors import SIGNED_IN, act_in, needs, public
from linli.kernel.access.forms import CodeForm, PasswordForm, PhoneForm, SecondForm, refuse
from linli.kernel.access.landing import landing
from linli.kernel.access.models import Account
from linli.kernel.access.presence import address_of, enter, safe_next
from linli.kernel.access.selectors import demo_cast
from linli.kernel.acts import Act, Refusal

TRIES_OF_AN_ADDRESS = 60
WINDOW = timedelta(minutes=15)


def _count_address(request: HttpRequest, act: Act) -> None:
    key = f"signin:{address_of(request)}"
    services.throttle(key, most=TRIES_OF_AN_ADDRESS, window=WINDOW, now=act.at)


def _gone_in(request: HttpRequest, act: Act) -> HttpResponse:
    return HttpResponseRedirect(safe_next(request) or landing(act))


@public
def signin(request: HttpRequest) -> HttpResponse:
    """A resident's door: number, code, in."""
    act = act_in(request)
    if request.method != "POST":
        if act.signed_in:
            return _gone_in(request, act)
        return _signin_page(request, PhoneForm())
    if request.POST.get("do") == "enter":
        return _enter_by_code(request, act)
    return _send_code(request, act)


def _signin_page(
    request: HttpRequest, form: PhoneForm, *, sent: bool = False, status: int = 200
) -> HttpResponse:
    phone = str(getattr(form, "cleaned_data", {}).get("phone", ""))
    context = {
        "form": form,
        "sent": sent,
        "next": safe_next(request),
        "told": "",
        "wait": services.seconds_to_next_code(phone, act_in(request).at) if sent and phone else 0,
        "demo_code": services.demo_code(phone) if sent and phone else "",
    }
    return render(request, "access/signin.html", context, status=status)


def _send_code(request: HttpRequest, act: Act) -> HttpResponse:
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _signin_page(request, form, status=422)
    phone = form.cleaned_data["phone"]
    try:
        _count_address(request, act)
        services.carry_code(phone, services.send_code(act, phone=phone))
    except Refusal as refusal:
        return _code_page(request, phone, refusal)
    return _code_page(request, phone)


def _code_page(request: HttpRequest, phone: str, refusal: Refusal | None = None) -> HttpResponse:
    """The second step, with the number kept; an earlier code stays good when a new one was refused."""
    if refusal is not None and refusal.code != "too-soon":
        form = PhoneForm({"phone": phone})
        form.is_valid()
        refuse(form, refusal)
        return _signin_page(request, form, status=422)
    form = CodeForm(initial={"phone": phone})
    context = {
        "form": form,
        "sent": True,
        "next": safe_next(request),
        "told": str(refusal) if refusal else "",
        "wait": services.seconds_to_next_code(phone, act_in(request).at),
        "demo_code": services.demo_code(phone),
    }
    return render(request, "access/signin.html", context)


def _enter_by_code(request: HttpRequest, act: Act) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _signin_page(request, form, sent=True, status=422)
    try:
        _count_address(request, act)
        account = services.enter_by_code(act, **form.cleaned_data)
    except services.WrongCode as wrong:
        services.count_wrong_code(wrong)
        return _refused(request, form, wrong)
    except Refusal as refusal:
        return _refused(request, form, refusal)
    return _gone_in(request, enter(request, account, way="code"))


def _refused(request: HttpRequest, form: CodeForm, refusal: Refusal) -> HttpResponse:
    phone = form.cleaned_data["phone"]
    refuse(form, refusal)
    form.cleaned_data["phone"] = phone
    return _signin_page(request, form, sent=True, status=422)


@public
def staff(request: HttpRequest) -> HttpResponse:
    """The door of staff: name and password."""
    act = act_in(request)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _count_address(request, act)
            account = services.enter_by_password(act.at, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _gone_in(request, enter(request, account, way="password"))
    elif not form.is_bound and act.signed_in:
        return _gone_in(request, act)
    status = 422 if form.is_bound else 200
    context = {"form": form, "next": safe_next(request)}
    return render(request, "access/staff.html", context, status=status)


@needs(SIGNED_IN, half=True)
def second(request: HttpRequest) -> HttpResponse:
    """The second factor: the app's six digits; the first time the app is bound by a picture."""
    act = act_in(request)
    account = Account.objects.get(pk=act.actor)
    if account.kind != Account.Kind.STAFF or request.session.get("second"):
        return _gone_in(request, act)
    secret = "" if account.second_secret else _offered(request, account)
    form = SecondForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _prove(act, account, form.cleaned_data["code"], secret)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            request.session.pop("nonce", None)
            request.session["second"] = True
            request.session.cycle_key()
            return HttpResponseRedirect(safe_next(request) or reverse("access:hat"))
    context = {"form": form, "next": safe_next(request), "secret": secret, "picture": ""}
    if secret:
        address = services.provisioning_uri(account, secret)
        context["picture"] = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
        context["secret"] = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return render(request, "access/second.html", context, status=422 if form.is_bound else 200)


def _offered(request: HttpRequest, account: Account) -> str:
    nonce = request.session.setdefault("nonce", secrets.token_hex(16))
    return services.second_secret_of(account, nonce)


def _prove(act: Act, account: Account, code: str, secret: str) -> None:
    key = f"second:{account.pk}"
    services.throttle(key, most=services.TRIES, window=services.LOCK, now=act.at)
    if secret:
        services.enrol_second(act, account, secret=secret, code=code)
    else:
        services.check_second(account, code, act.at)
    services.forgive(key)


ROLES: tuple[dict[str, Any], ...] = (
    {
        "role": "resident",
        "icon": "user-heart",
        "title": _("居民"),
        "tell": _("拍照报一盏不亮的路灯，看它交到谁手里、什么时候办好，再打个分。"),
    },
    {
        "role": "grid_worker",
        "icon": "map-pin",
        "title": _("网格员"),
        "tell": _("在手机上看今天的事，到场处理、拍照留证，没信号也能先记下来。"),
    },
    {
        "role": "clerk",
        "icon": "building-store",
        "title": _("社区窗口"),
        "tell": _("替来窗口的人登记一件事，受理、转办、回复，看哪件快到期。"),
    },
    {
        "role": "community_head",
        "icon": "users",
        "title": _("社区书记"),
        "tell": _("看全社区的进度，批延期，看哪个网格没有人。"),
    },
    {
        "role": "street_worker",
        "icon": "building-community",
        "title": _("街道经办人"),
        "tell": _("接社区报上来的难事，协调部门，再派下去。"),
    },
    {
        "role": "department_worker",
        "icon": "tools",
        "title": _("部门经办人"),
        "tell": _("接转来的事，现场办理，回写结果，申请延期。"),
    },
    {
        "role": "asking_department",
        "icon": "file-spreadsheet",
        "title": _("民政局经办人"),
        "tell": _("把一张 Excel 表变成社区不用重填的表：过准入、下发、看进度、收表。"),
    },
    {
        "role": "legal_reviewer",
        "icon": "scale",
        "title": _("司法局审查员"),
        "tell": _("审部门想让社区做的事合不合法，公示，答复意见。"),
    },
    {
        "role": "standing_office",
        "icon": "gavel",
        "title": _("政府办承办员"),
        "tell": _("把审查通过的提请会议研究，记下纪要编号、经费和结果。"),
    },
    {
        "role": "organiser",
        "icon": "clipboard-check",
        "title": _("组织部经办人"),
        "tell": _("给村、社区书记的任职备案，看谁还没有备案、备案后谁变动了。"),
    },
    {
        "role": "duty_head",
        "icon": "chart-bar",
        "title": _("指挥中心负责人"),
        "tell": _("看全市按时办结率和满意率，点数字看背后的每一件事。"),
    },
    {
        "role": "auditor",
        "icon": "shield-check",
        "title": _("审计员"),
        "tell": _("看谁查看过电话、谁导出过名单、为什么，核对记录有没有被改过。"),
    },
)


@public
def demo(request: HttpRequest) -> HttpResponse:
    """One click per role, in demo mode only."""
    if not settings.DEMO:
        raise Http404
    codes = tuple(str(r["role"]) for r in ROLES)
    cast = demo_cast(codes)
    if request.method == "POST":
        account = cast.get(request.POST.get("role", ""))
        if account is not None:
            act = enter(request, account, way="demo", second=True)
            return _gone_in(request, act)
    cards = [{**r, "account": cast.get(str(r["role"]))} for r in ROLES]
    return render(request, "access/demo.html", {"cards": cards, "next": safe_next(request)})
