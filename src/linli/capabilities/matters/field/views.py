"""Pages of the field worker. Every form works without a script; with one it goes through the phone's queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.forms import field as forms
from linli.capabilities.matters.rules import key_of
from linli.capabilities.matters.selectors import field as reads
from linli.capabilities.matters.selectors.evidence import judged
from linli.kernel.access.doors import act_in, needs
from linli.kernel.access.once import digest, once, own_key
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import selectors as places


@dataclass(frozen=True, slots=True)
class Do:
    """One step a worker can take on the spot; `big` ones stand open on the page."""

    slug: str
    verb: str
    title: str | Promise
    icon: str
    form: type[forms.Kept]
    service: Callable[..., Any]
    big: bool = False


STEPS = (
    Do("accept", "matters.accept", _("我来办"), "check", forms.Plain, services.accept, True),
    Do(
        "accept-transfer",
        "matters.accept_transfer",
        _("接收"),
        "check",
        forms.Plain,
        services.accept_transfer,
        True,
    ),
    Do("handle", "matters.handle", _("办好了"), "checks", forms.Handle, services.handle, True),
    Do(
        "verify",
        "matters.verify",
        _("核实通过"),
        "shield-check",
        forms.Verify,
        services.verify,
        True,
    ),
    Do(
        "rework",
        "matters.rework",
        _("没解决，退回"),
        "arrow-back-up",
        forms.Rework,
        services.rework,
    ),
    Do("ask", "matters.ask", _("请反映人补充"), "message-question", forms.Reason, services.ask),
    Do(
        "transfer",
        "matters.transfer",
        _("转给别的单位"),
        "transfer",
        forms.Transfer,
        services.transfer,
    ),
    Do("escalate", "matters.escalate", _("上报上级"), "arrow-up", forms.Reason, services.escalate),
    Do(
        "decline-transfer",
        "matters.decline_transfer",
        _("退回转办"),
        "arrow-back-up",
        forms.Reason,
        services.decline_transfer,
    ),
    Do("messages", "matters.message", _("留言"), "message", forms.Say, services.message),
)


def _here(request: HttpRequest) -> tuple[float, float] | None:
    """The phone's position, when the page was asked with one (`?here=lon,lat`)."""
    try:
        lon, lat = (float(part) for part in request.GET.get("here", "").split(","))
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


@needs("matters.field")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Where to go today."""
    act = act_in(request)
    stops = reads.walk(act, _here(request))
    counts = {g: sum(s.group == g for s in stops) for g in ("late", "today", "later", "undated")}
    context = {"stops": stops, "counts": counts, "verify": len(reads.to_verify(act))}
    return render(request, "matters/field/today.html", context)


@needs("matters.field")
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """What others have done and the worker may look at."""
    stops = reads.to_verify(act_in(request), _here(request))
    return render(request, "matters/field/verify.html", {"stops": stops})


@needs("matters.field")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What is still on this phone; drawn by the phone itself."""
    return render(request, "matters/field/queue.html", {})


@needs("matters.field")
def report(request: HttpRequest) -> HttpResponse:
    """Report a thing seen."""
    act = act_in(request)
    if request.method == "POST":
        form = forms.ReportForm(request.POST, request.FILES, act=act)
        if form.is_valid():
            number = _reported(act, form)
            if number:
                return HttpResponseRedirect(_to(number, "report"))
    else:
        form = forms.ReportForm(act=act)
    usual = reads.usual_classes(act)
    keywords = {c.code: list(c.keywords) for c in selectors.names().policy.classes if c.open}
    context = {"form": form, "usual": usual, "keywords": keywords}
    return render(request, "matters/field/report.html", context, status=422 if form.errors else 200)


def _reported(act: Act, form: forms.ReportForm) -> str:
    given = form.values()
    token = form.cleaned_data["token"]

    def work() -> tuple[int, dict[str, Any]]:
        photos = tuple(judged(f, "photos") for f in given.pop("photos", ()))
        made = services.report(
            act, intake=services.Intake(**given, files=photos, token=own_key(act, token))
        )
        return 201, {"number": made.number}

    asked = digest("field-report", {k: v for k, v in given.items() if k != "photos"})
    try:
        return str(once(act, token, asked, work)[1]["number"])
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return ""


def _to(number: str, done: str) -> str:
    address = reverse("matters:field_matter", kwargs={"number": number})
    return f"{address}?{urlencode({'done': done})}"


def _found(act: Act, number: str) -> Any:
    matter = selectors.find(act, number)
    if matter is None:
        raise Http404
    return matter


def _done_words(slug: str) -> str:
    if slug == "report":
        return _t("已上报，按类别和位置派给承办人。")
    step = next((s for s in STEPS if s.slug == slug), None)
    return _t("已记录：%(step)s。") % {"step": step.title} if step else ""


def _community_code(area: int) -> str:
    around = places.community_of(area)
    return places.area(around).code if around is not None else ""


def _page(
    request: HttpRequest, act: Act, matter: Any, failed: dict[str, forms.Kept] | None = None
) -> HttpResponse:
    d = selectors.detail(act, matter, public=False)
    seen = f"{matter.state}/{matter.round}"
    given = failed or {}
    steps = [
        (s, given.get(s.slug) or s.form(act=act, initial={"seen": seen}, auto_id=f"{s.slug}_%s"))
        for s in STEPS
        if d.may(s.verb)
    ]
    words = _done_words(request.GET.get("done", ""))
    context = {
        "d": d,
        "m": matter,
        "steps": steps,
        "seen": seen,
        "failed": set(given),
        "grid": places.near_name(matter.area_id),
        "community": _community_code(matter.area_id),
        "messages": [{"text": words, "tone": "good"}] if words else [],
    }
    return render(request, "matters/field/matter.html", context, status=422 if given else 200)


@needs("matters.field")
@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """One matter, with what can be done on the spot; one reported elsewhere is said to have gone there."""
    act = act_in(request)
    found = selectors.find(act, number)
    if found is not None:
        return _page(request, act, found)
    reported = "report" in (request.GET.get("done"), request.GET.get("sent"))
    if not reported or key_of(number) is None:
        raise Http404
    return render(request, "matters/field/away.html", {"number": number})


@needs("matters.field")
def act_on(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Take one step, from a form sent without a script."""
    act, step = act_in(request), next((s for s in STEPS if s.slug == slug), None)
    found = _found(act, number)
    if step is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(reverse("matters:field_matter", kwargs={"number": number}))
    form = step.form(request.POST, request.FILES, act=act, auto_id=f"{slug}_%s")
    if form.is_valid() and _stepped(act, found, step, form):
        return HttpResponseRedirect(_to(number, slug))
    return _page(request, act, found, {slug: form})


def _stepped(act: Act, matter: Any, step: Do, form: forms.Kept) -> bool:
    given, seen = form.values(), form.cleaned_data["seen"]

    def work() -> tuple[int, dict[str, Any]]:
        if seen and seen != f"{matter.state}/{matter.round}":
            raise Refusal(_("这件诉求已有变化，请看过最新情况再办。"), code="changed")
        values = dict(given)
        if "photos" in values:
            values["files"] = tuple(judged(f, "photos") for f in values.pop("photos"))
        step.service(act, matter, **values)
        return 200, {}

    asked = digest(step.verb, matter.pk, {k: v for k, v in given.items() if k != "photos"})
    try:
        once(act, form.cleaned_data["token"], asked, work)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True
