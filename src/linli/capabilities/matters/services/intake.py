"""Where a need comes in: the one door that residents, windows, grid workers, the hotline and the API use."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.selectors import registers
from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Evidence, Matter
from linli.capabilities.matters.policy import Handler, MattersPolicy, Route, ServiceItem
from linli.capabilities.matters.rules import Entry, entry_of, flow_for
from linli.capabilities.matters.services import rows
from linli.capabilities.matters.services.move import attach
from linli.capabilities.matters.suggest import tokens
from linli.kernel.access.models import Unit
from linli.kernel.access.offices import COMMITTEE, STREET_OFFICE, unit_coded, unit_over
from linli.kernel.acts import EVERYWHERE, Act, Refusal, Span, action, crossing, holding, note
from linli.kernel.files.examine import Clean
from linli.kernel.flow import begin, dump
from linli.kernel.places.finding import finer
from linli.kernel.places.rules import Level, enclosing, level_of
from linli.kernel.policy import version
from linli.kernel.policy.shapes import Level as PackLevel
from linli.ui.spoken import Spoken

TITLE_MOST, BODY_MOST = 120, 4000
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read for another
CITY_DESK = "command"
_SAME = ("code", "title", "body", "area_id", "reporter_id", "anonymous", "channel")


@dataclass(frozen=True, slots=True)
class Intake:
    """What somebody reports or applies for. `area` is the finest area known; coordinates are WGS-84."""

    code: str
    title: str
    area: int
    body: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    reporter: int | None = None
    reporter_name: str = ""
    phone: str = ""
    id_number: str = ""
    anonymous: bool = False
    agent: str = ""
    token: UUID | None = None
    files: tuple[Clean, ...] = ()
    external: str = ""
    hotline: dict[str, Any] = field(default_factory=dict)
    system: int | None = None  # the placement of a system that found it (R100)


def receipt_code(length: int = 8) -> str:
    """A fresh query code, to be told to the resident once."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def visitor_key(code: str) -> UUID:
    """The scope key behind a query code as somebody typed it."""
    plain = "".join(c for c in code.upper() if c in _ALPHABET)
    digest = hmac.new(settings.SECRET_KEY.encode(), b"visitor:" + plain.encode(), hashlib.sha256)
    return UUID(bytes=digest.digest()[:16])


@action("matters.report", title=_("提交诉求"), codes=())
def report(act: Act, *, intake: Intake, query_code: str = "") -> Matter:
    """Record a need once: classify, route with its reason, start its clock (R101–R104, R107).

    The same `token` never makes two matters: the first one is given back. `query_code` lets whoever has no account
    follow it by number and code.
    """
    policy = version(act.policy).section(MattersPolicy)
    intake = replace(intake, area=finer(intake.area, intake.address) or intake.area)
    entry = _checked(policy, intake)
    matter = drawn(act, policy, entry, intake)
    if intake.system is not None:
        matter.answers = {**matter.answers, "system": _found_by(act, intake.system)}
    if query_code:
        matter.visitor = visitor_key(query_code)
    if not _insert(act, matter):
        note(again=True)
        return _known(act, matter)
    with crossing(span_of(matter)) if intake.files else nullcontext():
        attach(act, matter, intake.files, Evidence.Use.REPORT)
    more = {} if intake.system is None else {"system": intake.system}
    note(
        code=matter.code, unit=matter.unit_id, post=matter.post, route=matter.route["code"], **more
    )
    return matter


def _found_by(act: Act, system: int) -> str:
    """What the system is called; a Refusal where none of that key stands in sight."""
    found = registers.system(act, system)
    if found is None:
        raise Refusal(_("没有这个系统，或不在您的范围内。"), field="system", code="system")
    return found.title


def span_of(matter: Matter) -> Span:
    """The one key of the area that a matter lies in."""
    return Span(matter.area_id, matter.area_id + 1)


def _insert(act: Act, matter: Matter) -> bool:
    seen = act.actor and act.actor == matter.reporter_id
    if seen or (act.sees(matter.area_id) and (act.sensitive or not matter.restricted)):
        return rows.insert(matter)
    if matter.visitor is not None and not act.signed_in:
        with holding(act.on(key=matter.visitor)):
            return rows.insert(matter)
    with crossing(span_of(matter)):
        return rows.insert(matter)


def _known(act: Act, sent: Matter) -> Matter:
    """The matter that the same form has made before; a guest's new query code is the one that counts."""
    with holding(act.on(spans=(EVERYWHERE,), sensitive=True)):
        found = Matter.objects.get(token=sent.token)
        if any(getattr(found, name) != getattr(sent, name) for name in _SAME):
            raise Refusal(_("这份表单已经提交过，请刷新页面后重新填写。"), code="token-used")
        if found.visitor is not None and sent.visitor is not None:
            found.visitor = sent.visitor
            found.save(update_fields=["visitor"])
    return found


def _checked(policy: MattersPolicy, intake: Intake) -> Entry:
    entry = entry_of(policy, intake.code)
    if entry is None:
        raise Refusal(_("请选择要反映的事项。"), field="code", code="unknown-code")
    if not entry.open:
        raise Refusal(
            _("“%(title)s”已停办，请选择其他事项。") % {"title": entry.title},
            field="code",
            code="closed-item",
        )
    if not intake.title.strip():
        raise Refusal(_("请用一句话说明是什么事。"), field="title", code="no-title")
    if intake.anonymous and not entry.anonymous:
        raise Refusal(
            _("“%(title)s”须实名办理，不能匿名。") % {"title": entry.title},
            field="anonymous",
            code="not-anonymous",
        )
    if len(intake.title) > TITLE_MOST or len(intake.body) > BODY_MOST:
        raise Refusal(
            _("内容太长：标题最多 %(title)s 字，正文最多 %(body)s 字。")
            % {"title": TITLE_MOST, "body": BODY_MOST},
            field="body",
            code="too-long",
        )
    return entry


def unit_for(to: Handler, area: int) -> Unit | None:
    """The unit that stands behind a route's target for an area; None when nobody sits there."""
    if to.unit:
        return unit_coded(to.unit)
    level = Level(to.level.value)
    if level in (Level.GRID, Level.COMMUNITY):
        return unit_over(enclosing(area, Level.COMMUNITY), COMMITTEE)
    if level is Level.STREET:
        return unit_over(enclosing(area, Level.STREET), STREET_OFFICE)
    return unit_coded(CITY_DESK)


def settle(routed: Route, area: int) -> tuple[Unit | None, str, str]:
    """Unit, post and reason; where nobody sits at the target, the next level up takes it and the reason says so."""
    found = unit_for(routed.to, area)
    if found is not None:
        return found, routed.to.post or "", routed.reason
    office = unit_over(enclosing(area, Level.STREET), STREET_OFFICE)
    if office is not None:
        return office, "street_worker", routed.reason + Spoken("（本级无承办单位，由街道接收）")
    return (
        unit_coded(CITY_DESK),
        "duty_head",
        routed.reason + Spoken("（位置未到街道，由指挥中心接收）"),
    )


def _applicant(intake: Intake) -> dict[str, Any]:
    """Who stands behind it; nothing at all when it is anonymous."""
    if intake.anonymous:
        return {"anonymous": True}
    return {
        "reporter_id": intake.reporter,
        "reporter_name": intake.reporter_name or None,
        "phone": intake.phone or None,
        "id_number": intake.id_number or None,
        "agent": intake.agent,
    }


def _place(intake: Intake) -> dict[str, Any]:
    """Where it is, with the community and street that lists are ordered by."""
    return {
        "area_id": intake.area,
        "community": enclosing(intake.area, Level.COMMUNITY),
        "street": enclosing(intake.area, Level.STREET),
        "address": intake.address.strip()[:200],
        "lon": intake.lon,
        "lat": intake.lat,
    }


def drawn(act: Act, policy: MattersPolicy, entry: Entry, intake: Intake) -> Matter:
    """The row of a need before it is kept: routed, its clocks started."""
    is_item = isinstance(entry, ServiceItem)
    level = PackLevel(level_of(intake.area).value)
    routed = policy.route(entry.code, level, act.channel, is_item=is_item)
    unit, post, reason = settle(routed, intake.area)
    position = begin(flow_for(policy, entry, act.policy), "matters.report", act.at, act.actor)
    matter = Matter(
        **_applicant(intake),
        **_place(intake),
        policy=act.policy,
        kind=Matter.Kind.ITEM if is_item else Matter.Kind.EVENT,
        code=entry.code,
        title=intake.title.strip(),
        body=intake.body.strip(),
        answers=intake.answers,
        channel=act.channel,
        restricted=getattr(entry, "restricted", False),
        emergency=getattr(entry, "emergency", False),
        state=position.state,
        round=position.round,
        position=dump(position),
        unit=unit,
        post=post,
        receiver_id=act.actor if act.hat else None,
        route={"code": routed.code, "reason": reason},
        opened=act.at,
        external=intake.external or None,
        hotline=intake.hotline,
        token=intake.token,
        tokens=tokens(f"{intake.title} {intake.body}"),
        changed=act.at,
    )
    clocks.set_clocks(matter, position, act.at)
    return matter
