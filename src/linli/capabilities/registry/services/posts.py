"""Verbs of where an organisation is at work and who holds its posts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Building,
    Estate,
    Filing,
    Holding,
    Organisation,
    Person,
    Station,
)
from linli.capabilities.registry.policy import StationKind
from linli.capabilities.registry.rules.days import not_before
from linli.capabilities.registry.rules.organisations import Term
from linli.capabilities.registry.rules.people import proper_name
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.organisations import founded
from linli.capabilities.registry.services import filings, rows
from linli.kernel.acts import Act, Refusal, action

COLUMNS = frozenset(("sex", "political", "term"))
OWN = frozenset(("name", "sex", "political"))
MENDED = OWN | {"part_time", "term", "since", "until"}


@action("registry.organisation.station", title=_("登记组织驻点"), codes=("kind",))
def station(
    act: Act,
    organisation: Organisation,
    *,
    kind: str,
    area: int | None = None,
    building: int | None = None,
    estate: int | None = None,
    host: int | None = None,
    since: date | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Station:
    """Say where an organisation is at work besides its own area (R016, R020, R030, R218, R219).

    In a community, grid, estate or building, or in the house of another: an incubator, a federation.
    """
    if organisation.until is not None:
        raise Refusal(_("“%(name)s”已终止。") % {"name": organisation.name}, code="ended")
    known = kinds.section().station_by_code.get(kind)
    if known is None:
        raise Refusal(_("没有这一种驻点。"), field="kind", code="kind")
    stands = {
        "building": _one(Building, building, "building", _("没有这栋楼。")),
        "estate": _one(Estate, estate, "estate", _("没有这个小区。")),
        "host": _host(organisation, known, host),
    }
    wanted = next((each.area_id for each in stands.values() if each is not None), area)
    if wanted is None:
        raise Refusal(_("请选社区、网格或楼栋。"), field="area", code="required")
    there = {"area_id": rows.area_in_sight(act, wanted).pk, "kind": kind, **stands}
    if organisation.stations.filter(until__isnull=True, **there).exists():
        raise Refusal(_("这个驻点已经登记。"), field="area", code="twice")
    more = rows.answered(known.asks, answers or {})
    begun = rows.past_day(act, since)
    if stands["host"] is not None:
        not_before(begun, stands["host"].since, "since")
    return Station.objects.create(organisation=organisation, since=begun, more=more, **there)


def _one(model: type[Any], key: int | None, field: str, missing: Any) -> Any:
    """A present building or estate in sight; nothing where none was named."""
    if key is None:
        return None
    found = model.objects.filter(pk=key, until__isnull=True).first()
    if found is None:
        raise Refusal(missing, field=field, code=field)
    return found


def _host(organisation: Organisation, kind: StationKind, host: int | None) -> Organisation | None:
    """Who takes it in, where the way of being there asks for one."""
    if not kind.hosts:
        return None
    found: Organisation | None = _one(Organisation, host, "host", _("没有这个组织，或已终止。"))
    if found is None or found.kind not in kind.hosts or found.pk == organisation.pk:
        raise Refusal(_("请选进驻或加入的组织。"), field="host", code="host")
    return found


@action("registry.organisation.promise", title=_("登记认领和承诺"))
def promise(act: Act, stands: Station, *, answers: Mapping[str, Any]) -> Station:
    """Keep what a stationed unit commits to and shares (R016)."""
    known = kinds.section().station_by_code.get(stands.kind)
    more = rows.answered(known.asks if known else (), answers, stands.more)
    return rows.changed(stands, {"more": more})


@action("registry.organisation.unstation", title=_("撤销组织驻点"))
def unstation(act: Act, stands: Station, *, on: date | None = None) -> Station:
    """End a station."""
    return rows.changed(stands, {"until": _end_day(act, stands.since, on)})


def _end_day(act: Act, since: date | None, on: date | None) -> date:
    day = rows.past_day(act, on, "on")
    if since is not None and day < since:
        raise Refusal(_("结束日期早于开始日期。"), field="on", code="order")
    return day


@action("registry.organisation.hold", title=_("登记任职"), codes=("post", "term"))
def hold(
    act: Act,
    organisation: Organisation,
    /,
    *,
    post: str,
    name: str = "",
    person: int | None = None,
    part_time: bool = False,
    delegate_of: int | None = None,
    term: int | None = None,
    since: date | None = None,
    until: date | None = None,
    answers: Mapping[str, Any] | None = None,
    **values: Any,
) -> Holding:
    """Say who holds a post, full-time or not, for which term, delegated by whom, with what the post asks (R005, R025, R028).

    The person may be known to the registry or only by name; nobody holds the same post of a body twice on one day.
    """
    rows.allowed(values, COLUMNS)
    asked = kinds.section().post_by_code.get(post)
    begun = rows.past_day(act, since)
    _not_before_it(organisation, begun)
    held = place(
        organisation,
        post,
        name=name if person is not None else proper_name(name),
        person=_person(person),
        delegate_of_id=_delegating(delegate_of),
        more=rows.answered(asked.asks, answers or {}) if asked else {},
        part_time=part_time,
        term=term,
        since=begun,
        until=until,
        **values,
    )
    if held.until is None or held.until > rows.today(act):
        filings.follow(act, held, Filing.About.APPOINTED)
    return held


def place(
    organisation: Organisation,
    post: str,
    *,
    name: str,
    person: Person | None,
    since: date | None,
    until: date | None,
    **values: Any,
) -> Holding:
    """Write down who holds a post, once it is certain that they can; the deed or the import around it tells the fact."""
    _fits(organisation, post)
    if person is not None and person.died is not None:
        raise Refusal(_("此人已登记死亡，不能任职。"), field="person", code="dead")
    name = rows.said(person.name if person else name, "name", 60, _("姓名"))
    if person is not None:
        values = {"sex": person.sex, "political": person.political, **values}
    _free(
        Holding.objects.filter(organisation=organisation, post=post),
        name,
        person,
        Term(since, until),
    )
    return Holding.objects.create(
        **{"area_id": organisation.area_id, **values},
        organisation=organisation,
        person=person,
        name=name,
        post=post,
        since=since,
        until=until,
    )


def _not_before_it(organisation: Organisation, begun: date) -> None:
    first = founded(organisation)
    if first is not None and begun < first:
        raise Refusal(
            _("“%(name)s”%(day)s才成立，任职不能更早。")
            % {"name": organisation.name, "day": first.isoformat()},
            field="since",
            code="before-start",
        )


def _free(others: QuerySet[Holding], name: str, known: Person | None, term: Term) -> None:
    """Refuse days in the wrong order, the same person twice, and a second holder of a post for one."""
    if term.until is not None and term.since is not None and term.until <= term.since:
        raise Refusal(_("结束日期早于开始日期。"), field="until", code="order")
    meanwhile = [held for held in others if Term(held.since, held.until).overlaps(term)]
    for held in meanwhile:
        same = held.person_id == known.pk if known else not held.person_id and held.name == name
        if same:
            raise Refusal(_("此人在这段时间已任这个职务。"), field="post", code="twice")
    for held in meanwhile:
        if kinds.section().post_by_code[held.post].single:
            raise Refusal(
                _("这个职务现由%(name)s担任，请先免去。") % {"name": held.name},
                field="post",
                code="held",
            )


def _fits(organisation: Organisation, post: str) -> None:
    if organisation.until is not None:
        raise Refusal(_("“%(name)s”已终止。") % {"name": organisation.name}, code="ended")
    found = kinds.section().post_by_code.get(post)
    if found is None or organisation.kind not in found.kinds:
        raise Refusal(_("这类组织没有这个职务。"), field="post", code="post")


def _person(person: int | None) -> Person | None:
    if person is None:
        return None
    found = Person.objects.filter(pk=person).first()
    if found is None:
        raise Refusal(_("没有找到这个人。"), field="person", code="person")
    return found


def _delegating(organisation: int | None) -> int | None:
    if organisation is None:
        return None
    if not Organisation.objects.filter(pk=organisation, until__isnull=True).exists():
        raise Refusal(_("没有这个组织，或已终止。"), field="delegate_of", code="organisation")
    return organisation


@action("registry.organisation.unhold", title=_("免去任职"))
def unhold(act: Act, holding: Holding, *, on: date | None = None) -> Holding:
    """End somebody's post."""
    known = Holding.objects.select_for_update().get(pk=holding.pk)
    if known.until is not None and known.until <= rows.today(act):
        raise Refusal(_("%(name)s已经免去。") % {"name": known.name}, code="ended")
    rows.changed(holding, {"until": _end_day(act, holding.since, on)})
    filings.follow(act, holding, Filing.About.ENDED)
    return holding


@action("registry.organisation.amend_post", title=_("更改任职资料"))
def amend(act: Act, holding: Holding, *, answers: Mapping[str, Any]) -> Holding:
    """Keep what the post asks of its holder: duties, commitments, training (R025, R028, R032)."""
    found = kinds.section().post_by_code.get(holding.post)
    more = rows.answered(found.asks if found else (), answers, holding.more)
    before = holding.more
    rows.changed(holding, {"more": more})
    if more != before:
        filings.follow(act, holding, Filing.About.CHANGED)
    return holding


@action("registry.organisation.mend_post", title=_("更正任职"))
def mend(act: Act, holding: Holding, *, changes: Mapping[str, Any]) -> Holding:
    """Mend what was entered wrongly of a post that is held: term, days, part-time; of whom only a name is known, that too."""
    rows.allowed(changes, MENDED)
    found = Holding.objects.select_for_update(of=("self",)).filter(pk=holding.pk)
    known = found.select_related("organisation__parent", "person").get()
    given = {
        name: value for name, value in changes.items() if known.person is None or name not in OWN
    }
    if "name" in given:
        given["name"] = rows.said(proper_name(given["name"]), "name", 60, _("姓名"))
    if (since := given.get("since") or known.since) is not None:
        given["since"] = rows.past_day(act, since)
        _not_before_it(known.organisation, since)
    until = given.get("until", known.until)
    if until is not None and until <= rows.today(act):
        raise Refusal(_("要结束任职，请用“免去”。"), field="until", code="ended")
    others = Holding.objects.filter(organisation=known.organisation, post=known.post)
    name = given.get("name", known.name)
    _free(others.exclude(pk=known.pk), name, known.person, Term(since, until))
    if any(getattr(known, column) != value for column, value in given.items()):
        rows.changed(known, given)
        filings.follow(act, known, Filing.About.CHANGED)
    return known
