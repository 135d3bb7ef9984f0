"""Staffing: who holds which post, which grids have nobody, appointing and dismissing."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import selectors, services
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.forms import AppointForm, DismissForm, HireForm, PeopleFilter, refuse
from linli.kernel.access.hats import post_of
from linli.kernel.access.models import Account
from linli.kernel.acts import Act, Refusal
from linli.kernel.places.selectors import near_name


@needs("access.read")
def people(request: HttpRequest) -> HttpResponse:
    """Who holds which post in my areas, since when."""
    act, today = act_in(request), timezone.localdate()
    form = PeopleFilter(request.GET, posts=selectors.posts_offered(act))
    wanted = form.cleaned_data if form.is_valid() else {"post": "", "q": ""}
    after = request.GET.get("after", "")
    page = selectors.people(act, today, post=wanted["post"], q=wanted["q"], after=after)
    kept = {name: value for name, value in wanted.items() if value}
    context = {
        "form": form,
        "rows": [(row, _title(row.post)) for row in page.rows],
        "today": today,
        "near_name": near_name,
        "vacant": selectors.vacancies(act, today) if not after else [],
        "page": {
            "next_href": f"?{urlencode({**kept, 'after': page.next})}" if page.next else "",
            "first_href": f"?{urlencode(kept)}" if after else "",
        },
        "done": _done(request.GET.get("done", "")),
    }
    return render(request, "access/people.html", context)


def _title(post: str) -> str:
    found = post_of(post)
    return found.title if found else post


def _done(code: str) -> str:
    words = {
        "appointed": _("已任命。"),
        "dismissed": _("已免职，最后一天过后岗位失效。"),
        "hired": _("账号已开通，接着任命岗位。"),
    }
    return str(words.get(code, ""))


@needs("access.appoint")
def appoint(request: HttpRequest) -> HttpResponse:
    """Give somebody a post in my areas."""
    act = act_in(request)
    posts = selectors.posts_offered(act)
    initial = {name: request.GET.get(name, "") for name in ("login", "post", "unit", "area")}
    form = AppointForm(request.POST or None, posts=posts, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            _appoint(act, form)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect(f"{reverse('access:people')}?done=appointed")
    context = {
        "form": form,
        "areas": selectors.areas_in_sight(act),
        "units": selectors.units_in_sight(act),
        "done": _done(request.GET.get("done", "")),
    }
    return render(request, "access/appoint.html", context, status=422 if form.is_bound else 200)


def _appoint(act: Act, form: AppointForm) -> None:
    values = form.cleaned_data
    account = Account.objects.filter(
        login=values["login"], kind=Account.Kind.STAFF, active=True
    ).first()
    if account is None:
        raise Refusal(_("没有这个用户名，请先开通账号。"), field="login")
    unit, area = selectors.find_unit(act, values["unit"]), selectors.find_area(act, values["area"])
    if unit is None:
        raise Refusal(_("您的范围里没有这个单位，请从列表里选。"), field="unit")
    if area is None:
        raise Refusal(_("您的辖区里没有这个地方，或有重名，请填区划代码。"), field="area")
    services.appoint(
        act,
        account,
        unit=unit,
        area=area,
        post=values["post"],
        since=values["since"],
        full_time=values["full_time"],
    )


@needs("access.hire")
def hire(request: HttpRequest) -> HttpResponse:
    """Open an account for a new colleague."""
    form = HireForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            made = services.hire(act_in(request), **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            query = urlencode({"done": "hired", "login": made.login})
            return redirect(f"{reverse('access:appoint')}?{query}")
    return render(request, "access/hire.html", {"form": form}, status=422 if form.is_bound else 200)


@needs("access.dismiss")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's post in my areas."""
    act, today = act_in(request), timezone.localdate()
    held = selectors.appointment_in_sight(act, pk, today)
    if held is None:
        raise Http404
    form = DismissForm(request.POST or None, initial={"until": today})
    if form.is_bound and form.is_valid():
        try:
            services.dismiss(act, held, until=form.cleaned_data["until"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect(f"{reverse('access:people')}?done=dismissed")
    context = {"form": form, "held": held, "title": _title(held.post)}
    return render(request, "access/dismiss.html", context, status=422 if form.is_bound else 200)
