"""One matter for staff: the page, what stands around it, and every step it can take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.matters import selectors
from linli.capabilities.matters.clocks import standing
from linli.capabilities.matters.desk.drawing import drawn
from linli.capabilities.matters.desk.lists import panel, titles
from linli.capabilities.matters.desk.steps import DEEDS, Deed, deed_of
from linli.capabilities.matters.forms.desk import SHOWS, StepForm, refuse
from linli.capabilities.matters.selectors import Detail, desk
from linli.capabilities.matters.selectors.reported import reported_by
from linli.capabilities.matters.verbs import READ
from linli.capabilities.matters.words import Line
from linli.capabilities.registry.selectors.window import READ as REGISTRY
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied, Refusal
from linli.kernel.calendar.labels import term_words, why
from linli.kernel.files import selectors as files
from linli.kernel.flow import StageClock
from linli.ui.entries import Entry

CLOCK_TONES = {
    "ok": "good",
    "yellow": "warn",
    "red": "warn",
    "overdue": "bad",
    "late": "bad",
    "met": "neutral",
    "paused": "info",
    "stopped": "neutral",
}
CLOCK_WORDS = {
    "ok": _("在期限内"),
    "yellow": _("过半"),
    "red": _("快到期"),
    "overdue": _("已超期"),
    "late": _("超期完成"),
    "met": _("按时完成"),
    "paused": _("停表中"),
    "stopped": _("已停止"),
}
CLASH = (
    "flow-state",
    "not-holder",
    "already-offered",
    "not-offered",
    "gone",
    "flow-limit",
    "none",
    "pending",
)


def _opened(act: Act, number: str) -> Any:
    matter = selectors.find(act, number)
    if matter is None:
        raise Http404(_t("没有这件诉求，或它不在您的范围内。"))
    return matter


@require_safe
@needs(READ.code)
def by_key(request: HttpRequest, key: int) -> HttpResponse:
    """Lead from a row's key (a task, a notice) to its page."""
    matter = desk.opened(act_in(request), key)
    if matter is None:
        raise Http404(_t("没有这件诉求，或它不在您的范围内。"))
    return redirect("matters:desk_matter", number=matter.number)


@require_safe
@needs(READ.code)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One matter with everything around it."""
    act = act_in(request)
    matter = _opened(act, number)
    found = selectors.detail(act, matter, public=False)
    can, cannot = buttons(act, found)
    context = {
        "m": matter,
        "d": found,
        "can": can,
        "cannot": cannot,
        "clocks": [_clock(at, c, act.at) for at, c in enumerate(found.clocks)],
        "rounds": _rounds(found),
        "lines": [_entry(line) for line in reversed(found.lines)],
        "draw": lambda: drawn(found.diagram),
        "open_steps": _open_steps(found, can, cannot),
        "channel": titles()["channels"].get(matter.channel, matter.channel),
        "extra": _extra(found),
        "done": DEEDS[done].title if (done := request.GET.get("done", "")) in DEEDS else "",
    }
    return render(request, "matters/desk/matter.html", context)


def buttons(act: Act, found: Detail) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What may be done now, main steps first, and what may not with the reason."""
    can: list[dict[str, Any]] = []
    cannot: list[dict[str, Any]] = []
    titles_of = {s.verb: s.title for s in found.steps}
    for step in found.steps:
        name = step.verb.removeprefix("matters.")
        deed = deed_of(name, titles_of[step.verb])
        if deed is None or name == "message":
            continue
        if _idle(act, found, name):
            continue
        entry = {"name": name, "title": deed.title, "deed": deed, "why": step.reason}
        (can if step.allowed else cannot).append(entry)
    order = list(DEEDS)
    can.sort(
        key=lambda e: (not e["deed"].main, order.index(e["name"]) if e["name"] in order else 0)
    )
    return can, cannot


def _open_steps(found: Detail, can: list[dict[str, Any]], cannot: list[dict[str, Any]]) -> Any:
    """What the drawing of the steps depends on: the flow, which are open, and why the others are not."""
    shut = tuple((step["name"], step["why"]) for step in cannot)
    return (
        (str(connection.settings_dict["NAME"]), found.matter.policy, found.matter.code),
        tuple(step["name"] for step in can),
        shut,
    )


def _idle(act: Act, found: Detail, name: str) -> bool:
    """Whether a step would be open but has no reason now: it is neither shown nor greyed."""
    if name == "decide_extension":
        return found.wish is None
    if name in ("accept_transfer", "decline_transfer"):
        return found.offered is None
    if name == "send_down":
        return not offices.units_below(act.unit)
    if name == "explain_delay":
        return not any(c.state in ("overdue", "late") for c in found.clocks)
    return name == "urge" and found.matter.unit_id == act.unit


def _clock(at: int, clock: StageClock, now: datetime) -> dict[str, Any]:
    words = CLOCK_WORDS.get(clock.state, clock.state)
    return {
        "at": at,
        "title": clock.title,
        "round": clock.round,
        "due": clock.due,
        "met": clock.met_at,
        "tone": CLOCK_TONES.get(clock.state, "neutral"),
        "words": standing(clock, now) if clock.state == "overdue" else words,
        "opens": clock.clock is not None,
    }


def _rounds(found: Detail) -> list[tuple[int, list[tuple[Any, list[dict[str, Any]]]]]]:
    """Files by round and use, the latest round first."""
    uses = {
        "report": _("反映情况"),
        "handle": _("处理结果"),
        "verify": _("现场核实"),
        "message": _("补充材料"),
    }
    rounds: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for file in found.files:
        shown = files.shown(file["file"], file["name"], file["type"])
        rounds.setdefault(file["round"], {}).setdefault(file["use"], []).append(shown)
    return [
        (number, [(uses.get(use, use), album) for use, album in parts.items()])
        for number, parts in sorted(rounds.items(), reverse=True)
    ]


def _entry(line: Line) -> Entry:
    who = "" if line.public else _t("仅工作人员可见")
    return Entry(line.title, line.when, who, line.text, line.tone)


def _extra(found: Detail) -> list[tuple[str, str]]:
    """The fields that only this item asks for, by their labels."""
    fields = {"system": _t("哪个系统发现的")}
    fields |= {f.name: f.label for f in getattr(found.entry, "fields", ())}
    pairs = []
    for name, value in found.matter.answers.items():
        if name == "materials":
            continue
        words = (_t("是") if value else _t("否")) if isinstance(value, bool) else str(value)
        pairs.append((fields.get(name, name), words))
    return pairs


@require_safe
@needs(READ.code)
def around(request: HttpRequest, number: str) -> HttpResponse:
    """Other matters of the same person, and look-alikes nearby: asked for after the page is drawn."""
    act = act_in(request)
    matter = _opened(act, number)
    alike = selectors.lookalikes(
        code=matter.code,
        words=f"{matter.title} {matter.body}",
        community=matter.community,
        lon=matter.lon,
        lat=matter.lat,
        now=act.at,
    )
    context = {
        "m": matter,
        "same": desk.beside(act, matter),
        "alike": [a for a in alike if a.key != matter.pk],
        "may_merge": act.may("matters.merge") and matter.closed is None,
    }
    return panel_part(request, "around", _("相关诉求"), context)


def panel_part(
    request: HttpRequest, part: str, title: Any, context: dict[str, Any]
) -> HttpResponse:
    """A part by itself for htmx, or as a page."""
    if getattr(request, "htmx", False):
        return render(request, f"matters/desk/_{part}.html", context)
    return panel(request, part, str(title), context)


@require_safe
@needs(READ.code)
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody of the registry has reported: a part of their page."""
    act = act_in(request)
    rows = reported_by(act, pk) if act.may(REGISTRY.code) and pk < 2**62 else None
    if rows is None:
        raise Http404(_t("没有这个人，或不在您的范围内。"))
    return panel_part(request, "of_person", _("反映过的诉求"), {"rows": rows})


@require_safe
@needs(READ.code)
def point(request: HttpRequest, number: str) -> HttpResponse:
    """Where it is, for the small map."""
    m = _opened(act_in(request), number)
    features = []
    if m.lon is not None and m.lat is not None:
        shape = {"type": "Point", "coordinates": [m.lon, m.lat]}
        told = {"title": m.title, "text": m.address, "tone": "info"}
        features.append({"type": "Feature", "geometry": shape, "properties": told})
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_safe
@needs(READ.code)
def clock(request: HttpRequest, number: str, at: int) -> HttpResponse:
    """A clock opened: which days were counted and why."""
    act = act_in(request)
    matter = _opened(act, number)
    clocks = selectors.detail(act, matter, public=False).clocks
    if not 0 <= at < len(clocks):
        raise Http404(_t("没有这个时钟。"))
    stage = clocks[at]
    due = stage.clock.due() if stage.clock else None
    context = {
        "m": matter,
        "stage": stage,
        "due": due,
        "term": term_words(stage.clock.term) if stage.clock else "",
        "stands": standing(stage, act.at),
        "days": [(d, why(d)) for d in due.counted] if due else [],
    }
    return panel(request, "clock", _t("%(title)s怎么算的") % {"title": stage.title}, context)


@needs(READ.code)
def step(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Any step of a matter: its form, then its service; a refusal keeps what was typed."""
    act = act_in(request)
    matter = _opened(act, number)
    deed = deed_of(verb)
    if deed is None:
        raise Http404(_t("没有这个办理动作。"))
    if not act.may(deed.verb):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": deed.title})
    form = _form(request, act, matter, deed)
    if request.method == "POST" and form.is_valid():
        try:
            result = deed.run(act, matter, form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal, _by_whom(act, matter, refusal))
        else:
            return _after(request, matter, verb, result)
    context = {"m": matter, "form": form, "deed": deed, "verb": verb, "next": _next(request)}
    status = 422 if form.errors else 200
    return panel(request, "step", str(deed.title), context, status)


def _form(request: HttpRequest, act: Act, matter: Any, deed: Deed) -> StepForm:
    offered = deed.choices(act, matter)
    if request.method == "POST":
        return deed.form(request.POST, request.FILES, **offered)
    form = deed.form(**offered)
    for name in form.fields.keys() & request.GET.keys():
        form.initial[name] = request.GET[name][:200]
    return form


def _by_whom(act: Act, matter: Any, refusal: Refusal) -> str:
    """When somebody was quicker: who, what and when."""
    last = desk.last_doing(matter) if refusal.code in CLASH else None
    if last is None or not last.who:
        return ""
    deed = deed_of(last.verb.removeprefix("matters."))
    words = {
        "who": f"{last.unit}{last.who}",
        "what": deed.title if deed else last.verb,
        "at": timezone.localtime(last.at).strftime("%H:%M"),
    }
    return _t("%(who)s 已在 %(at)s 办了“%(what)s”。") % words


def _next(request: HttpRequest) -> str:
    """Where to go back to: one of our own lists, by name."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    return asked if asked in ("day", "overdue") else ""


def _after(request: HttpRequest, matter: Any, verb: str, result: object) -> HttpResponse:
    if verb == "reveal":  # shown once, on this answer only; kept nowhere
        response = panel(request, "clear", _t("完整信息"), {"m": matter, "value": str(result)})
        response.headers["Cache-Control"] = "no-store"
        return response
    back = _next(request)
    if back:
        return HttpResponseRedirect(reverse(f"matters:{back}"), status=303)
    if selectors.find(act_in(request), matter.number) is None:
        return HttpResponseRedirect(f"{reverse('matters:list')}?show={SHOWS[0]}", status=303)
    address = reverse("matters:desk_matter", args=[matter.number])
    return HttpResponseRedirect(f"{address}?done={verb}", status=303)
