"""The window: anyone's need taken once; who is known is not asked again (R101, R102)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission.selectors import registers
from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.forms.desk import refuse
from linli.capabilities.matters.forms.window import PAPERS, SAMPLE_ID, IntakeForm, WhoForm
from linli.capabilities.matters.rules import Entry, entry_of
from linli.capabilities.matters.selectors import desk, suggestions
from linli.capabilities.matters.selectors.desk import Known
from linli.capabilities.matters.services import receipts
from linli.capabilities.matters.verbs import WINDOW
from linli.capabilities.registry.selectors.window import Resident
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import finding
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level, level_of
from linli.kernel.vault.sealed import Sealed
from linli.ui import scanning

FINE = (Level.COMMUNITY, Level.GRID)


@needs(WINDOW.code)
def window(request: HttpRequest) -> HttpResponse:
    """Who is it, then what is it: both on one address, nothing of a person in it."""
    parts = {"who": _who, "person": _person, "refresh": _refresh, "submit": _submit}
    part = request.POST.get("part", "") if request.method == "POST" else ""
    if part in parts:
        return parts[part](request)
    if request.GET.get("anyone"):
        return _intake_page(request, _fresh(request, {}), Known())
    return _who_page(request, WhoForm(today=timezone.localdate()))


def _who_page(
    request: HttpRequest, form: WhoForm, people: list[Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "people": people, "sample": SAMPLE_ID if settings.DEMO else ""}
    return render(request, "matters/desk/window.html", context, status=status)


def _who(request: HttpRequest) -> HttpResponse:
    """Understand the one box."""
    act = act_in(request)
    form = WhoForm(request.POST, today=timezone.localdate(act.at))
    if not form.is_valid() or form.asked is None:
        return _who_page(request, form, status=422)
    asked = form.asked
    if asked.kind == "name":
        return _who_page(request, form, desk.namesakes(act, asked.value))
    known = desk.known_by(act, **{asked.kind: asked.value})
    return _intake_page(request, _fresh(request, {asked.kind: asked.value}, known), known)


def _person(request: HttpRequest) -> HttpResponse:
    """Go on with one of the namesakes, or with a name that nobody bears yet."""
    key = request.POST.get("account", "")
    known = (
        desk.known_account(act_in(request), int(key))
        if key.isdecimal() and len(key) < 19
        else Known()
    )
    typed = {"name": request.POST.get("name", "")[:40]}
    return _intake_page(request, _fresh(request, typed, known), known)


def _fresh(request: HttpRequest, typed: dict[str, str], known: Known | None = None) -> IntakeForm:
    """An empty form with what is known; protected values stay sealed and are taken over on sending."""
    act, source = act_in(request), known.source if known else None
    initial: dict[str, Any] = {**typed, "token": uuid4(), "area": _home(act)}
    if known and known.account:
        initial["account"] = known.account.pk
        if known.account.home_id and act.sees(known.account.home_id):
            initial["area"] = known.account.home_id
    if source is not None:
        initial |= {"source": source.pk, "address": source.address, "area": source.area_id}
    if known and known.resident:
        initial |= _from_registry(act, known.resident)
    initial["system"] = request.GET.get("system", "")[:18]
    return IntakeForm(
        initial=initial, entry=None, today=timezone.localdate(act.at), systems=_systems(act)
    )


def _systems(act: Act) -> list[tuple[int, str]]:
    """The systems of a community, one of which may have found it (R100)."""
    if not any(level_of(span.lo) in FINE for span in act.spans):
        return []
    return [(each.pk, each.title) for each in registers.systems(act)]


def _from_registry(act: Act, resident: Resident) -> dict[str, Any]:
    """Where somebody of the registry lives; name and phone stay behind their key until the form is sent."""
    found: dict[str, Any] = {"resident": resident.id}
    if resident.address:
        found["address"] = resident.address
    if resident.area is not None and act.sees(resident.area):
        found["area"] = resident.area
    return found


def _home(act: Act) -> int | str:
    """A community's window begins with the community."""
    fine = [s.lo for s in act.spans if level_of(s.lo) in FINE]
    return fine[0] if fine else ""


def _bound(request: HttpRequest) -> tuple[IntakeForm, Known]:
    act = act_in(request)
    entry = entry_of(selectors.names().policy, request.POST.get("code", ""))
    form = IntakeForm(
        request.POST,
        request.FILES,
        entry=entry,
        today=timezone.localdate(act.at),
        systems=_systems(act),
    )
    return form, _known(act, request)


def _known(act: Act, request: HttpRequest) -> Known:
    """Whom the form is about, looked up again: nothing is believed from the browser."""
    phone, number = request.POST.get("phone", ""), request.POST.get("id_number", "")
    account, source = _sent(request, "account"), _sent(request, "source")
    if source is not None:
        matter = desk.opened(act, source)
        if matter is not None:
            return desk.known_from(act, matter)
    if account is not None:
        return desk.known_account(act, account)
    if (resident := _sent(request, "resident")) is not None:
        return desk.known_resident(act, resident)
    return desk.known_by(act, phone=phone, id_number=number) if phone or number else Known()


def _sent(request: HttpRequest, name: str) -> int | None:
    """A key that a hidden field carries."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else None


def _refresh(request: HttpRequest) -> HttpResponse:
    """Draw the form anew after words or item have changed; nothing is judged yet."""
    form, known = _bound(request)
    values = {name: form.data.get(name, "") for name in form.fields}
    plain = IntakeForm(
        initial=values, entry=form.entry, today=form.today, systems=_systems(act_in(request))
    )
    for flag in ("anonymous", "sure"):
        plain.initial[flag] = bool(values.get(flag))
    return _intake_page(request, plain, known, papers=request.POST)


def _submit(request: HttpRequest) -> HttpResponse:
    act = act_in(request)
    form, known = _bound(request)
    if form.is_valid():
        alike = [] if form.cleaned_data["sure"] else _alike(act, form, known)
        if alike:
            return _intake_page(request, form, known, papers=request.POST, alike=alike, status=422)
        try:
            token: UUID = form.cleaned_data["token"]
            matter = services.report(
                act, intake=_intake(act, form, known), query_code=receipts.code_of(token)
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return HttpResponseRedirect(
                reverse("matters:receipt", args=[matter.number]), status=303
            )
    return _intake_page(request, form, known, papers=request.POST, status=422)


def _place(act: Act, form: IntakeForm) -> int:
    """The area chosen, else the one the address names, else the window's own community."""
    chosen, address = form.cleaned_data["area"], form.cleaned_data["address"]
    if chosen is not None and chosen in places.tree().by_id:
        return int(chosen)
    if finding.elsewhere(address):
        words = _("这个地址不在本市；要是本市的事，请在“所在地”里选一个。")
        raise Refusal(words, field="address", code="outside")
    home = _home(act)
    near = places.area(int(home)) if home else None
    for span in act.spans:
        if (area := finding.told(address, within=span, near=near).area) is not None:
            return int(area.pk)
    if home:
        return int(home)
    raise Refusal(_("没认出是哪个社区，请在“所在地”里选一个。"), field="area", code="no-area")


def _alike(act: Act, form: IntakeForm, known: Known) -> list[dict[str, Any]]:
    """The same person's open matter of the same item, or a look-alike in the community (R116)."""
    data = form.cleaned_data
    own = [
        {"number": r.number, "title": r.title, "why": _("本人正在办的同一事项")}
        for r in known.open_rows
        if r.code == data["code"]
    ]
    try:
        community = places.community_of(_place(act, form))
    except Refusal:
        return own
    found = selectors.lookalikes(
        code=data["code"],
        words=f"{data['title']} {data['body']}",
        community=community,
        lon=None,
        lat=None,
        now=act.at,
    )
    if form.papers:  # applications of different people are never the same thing
        return own
    told = {o["number"] for o in own}
    return own + [
        {"number": a.number, "title": a.title, "why": _("同一社区相似的诉求")}
        for a in found
        if a.number not in told
    ]


def _intake(act: Act, form: IntakeForm, known: Known) -> services.Intake:
    data, source, account = form.cleaned_data, known.source, known.account
    resident = known.resident

    def kept(name: str, column: str, held: Sealed | None = None) -> str:
        sealed = getattr(source, column, None) or held
        return str(data[name] or (sealed.open() if sealed is not None else ""))

    phone = kept("phone", "phone", resident.phone if resident else None)
    if not phone and account is not None and account.phone is not None:
        phone = account.phone.open()
    return services.Intake(
        code=data["code"],
        title=data["title"],
        body=data["body"],
        area=_place(act, form),
        address=data["address"],
        answers=form.answers(),
        reporter=account.pk if account is not None else (resident.account if resident else None),
        reporter_name=kept("name", "reporter_name") or known.name,
        phone=phone,
        id_number=kept("id_number", "id_number", resident.document if resident else None),
        anonymous=data["anonymous"],
        agent=data["agent"],
        token=data["token"],
        files=data["photos"],
        system=data.get("system"),
    )


def _intake_page(
    request: HttpRequest,
    form: IntakeForm,
    known: Known,
    *,
    papers: Any = None,
    alike: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    act = act_in(request)
    words = f"{form['title'].value() or ''} {form['body'].value() or ''}"
    context = {
        "form": form,
        "known": known,
        "entry": form.entry,
        "guesses": suggestions.guesses(words) if words.strip() else [],
        "catalogue": _catalogue(),
        "papers": _papers(form, known, papers),
        "ways": PAPERS,
        "areas": _areas(act),
        "alike": alike or [],
    }
    return render(request, "matters/desk/intake.html", context, status=status)


def _papers(form: IntakeForm, known: Known, sent: Any) -> list[dict[str, Any]]:
    """The checklist: what is on file and may be used again is ticked already."""
    rows = []
    for at, paper in form.papers:
        on = known.materials.get(paper.name) if paper.can_reuse else None
        said = (sent or {}).get(f"paper-{at}") or ("reused" if on else "given")
        rows.append({"at": at, "paper": paper, "on": on, "said": said})
    return rows


def _catalogue() -> list[tuple[str, list[tuple[str, str]]]]:
    policy = selectors.names().policy
    both: list[Entry] = [*policy.items, *policy.classes]
    groups = sorted(policy.groups, key=lambda g: (g.kind != "items", g.order))
    return [
        (g.title, [(e.code, e.title) for e in both if e.open and e.group == g.code]) for g in groups
    ]


def _areas(act: Act) -> list[tuple[int, str]]:
    """The actor's own communities and grids; above a street the address decides."""
    rows: list[tuple[int, str]] = []
    for span in act.spans:
        if span.lo not in places.tree().by_id:
            continue
        here = places.area(span.lo)
        below = places.children(here)
        fine = [a for a in (here, *below) if level_of(a.pk) in FINE]
        rows += [(a.pk, a.name) for a in fine]
    return rows


@require_safe
@needs(WINDOW.code)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The slip to take home: number, query code, promise, what is still missing."""
    act = act_in(request)
    matter = selectors.find(act, number)
    if matter is None:
        raise Http404(_t("没有这件诉求，或它不在您的范围内。"))
    found = selectors.detail(act, matter, public=True)
    address = scanning.address(request, reverse("matters:query"))
    context = {
        "m": matter,
        "address": address,
        "picture": scanning.picture(f"{address}?number={matter.number}"),
        "d": found,
        "code": receipts.printed(matter.token, matter.visitor),
        "missing": [
            p["name"] for p in matter.answers.get("materials", ()) if p["how"] == "missing"
        ],
    }
    return render(request, "matters/desk/receipt.html", context)
