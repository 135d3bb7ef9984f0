"""From hand to hand: the present holder keeps a matter until the successor accepts (首问负责, R104)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.policy import Handler
from linli.capabilities.matters.services.intake import unit_for
from linli.capabilities.matters.services.move import advance, save
from linli.kernel.access.models import Appointment, Unit
from linli.kernel.access.offices import (
    COMMAND,
    STREET_OFFICE,
    unit,
    unit_coded,
    unit_over,
    units_below,
)
from linli.kernel.access.selectors import GRID_POSTS
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.places.rules import Level, enclosing
from linli.kernel.policy.shapes import Level as PackLevel


def _offer(act: Act, held: Matter, target: Unit | None, post: str, kind: str) -> Matter:
    if target is None:
        raise Refusal(_("请选择接收单位。"), field="unit", code="no-unit")
    if target.pk == held.unit_id and post in ("", held.post):
        raise Refusal(_("这件诉求本来就在该单位。"), field="unit", code="same-unit")
    if held.offered_unit_id is not None:
        waiting = held.offered_unit.name if held.offered_unit else ""
        raise Refusal(
            _("已经转给“%(unit)s”，正等其接收。") % {"unit": waiting}, code="already-offered"
        )
    held.offered_unit, held.offered_post, held.offer = target, post, kind
    note(to=target.pk, post=post)
    return save(act, held)


@action("matters.transfer", title=_("转办"), keep=("reason",))
def transfer(act: Act, matter: Matter, *, to: int, reason: str, post: str = "") -> Matter:
    """Offer a matter to another unit; it stays yours until they accept it."""
    held = advance(act, matter, "matters.transfer", reason=reason)
    return _offer(act, held, unit(to), post, "transfer")


@action("matters.escalate", title=_("上报上级"), keep=("reason",), codes=("cause",))
def escalate(act: Act, matter: Matter, *, reason: str = "", cause: str | None = None) -> Matter:
    """Offer a matter to the level above: grid → community → street → command centre (R132, R133).

    People give a reason in words, the clock a cause (`words.CAUSES`).
    """
    held = advance(act, matter, "matters.escalate", reason=reason or cause)
    office = unit_over(enclosing(held.area_id, Level.STREET), STREET_OFFICE)
    asking = act.post or held.post  # the clock has no post: it goes up from where the matter lies
    if asking in GRID_POSTS:
        committee = unit_for(Handler(level=PackLevel.COMMUNITY, post="clerk"), held.area_id)
        return _offer(act, held, committee, "clerk", "escalate")
    if office is not None and held.unit_id not in (
        office.pk,
        getattr(unit_coded(COMMAND), "pk", 0),
    ):
        return _offer(act, held, office, "street_worker", "escalate")
    return _offer(act, held, unit_coded(COMMAND), "duty_head", "escalate")


@action("matters.send_down", title=_("下派"), keep=("reason",))
def send_down(act: Act, matter: Matter, *, to: int, reason: str, post: str = "") -> Matter:
    """Send a matter to a unit below, which must take it."""
    held = advance(act, matter, "matters.send_down", reason=reason)
    # Nobody can give back what was sent down, so it goes to nobody else.
    if to not in {below.pk for below in units_below(act.unit)}:
        raise Refusal(_("只能交给下级单位；给其他单位请用“转办”。"), field="to", code="not-below")
    return _offer(act, held, unit(to), post, "send_down")


@action("matters.accept_transfer", title=_("接收"))
def accept_transfer(act: Act, matter: Matter) -> Matter:
    """Take over what was offered; from now on it is yours."""
    held = advance(act, matter, "matters.accept_transfer")
    note(giver=held.unit_id)
    held.unit_id, held.post = held.offered_unit_id, held.offered_post or act.post
    held.assignee_id = act.actor
    held.accepted = held.accepted or act.at
    held.offered_unit, held.offered_post, held.offer = None, "", ""
    return save(act, held)


@action("matters.decline_transfer", title=_("退回转办"), keep=("reason",))
def decline_transfer(act: Act, matter: Matter, *, reason: str) -> Matter:
    """Give back what was offered, with a reason; the sender still holds it."""
    held = advance(act, matter, "matters.decline_transfer", reason=reason)
    if held.offer == "send_down":
        raise Refusal(_("上级下派的诉求不能退回；确有困难请先接收，再上报。"), code="must-take")
    held.offered_unit, held.offered_post, held.offer = None, "", ""
    return save(act, held)


@action("matters.assign", title=_("指定经办人"), codes=("account",))
def assign(act: Act, matter: Matter, *, account: int) -> Matter:
    """Name the colleague of the holding unit who handles it."""
    held = advance(act, matter, "matters.assign")
    fits = Appointment.objects.filter(account_id=account, unit=held.unit).first()
    if fits is None:
        raise Refusal(_("请在本单位人员中选择。"), field="account")
    held.assignee_id, held.post = account, fits.post
    return save(act, held)
