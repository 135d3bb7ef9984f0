"""Follow one's matters: the list, the timeline, and what a resident may do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import clocks, selectors, services
from linli.capabilities.matters.forms.portal import (
    WORDS_MOST,
    RateForm,
    ReasonForm,
    ReopenForm,
    SayForm,
    refuse,
)
from linli.capabilities.matters.portal.hallway import (
    draw,
    reading,
    receipt_code_of,
    see,
    take_photos,
    tell,
    to_query,
)
from linli.capabilities.matters.portal.timeline import Story, story
from linli.capabilities.matters.selectors import resident
from linli.kernel.access.doors import SIGNED_IN, act_in, needs, public
from linli.kernel.acts import Act, Refusal

EMPTY = {
    "open": (_("现在没有正在办的事"), _("身边有什么不对劲，拍张照发过来；哪怕只是问一句也行。")),
    "closed": (_("还没有办结的事"), _("办好的事会放在这里，您可以打分，没解决可以让我们重办。")),
    "all": (_("您还没有报过事"), _("路灯坏了、楼道堵了、想办个证，都可以在这里说。")),
    "joined": (
        _("还没有加入过邻居报的事"),
        _("报事时如果附近已有相似诉求，点“我也遇到”，办结时会告诉您。"),
    ),
}


@needs(SIGNED_IN)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I reported, and neighbours' matters that I joined."""
    act = act_in(request)
    show = request.GET.get("show", "open")
    show = show if show in resident.SHOWN else "open"
    after = request.GET.get("after", "")
    joined = resident.joined(act) if show == "joined" else []
    page = resident.mine(act, show, after) if show != "joined" else None
    context = {
        "show": show,
        "page": page,
        "joined": joined,
        "empty": EMPTY[show],
        "after": after,
        "next": {
            "first_href": f"?show={show}" if after else None,
            "next_href": page.next_href if page and page.next_after else None,
        },
    }
    return draw(request, "mine", context)


@public
@require_safe
def by_key(request: HttpRequest, key: int) -> HttpResponse:
    """From a notice: to the matter's own address."""
    number = resident.number_of_key(act_in(request), key) if key < 2**62 else ""
    if not number:
        raise Http404
    return HttpResponseRedirect(reverse("matters:matter", kwargs={"number": number}))


@public
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """The timeline in plain words, the promise, and what one may do now."""
    try:
        with reading(request, number) as (act, found):
            if request.method == "POST":
                return _done(request, act, found)
            return _timeline(request, act, found)
    except Http404:
        if act_in(request).signed_in:
            raise
        return to_query(number)


def _timeline(
    request: HttpRequest,
    act: Act,
    found: Any,
    *,
    bound: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    told = story(act, found)
    given = _Forms(found)
    opened, stranded = (bound[0], "") if bound else ("", "")
    if bound is not None:
        given[opened] = bound[1]
        if not told.may.get(opened):
            opened, stranded = "message", _written(*bound)
            given["message"] = SayForm(prefix="message", initial={"body": stranded})
    context = {
        "story": told,
        "m": found,
        "forms": given,
        "forms_of": (str(connection.settings_dict["NAME"]), found.policy),
        "opened": opened,
        "refused": bound[1].non_field_errors() if bound and opened != bound[0] else [],
        "stranded": stranded,
        "version": _version(found),
    }
    return draw(request, "matter", context, status)


def _written(name: str, form: forms.Form) -> str:
    """What was typed into a form whose step is no longer open."""
    typed = (str(form.data.get(f"{name}-{field}", "")) for field in ("body", "reason", "words"))
    return "\n".join(filter(None, map(str.strip, typed)))[:WORDS_MOST]


class _Forms(dict[str, forms.Form]):
    """The forms of a matter's page by verb, each made when the page asks for it."""

    def __init__(self, found: Any) -> None:
        super().__init__()
        self.found = found

    def __missing__(self, verb: str) -> forms.Form:
        made: forms.Form
        if verb == "rate":
            made = RateForm(prefix=verb, policy=clocks.policy_of(self.found))
        else:
            made = KINDS.get(verb, ReasonForm)(prefix=verb)
        self[verb] = made
        return made


KINDS: dict[str, type[forms.Form]] = {
    "message": SayForm,
    "answer": SayForm,
    "reopen": ReopenForm,
    "withdraw": ReasonForm,
}
Verb = Callable[[HttpRequest, Act, Any, Any], object]


def _say(request: HttpRequest, act: Act, found: Any, form: Any) -> object:
    photos = _photos(request, form)
    services.message(act, found, body=form.cleaned_data["body"], files=photos)
    return _("已留言，承办人会看到。")


def _answer(request: HttpRequest, act: Act, found: Any, form: Any) -> object:
    photos = _photos(request, form)
    services.answer(act, found, body=form.cleaned_data["body"], files=photos)
    return _("已补充，继续办理。")


def _photos(request: HttpRequest, form: forms.Form) -> tuple[Any, ...]:
    cleans = take_photos(request, form, f"say:{form.prefix}", selectors.names().policy.photos.count)
    request.session.pop("staged", None)
    if form.errors:
        raise Refusal(_("照片没有传上，请重新选择照片；写的话还在。"), code="photos")
    return tuple(cleans)


def _rate(request: HttpRequest, act: Act, found: Any, form: Any) -> object:
    given = form.cleaned_data
    solved = {"yes": True, "no": False}.get(given["solved"])
    services.rate(act, found, value=given["value"], solved=solved, words=given["words"])
    if solved is False:
        return _("谢谢您的评价。既然没有解决，请写一句哪里没解决，我们接着办。")
    return _("谢谢您的评价。")


def _reopen(request: HttpRequest, act: Act, found: Any, form: Any) -> object:
    photos = _photos(request, form)
    services.reopen(act, found, reason=form.cleaned_data["reason"], files=photos)
    return _("已重新办理，前面的情况都还在，不用从头讲。")


def _withdraw(request: HttpRequest, act: Act, found: Any, form: Any) -> object:
    services.withdraw(act, found, reason=form.cleaned_data["reason"])
    return _("已撤回。")


def _urge(request: HttpRequest, act: Act, found: Any, form: Any) -> object:
    services.urge(act, found)
    return _("已替您催办，承办人会马上看到。")


DOING: dict[str, Verb] = {
    "message": _say,
    "answer": _answer,
    "rate": _rate,
    "reopen": _reopen,
    "withdraw": _withdraw,
    "urge": _urge,
}


def _bound(request: HttpRequest, found: Any, name: str) -> forms.Form:
    if name == "rate":
        return RateForm(request.POST, prefix="rate", policy=clocks.policy_of(found))
    return KINDS.get(name, forms.Form)(request.POST, request.FILES, prefix=name)


def _done(request: HttpRequest, act: Act, found: Any) -> HttpResponse:
    name = request.POST.get("do", "")
    verb = DOING.get(name)
    if verb is None:
        raise Refusal(_("不明白要做什么，请刷新页面后再试。"))
    form = _bound(request, found, name)
    if form.is_valid():
        try:
            draft = f"say-{found.number}" if name == "message" else ""
            tell(request, verb(request, act, found, form), draft=draft)
            return see(reverse("matters:matter", kwargs={"number": found.number}))
        except Refusal as refusal:
            refuse(form, refusal)
    if name == "urge":
        tell(request, " ".join(str(e) for e in form.non_field_errors()), "warn")
        return see(reverse("matters:matter", kwargs={"number": found.number}))
    again = selectors.find(act, found.number) or found
    return _timeline(request, act, again, bound=(name, form), status=422)


def _version(found: Any) -> str:
    return f"{found.changed.timestamp():.6f}-{get_language()}"


@public
@require_safe
def live(request: HttpRequest, number: str) -> HttpResponse:
    """Fragment: the timeline when it has changed; 204 while the page already shows it, 304 by ETag."""
    with reading(request, number) as (act, found):
        version = _version(found)
        etag = f'"{version}"'
        if request.GET.get("v") == version:
            return HttpResponse(status=204, headers={"ETag": etag})
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
        told: Story = story(act, found)
        context = {"story": told, "m": found, "version": version}
        response = render(request, "matters/portal/_live.html", context)
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-cache"
        return response


@public
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """After sending: the number, the promise, who has it now and why; a guest's code."""
    try:
        with reading(request, number) as (act, found):
            code = receipt_code_of(request, act_in(request), found.number)
            context = {"story": story(act, found), "m": found, "code": code}
            return draw(request, "receipt", context)
    except Http404:
        if act_in(request).signed_in:
            raise
        return to_query(number)
