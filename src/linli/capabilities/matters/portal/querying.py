"""By number and code, without an account."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.forms.portal import QueryForm, refuse
from linli.capabilities.matters.portal.hallway import draw, see
from linli.capabilities.matters.rules import key_of
from linli.kernel.access.doors import act_in, public
from linli.kernel.access.hats import guest_act
from linli.kernel.access.presence import address_of
from linli.kernel.access.services import forgive, throttle
from linli.kernel.acts import Act, Refusal, holding

FROM_ONE_ADDRESS = 10  # times the tries of one number


@public
def query(request: HttpRequest) -> HttpResponse:
    """Number and code open the same timeline that its reporter reads."""
    if request.method != "POST":
        form = QueryForm(initial={"number": request.GET.get("number", "")[:40]})
        return draw(request, "query", {"form": form})
    form = QueryForm(request.POST)
    if form.is_valid():
        try:
            return _let_in(request, act_in(request), form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
    return draw(request, "query", {"form": form}, 422)


def _let_in(request: HttpRequest, act: Act, given: dict[str, str]) -> HttpResponse:
    rule = selectors.names().policy.query
    window, caller = timedelta(hours=rule.lock.amount), address_of(request)
    one = f"query:{caller}:{key_of(given['number']) or given['number'][:20]}"
    throttle(f"query:{caller}", most=rule.tries * FROM_ONE_ADDRESS, window=window, now=act.at)
    throttle(one, most=rule.tries, window=window, now=act.at)
    key = services.visitor_key(given["code"])
    guest = guest_act(channel=act.channel, at=act.at).on(key=key)
    with holding(guest):
        found = selectors.find(guest, given["number"])
    if found is None:
        raise Refusal(
            _("编号或查询码不对，请照回执再核对一遍；字母不分大小写。"), field="code", code="wrong"
        )
    forgive(one)
    request.session.cycle_key()
    request.session["visitor"] = str(key)
    return see(reverse("matters:matter", kwargs={"number": found.number}))
