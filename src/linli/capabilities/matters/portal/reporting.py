"""Report something: one page, its fragments, and the step that shows look-alikes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.forms.placing import Chosen, choose, rungs
from linli.capabilities.matters.forms.portal import ReportForm, refuse
from linli.capabilities.matters.portal.hallway import draw, see, send, take_photos, tell, waiting
from linli.capabilities.matters.rules import entry_of
from linli.capabilities.matters.selectors import resident, suggestions
from linli.kernel.access.doors import act_in, needs, public
from linli.kernel.acts import Act, Refusal
from linli.kernel.files.staging import thumbnail
from linli.kernel.places import selectors as places

GUESSED = _("我们猜是“%(title)s”，请看对不对；不对就另选一个，再点提交。")
GONE = _("那件诉求已经办结或不公开，请直接提交您的。")
SIGN_IN = _("登录后才能加入，办结时好告诉您；也可以不登录，直接提交您的。")
UNSAID = _("请选一个类别；拿不准就选“%(title)s”。")


@needs("matters.report")
def report(request: HttpRequest) -> HttpResponse:
    """What happened, where, and a photo: recorded once."""
    act = act_in(request)
    if request.method != "POST":
        return _fresh(request, act)
    if request.POST.get("do") == "areas":
        return _page(request, _form(initial=request.POST.dict()))
    if request.POST.get("join"):
        return _join(request, act, request.POST["join"])
    return _taken(request, act)


def _form(*args: Any, **kwargs: Any) -> ReportForm:
    return ReportForm(*args, policy=selectors.names().policy, **kwargs)


def _fresh(request: HttpRequest, act: Act) -> HttpResponse:
    code = request.GET.get("class", "")[:40]
    policy = selectors.names().policy
    if policy.item(code):
        return see(reverse("matters:service", kwargs={"code": code}))
    known = policy.event_class(code)
    form = _form(
        initial={
            "code": known.code if known else "",
            "title": request.GET.get("q", "")[:120],
            "token": uuid4(),
        }
    )
    home = resident.home_of(act)
    return _page(request, form, picked=places.area(home).code if home else "")


def _picked(request: HttpRequest) -> str:
    given = (
        request.POST.get(n, "") or request.GET.get(n, "")
        for n in ("community", "street", "district")
    )
    return next((code[:20] for code in given if code), "")


def _page(
    request: HttpRequest,
    form: ReportForm,
    *,
    picked: str = "",
    status: int = 200,
    found: list[selectors.Alike] | None = None,
) -> HttpResponse:
    code = str(form["code"].value() or "")
    token = str(form["token"].value() or "")
    entry = entry_of(selectors.names().policy, code)
    chips = [suggestions.guess_of(entry)] if entry else []
    words = f"{form['title'].value() or ''} {form['body'].value() or ''}"
    chips += [g for g in suggestions.guesses(words) if g.code != code]
    policy = selectors.names().policy
    context = {
        "form": form,
        "chips": chips,
        "chosen": code,
        "shelves": [s for s in resident.shelves("classes") if any(e.open for e in s.entries)],
        "rungs": rungs(_picked(request) or picked),
        "alike": found or [],
        "waiting": waiting(request, token),
        "fallback": policy.event_class(policy.fallback_class),
        "photos": policy.photos,
    }
    return draw(request, "report", context, status)


def _taken(request: HttpRequest, act: Act) -> HttpResponse:
    form = _form(request.POST, request.FILES)
    form.is_valid()
    most = selectors.names().policy.photos.count
    files = take_photos(request, form, request.POST.get("token", "")[:40], most)
    _check_code(form, act)
    if files and "address" in form.errors and form.place is None:
        form = _placed_by_photo(request, form, files)
    if form.errors:
        return _page(request, form, status=422)
    assert form.place is not None
    if not request.POST.get("seen") and (found := _alike(act, form.cleaned_data, form.place)):
        return _page(request, form, found=found)
    try:
        matter = send(request, act, _intake(act, form, form.place, tuple(files)))
    except Refusal as refusal:
        refuse(form, refusal)
        return _page(request, form, status=422)
    return see(reverse("matters:report_receipt", kwargs={"number": matter.number}))


def _check_code(form: ReportForm, act: Act) -> None:
    """A category must be chosen by the person; we only propose."""
    policy = selectors.names().policy
    cleaned = getattr(form, "cleaned_data", {})
    entry = entry_of(policy, cleaned.get("code", ""))
    if entry is None and "title" in cleaned:
        found = suggestions.guesses(f"{cleaned['title']} {cleaned.get('body', '')}")
        fallback = policy.event_class(policy.fallback_class)
        title = fallback.title if fallback else ""
        form.add_error(
            "code", GUESSED % {"title": found[0].title} if found else UNSAID % {"title": title}
        )
        if found:
            form.data = {**dict(form.data.items()), "code": found[0].code}
    elif (
        entry is not None and not entry.anonymous and not act.signed_in and not cleaned.get("phone")
    ):
        form.add_error(
            "phone", _("“%(title)s”要实名，请留下联系电话，或先登录。") % {"title": entry.title}
        )


def _placed_by_photo(request: HttpRequest, form: ReportForm, files: list[Any]) -> ReportForm:
    """Nothing said where, but a photo notes it: fill it in, and let the person confirm."""
    hint = next((clean.hint for clean in files if clean.hint), None)
    if hint is None or form.cleaned_data.get("lon") is not None:
        return form
    try:
        where_ = choose(lon=hint.lon, lat=hint.lat)
    except Refusal:
        return form
    noted = {"lon": str(hint.lon), "lat": str(hint.lat)}
    form.data = {**request.POST.dict(), **noted}
    del form.errors["address"]
    form.add_error(
        "address",
        _("照片里记着拍摄位置“%(area)s”，已替您填上；对的话请再点提交。") % {"area": where_.words},
    )
    return form


def _intake(act: Act, form: ReportForm, place: Chosen, files: tuple[Any, ...]) -> services.Intake:
    given = form.cleaned_data
    return services.Intake(
        code=given["code"],
        title=given["title"],
        body=given["body"],
        area=place.area.id,
        address=given["address"],
        lon=place.lon,
        lat=place.lat,
        reporter_name=act.name if act.signed_in else given["name"],
        phone=given["phone"],
        anonymous=given["anonymous"],
        token=given["token"],
        files=files,
    )


def _alike(act: Act, given: dict[str, Any], place: Chosen) -> list[selectors.Alike]:
    found = selectors.lookalikes(
        code=given.get("code", ""),
        words=f"{given.get('title', '')} {given.get('body', '')}",
        community=places.community_of(place.area.id),
        lon=place.lon,
        lat=place.lat,
        now=act.at,
    )
    return resident.marked_own(act, found)


def _join(request: HttpRequest, act: Act, key: str) -> HttpResponse:
    """“Me too”: nothing new is recorded, the neighbour is told when it is done."""
    known = key.isdigit() and len(key) < 19 and resident.is_public(int(key))
    if not known or not act.signed_in:
        form = _form(request.POST)
        form.is_valid()
        form.errors.clear()
        form.add_error(None, GONE if not known else SIGN_IN)
        return _page(request, form, status=422)
    services.follow(act, number=int(key))
    request.session.pop("staged", None)
    tell(request, _("已加入。办结时我们会告诉您，不用重复提交。"))
    return see(reverse("matters:mine") + "?show=joined")


@needs("matters.report")
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Fragment: the likeliest categories of the words so far."""
    words = f"{request.GET.get('title', '')[:120]} {request.GET.get('body', '')[:4000]}"
    chosen = request.GET.get("code", "")[:40]
    entry = entry_of(selectors.names().policy, chosen)
    chips = suggestions.guesses(words)
    picked_by_hand = entry is not None and request.GET.get("picked") == "hand"
    if entry is not None and picked_by_hand:
        chips = [suggestions.guess_of(entry), *(g for g in chips if g.code != chosen)][:3]
    elif chips:
        chosen = chips[0].code
    elif entry is not None:
        chips = [suggestions.guess_of(entry)]
    return render(request, "matters/portal/_chips.html", {"chips": chips, "chosen": chosen})


def _place_from(request: HttpRequest) -> Chosen:
    def number(name: str) -> float | None:
        try:
            return float(request.GET.get(name, ""))
        except ValueError:
            return None

    return choose(
        lon=number("lon"),
        lat=number("lat"),
        address=request.GET.get("address", "")[:200],
        picked=_picked(request),
        datum=request.GET.get("datum", "")[:10],
    )


@needs("matters.report")
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Fragment: which community a place belongs to, or what is wrong with it."""
    context: dict[str, Any] = {"found": None, "wrong": ""}
    try:
        context["found"] = _place_from(request)
    except Refusal as refusal:
        context["wrong"] = (
            "" if refusal.code == "nowhere" and not request.GET.get("address") else str(refusal)
        )
    return render(request, "matters/portal/_place.html", context)


@needs("matters.report")
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Fragment: the selects from district down to community."""
    return render(request, "matters/portal/_areas.html", {"rungs": rungs(_picked(request))})


@needs("matters.report")
@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """Fragment: open matters nearby that look like this one."""
    act = act_in(request)
    given = {n: request.GET.get(n, "")[:4000] for n in ("code", "title", "body")}
    try:
        found = _alike(act, given, _place_from(request)) if given["title"] else []
    except Refusal:
        found = []
    return render(request, "matters/portal/_alike.html", {"alike": found})


@public
@require_safe
def photo(request: HttpRequest, digest: str) -> HttpResponse:
    """The small picture of an upload that waits in this browser's form."""
    kept = request.session.get("staged") or {}
    mine = next((f for f in kept.get("files", []) if f["digest"] == digest), None)
    small = thumbnail(mine) if mine else None
    if small is None:
        raise Http404
    return HttpResponse(small, content_type="image/webp", headers={"Cache-Control": "private"})
