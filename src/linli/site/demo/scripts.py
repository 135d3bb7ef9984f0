"""What happens to a matter, step by step, until today: most go well, some do not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from random import Random

from linli.capabilities.matters.models import Message
from linli.kernel.calendar.selectors import calendar
from linli.kernel.flow import NotAllowed
from linli.kernel.places.rules import Level, enclosing
from linli.site.demo import stories
from linli.site.demo.lives import Life, NotYet
from linli.site.demo.options import SHANGHAI
from linli.site.demo.people import Cast, Hand

PARTNERS = ("urban_management", "housing", "police", "market", "municipal", "water")
LATE = 0.11
OPENS, CLOSES = 9, 17


def at_work(moment: datetime, dice: Random) -> datetime:
    """The same moment when somebody is in the office, else some minutes after it opens again."""
    here = moment.astimezone(SHANGHAI)
    days = calendar()
    day: date = here.date()
    if days.is_working(day) and OPENS <= here.hour < CLOSES and here.hour != 12:
        return here
    if days.is_working(day) and here.hour < OPENS:
        opens = OPENS
    elif days.is_working(day) and here.hour == 12:
        opens = 13
    else:
        day, opens = day + timedelta(days=1), OPENS
        while not days.is_working(day):
            day += timedelta(days=1)
    return datetime.combine(day, time(opens, dice.randint(1, 50), dice.randint(0, 59)), SHANGHAI)


class Tale:
    """One life being told: who is at hand, and how time goes by."""

    def __init__(self, life: Life, cast: Cast, dice: Random) -> None:
        self.life, self.cast, self.dice = life, cast, dice
        self.area = life.matter.area_id
        self.story = stories.BY_CODE[life.matter.code]
        self.late = dice.random() < LATE
        self.committee = cast.seats.get(enclosing(self.area, Level.COMMUNITY) or 0, 0)
        self.street = cast.seats.get(enclosing(self.area, Level.STREET) or 0, 0)

    def pick(self, options: tuple[str, ...]) -> str:
        """One of some sentences."""
        return self.dice.choice(options)

    @property
    def resident(self) -> Hand:
        """Whoever is behind it: an account, a guest with a key, else a clerk who speaks for them."""
        return self.life.resident or self.other(None, "clerk", "street_worker")

    def later(self, lo: float, hi: float, *, office: bool = True) -> datetime:
        """Some hours after the last step."""
        moment = self.life.last + timedelta(hours=self.dice.uniform(lo, hi))
        return at_work(moment, self.dice) if office else moment

    def holder(self) -> Hand:
        """Who has it now, or would take it up."""
        m = self.life.matter
        found = self.cast.holder(m.unit_id, m.post, self.area)
        if m.assignee_id:
            same = [h for h in self.cast.of_unit(m.unit_id) if h.account == m.assignee_id]
            found = same[0] if same else found
        if found is None:
            raise NotYet
        return found

    def other(self, than: int | None, *posts: str) -> Hand:
        """Somebody of the neighbourhood who is not that person."""
        for post in posts:
            unit = self.street if post == "street_worker" else self.committee
            for hand in self.cast.staff.get((unit, post), ()):
                if hand.account != than and hand.lo <= self.area < hand.hi:
                    return hand
        raise NotYet

    def accept(self) -> None:
        """The holder takes it on."""
        hours = 0.4 if self.life.matter.emergency else 2.2
        self.life.accept(self.holder(), self.later(0.05, hours))

    def work(self) -> None:
        """The holder does it, in time or not."""
        life, dice = self.life, self.dice
        due, began = life.due(), life.last
        if due is None:
            raise NotYet
        whole = max((due - began).total_seconds() / 3600, 0.5)
        if self.late:
            moment = at_work(began + timedelta(hours=whole * dice.uniform(1.05, 1.9)), dice)
        else:
            moment = at_work(began + timedelta(hours=whole * dice.uniform(0.1, 0.8)), dice)
            if moment > due:
                moment = max(began + timedelta(minutes=4), due - timedelta(minutes=12))
        drawing = dice.randrange(24) if self.story.photo and dice.random() < 0.5 else None
        life.handle(self.holder(), moment, self.pick(self.story.outcomes), drawing)

    def check(self) -> None:
        """Somebody else looks and says yes."""
        hand = self.other(self.life.matter.handler_id, "clerk", "street_worker", "community_head")
        self.life.verify(hand, self.later(0.5, 9), self.pick(stories.VERIFIED))

    def close(self) -> None:
        """It is closed."""
        hand = self.other(None, "clerk", "street_worker")
        self.life.close(hand, self.later(0.1, 5), self.pick(stories.CLOSED))

    def rate(self) -> None:
        """Perhaps it is rated, mostly well."""
        life, dice = self.life, self.dice
        if life.resident is None or dice.random() > 0.6:
            return
        values = (5, 5, 5, 4, 4, 3, 2) if life.matter.round == 1 and not self.late else (4, 3, 2, 1)
        value = dice.choice(values)
        words = self.pick(stories.COMPLAINTS if value <= 2 else stories.PRAISE)
        life.rate(life.resident, self.later(1, 60, office=False), value, words)

    def end(self) -> None:
        """Done, verified, closed, rated."""
        self.work()
        self.check()
        self.close()
        self.rate()


def plain(t: Tale) -> None:
    """Accepted, done, verified, closed."""
    t.accept()
    if t.life.matter.channel == "hotline":
        t.life.contact(t.holder(), t.later(0.2, 3), t.pick(stories.CONTACTED))
    t.end()


def talked(t: Tale) -> None:
    """With words both ways."""
    t.accept()
    t.life.message(t.holder(), t.later(0.1, 2), t.pick(stories.OFFICE_SAID), Message.Side.OFFICE)
    if t.life.resident is not None:
        moment, side = t.later(0.2, 5, office=False), Message.Side.RESIDENT
        t.life.message(t.life.resident, moment, t.pick(stories.SAID), side)
    if t.dice.random() < 0.4:
        hand = t.holder()
        t.life.message(hand, t.later(0.1, 1), t.pick(stories.REMARKS), Message.Side.INTERNAL)
    t.end()


def asked(t: Tale) -> None:
    """Something had to be asked."""
    t.accept()
    t.life.ask(t.holder(), t.later(0.1, 2), t.pick(stories.QUESTIONS))
    if t.dice.random() < 0.25:
        raise NotYet
    t.life.answer(t.resident, t.later(2, 40, office=False), t.pick(stories.REPLIES))
    t.end()


def transferred(t: Tale) -> None:
    """Given to a department, or refused by it."""
    t.accept()
    giver = t.holder()
    to = t.cast.units[t.pick(PARTNERS)]
    if to == giver.unit:
        t.end()
        return
    reason = t.pick(stories.TRANSFER)
    t.life.offer("transfer", giver, t.later(0.2, 4), to, "department_worker", reason)
    taker = t.cast.holder(to, "department_worker", t.area)
    if taker is None or t.dice.random() < 0.12:
        raise NotYet
    if t.dice.random() < 0.15:
        t.life.decline_transfer(taker, t.later(1, 5), t.pick(stories.DECLINE))
    else:
        t.life.accept_transfer(taker, t.later(0.5, 6))
    t.end()


def escalated(t: Tale) -> None:
    """Taken to the street."""
    t.accept()
    giver = t.holder()
    if not t.street or giver.unit == t.street:
        t.end()
        return
    reason = t.pick(stories.ESCALATE)
    t.life.offer("escalate", giver, t.later(1, 8), t.street, "street_worker", reason)
    taker = t.cast.holder(t.street, "street_worker", t.area)
    if taker is None or t.dice.random() < 0.1:
        raise NotYet
    t.life.accept_transfer(taker, t.later(0.5, 6))
    t.end()


def sent_down(t: Tale) -> None:
    """The street gives it to the community."""
    giver = t.holder()
    if giver.unit != t.street or not t.committee:
        plain(t)
        return
    t.life.accept(giver, t.later(0.05, 2))
    t.life.offer("send_down", giver, t.later(0.1, 1), t.committee, "clerk", t.pick(stories.DOWN))
    t.life.accept_transfer(t.other(None, "clerk"), t.later(0.2, 3))
    t.end()


def extended(t: Tale) -> None:
    """More time was needed."""
    t.accept()
    due = t.life.due()
    moment = t.later(0.3, 2)
    if due is None or moment > due:
        t.end()
        return
    t.life.ask_extension(t.holder(), moment, t.dice.choice((3, 5, 10)), t.pick(stories.MORE_TIME))
    if t.dice.random() < 0.2:
        raise NotYet
    head = t.other(t.life.matter.assignee_id, "community_head", "street_worker")
    t.life.grant_extension(head, t.later(0.3, 5), "同意，请抓紧。")
    t.end()


def reworked(t: Tale) -> None:
    """Not good enough the first time."""
    t.accept()
    t.work()
    hand = t.other(t.life.matter.handler_id, "clerk", "street_worker")
    t.life.rework(hand, t.later(0.5, 8), t.pick(stories.REWORK))
    t.end()


def reopened(t: Tale) -> None:
    """Not solved after all."""
    t.accept()
    t.work()
    t.check()
    t.close()
    t.life.reopen(t.resident, t.later(5, 90, office=False), t.pick(stories.REOPEN))
    t.end()


def stuck(t: Tale) -> None:
    """Overdue; half of them say why, many are urged."""
    t.accept()
    due = t.life.due()
    if due is None:
        raise NotYet
    if t.dice.random() < 0.6:
        moment = max(t.life.last, due) + timedelta(hours=t.dice.uniform(1, 30))
        t.life.urge(t.resident, moment, t.pick(stories.URGES))
    if t.dice.random() < 0.5:
        moment = at_work(max(t.life.last, due) + timedelta(hours=4), t.dice)
        t.life.explain_delay(t.holder(), moment, t.pick(stories.DELAYS))
    # Those of long ago came to an end all the same.
    t.life.handle(t.holder(), t.later(150, 420), t.pick(t.story.outcomes))
    t.check()
    t.close()
    t.rate()


def refused(t: Tale) -> None:
    """Not ours."""
    hand = t.other(None, "clerk", "street_worker")
    if hand.unit != t.life.matter.unit_id:
        plain(t)
        return
    t.life.refuse(hand, t.later(0.2, 3), t.pick(stories.REFUSALS))


def withdrawn(t: Tale) -> None:
    """Taken back."""
    t.life.withdraw(t.resident, t.later(0.3, 8, office=False), t.pick(stories.WITHDRAWN))


def merged(t: Tale) -> None:
    """The same as another (the teller says which)."""
    target = t.life.into
    hand = t.other(None, "clerk", "street_worker")
    moment = t.later(0.2, 3)
    open_then = target is not None and (
        target.matter.closed is None or target.matter.closed > moment
    )
    if target is None or not open_then or hand.unit != t.life.matter.unit_id:
        t.life.into = None
        plain(t)
        return
    t.life.into = None
    t.life.merge(hand, moment, target)


def waiting(t: Tale) -> None:
    """Asked, and no answer yet."""
    t.accept()
    t.life.ask(t.holder(), t.later(0.1, 1), t.pick(stories.QUESTIONS))


def untouched(_tale: Tale) -> None:
    """Just come in; nobody has taken it up."""
    raise NotYet


SCRIPTS: tuple[tuple[Callable[[Tale], None], float], ...] = (
    (plain, 50),
    (talked, 9),
    (asked, 6),
    (transferred, 9),
    (escalated, 3),
    (sent_down, 5),
    (extended, 4),
    (reworked, 4),
    (reopened, 3),
    (stuck, 3.5),
    (refused, 1.5),
    (withdrawn, 1.5),
    (merged, 2.5),
)


def tell(tale: Tale, script: Callable[[Tale], None]) -> None:
    """Tell a life as far as today; a step the flow does not allow ends it there."""
    with suppress(NotYet, NotAllowed):
        script(tale)
    tale.life.settle()
