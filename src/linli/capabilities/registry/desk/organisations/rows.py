"""What can be done with one post or one station of an organisation: amended, judged, ended."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.organisations.steps import back_to, found
from linli.capabilities.registry.forms import bodies, records
from linli.capabilities.registry.forms.people import StepForm
from linli.capabilities.registry.policy import Checklist, Judged
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors import organisations as reads
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.asking import asked, sent
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied

POSTS = {
    "amend": "registry.organisation.amend_post",
    "assess": "registry.assess",
    "mend": "registry.organisation.mend_post",
    "report": "registry.organisation.report_post",
}
PLACES = {"promise": "registry.organisation.promise", "assess": "registry.organisation.assess"}


def _granted(act: Act, verb: str | None) -> None:
    if verb is None:
        raise Http404(_t("没有这一步。"))
    if not act.may(verb):
        raise Denied(_("您没有这一步的权限。"))


def _holding(act: Act, one: Any, key: int) -> Any:
    present = reads.holdings(one, timezone.localdate(act.at))
    held = next((each for each in present if each.pk == key), None)
    if held is None:
        raise Http404(_t("没有这条任职。"))
    return held


def _station(one: Any, key: int) -> Any:
    stands = next((each for each in reads.stations(one) if each.pk == key), None)
    if stands is None:
        raise Http404(_t("没有这个驻点。"))
    return stands


def _asking(
    request: HttpRequest, codes: tuple[str, ...], kept: dict[str, Any]
) -> bodies.AskingForm:
    known = kinds.section().attribute_by_code
    return bodies.AskingForm(sent(request), asked=[known[code] for code in codes], initial=kept)


def _checklist(act: Act, of: Judged, code: str) -> Checklist:
    """The first list in force that judges a post or a way of being there."""
    for each in kinds.section().checklists_of(of, timezone.localdate(act.at)):
        if code in (*each.posts, *each.stations):
            return each
    raise Http404(_t("没有评定这一项的清单。"))


@needs(READ.code)
def post(request: HttpRequest, pk: int, key: int, verb: str) -> HttpResponse:
    """Amend what a post asks of its holder, or judge the holder."""
    act = act_in(request)
    one = found(act, pk)
    held = _holding(act, one, key)
    _granted(act, POSTS.get(verb))
    if verb == "assess":
        return _judge(request, one, held, Judged.HOLDING)
    if verb == "mend":
        return _mend(request, one, held)
    if verb == "report":
        return _report(request, one, held)
    codes = kinds.section().post_by_code[held.post].asks
    form = _asking(request, codes, held.more)

    def run(data: dict[str, Any]) -> None:
        services.posts.amend(act, held, answers=data["answers"])

    title = _t("%(name)s：%(what)s") % {"name": held.name, "what": _t("任职资料")}
    return asked(request, form, run, title=title, back=back_to(pk))


@needs(READ.code)
def place(request: HttpRequest, pk: int, key: int, verb: str) -> HttpResponse:
    """Amend what a station asks for, or judge the unit."""
    act = act_in(request)
    one = found(act, pk)
    stands = _station(one, key)
    _granted(act, PLACES.get(verb))
    if verb == "assess":
        return _judge(request, one, stands, Judged.STATION)
    form = _asking(request, kinds.section().station_by_code[stands.kind].asks, stands.more)

    def run(data: dict[str, Any]) -> None:
        services.posts.promise(act, stands, answers=data["answers"])

    title = _t("%(name)s在%(area)s：认领和承诺") % {"name": one.name, "area": stands.area.name}
    return asked(request, form, run, title=title, back=back_to(pk))


def _mend(request: HttpRequest, one: Any, held: Any) -> HttpResponse:
    act = act_in(request)
    names = ("name", "sex", "political", "part_time", "term", "since", "until")
    initial = {name: getattr(held, name) for name in names}
    form = bodies.MendForm(sent(request), known=held.person_id is not None, initial=initial)

    def run(data: dict[str, Any]) -> None:
        services.posts.mend(act, held, changes=data)

    title = _t("%(name)s：%(what)s") % {"name": held.name, "what": _t("更正任职")}
    hint = _t("换了人，先免去再登记新的任职。")
    return asked(request, form, run, title=title, back=back_to(one.pk), hint=hint)


def _report(request: HttpRequest, one: Any, held: Any) -> HttpResponse:
    act = act_in(request)

    def run(_data: dict[str, Any]) -> None:
        services.filings.report(act, held)

    title = _t("%(name)s：%(what)s") % {"name": held.name, "what": _t("报送备案")}
    hint = _t("报送以后，由上级备案或退回。")
    return asked(
        request, StepForm(sent(request)), run, title=title, back=back_to(one.pk), hint=hint
    )


def _judge(request: HttpRequest, one: Any, subject: Any, of: Judged) -> HttpResponse:
    act = act_in(request)
    checklist = _checklist(act, of, subject.post if of is Judged.HOLDING else subject.kind)
    verb = services.assessments.assess if of is Judged.HOLDING else services.assessments.assess_unit
    last = reads.judged(subject).get(subject.pk)
    year = timezone.localdate(act.at).year
    initial = {"year": year, "met": last.met if last else [], "note": last.note if last else ""}
    form = bodies.AssessForm(sent(request), checklist=checklist, initial=initial)

    def run(data: dict[str, Any]) -> None:
        verb(act, subject, checklist=checklist.code, **data)

    name = subject.name if of is Judged.HOLDING else one.name
    return asked(
        request,
        form,
        run,
        title=_t("%(name)s：%(what)s") % {"name": name, "what": checklist.title},
        back=back_to(one.pk),
        hint=_t("%(document)s：%(clause)s")
        % {"document": checklist.source.document, "clause": checklist.source.clause},
    )


@needs("registry.organisation.unhold")
def unhold(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """End somebody's post."""
    act = act_in(request)
    one = found(act, pk)
    holding = _holding(act, one, key)

    def run(data: dict[str, Any]) -> None:
        services.posts.unhold(act, holding, **data)

    return asked(
        request,
        records.EndForm(sent(request)),
        run,
        title=_t("免去%(name)s的任职") % {"name": holding.name},
        back=back_to(pk),
        danger=True,
    )


@needs("registry.organisation.unstation")
def unstation(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """End a station."""
    act = act_in(request)
    one = found(act, pk)
    station = _station(one, key)

    def run(data: dict[str, Any]) -> None:
        services.posts.unstation(act, station, **data)

    return asked(
        request,
        records.EndForm(sent(request)),
        run,
        title=_t("撤销在%(area)s的驻点") % {"area": station.area.name},
        back=back_to(pk),
        danger=True,
    )
