"""How matters come in: when, where, through which door, told by whom."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any

import shapely
from shapely.geometry import shape

from linli.capabilities.matters.forms.window import SAMPLE_ID
from linli.capabilities.matters.models import Evidence, Matter
from linli.capabilities.matters.policy import MattersPolicy, ServiceItem
from linli.capabilities.matters.rules import Entry, entry_of
from linli.capabilities.matters.services import intake as door
from linli.kernel.acts import Act
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.places import datum, selectors
from linli.kernel.places.models import Area
from linli.kernel.policy import Pack
from linli.site.demo import names, stories
from linli.site.demo.lives import Life, Shot
from linli.site.demo.options import DAYS, Options
from linli.site.demo.people import GUEST, Cast, Hand
from linli.site.demo.pictures import COUNT
from linli.site.demo.scripts import SCRIPTS, Tale, plain, untouched, waiting
from linli.site.demo.writing import visitor

ON_STAGE, LIVELY = 0.07, 0.72
CHANNELS = {"web": 46, "window": 15, "field": 20, "hotline": 14, "api": 5}
TOLD = ("0901", "0606", "0902", "0701", "0602")  # newest first: a light waits for the grid worker
ELDER = (("elder-card", 41), ("social-card", 20))  # what she came for, how many days ago
FIELD_CLASSES = ("01", "02", "03", "04", "05", "07", "09", "10")
_HOURS = (1, 1, 0, 0, 0, 1, 3, 7, 10, 12, 11, 8, 5, 6, 9, 9, 8, 8, 8, 9, 7, 5, 3, 2)

Script = Callable[[Tale], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is settled of a matter before it is told; `star`: the demo resident reports it, in that class."""

    opened: datetime
    community: Area
    script: Script | None = None
    star: bool = False
    code: str = ""
    elder: bool = False  # the elder whom the stage's window knows by her ID number


def plans(options: Options, cast: Cast, dice: Random) -> list[Plan]:
    """All matters to come, in the order in which they were opened."""
    starring = [*(script for script, _weight in SCRIPTS), waiting, untouched]
    found = [
        Plan(
            options.now - timedelta(minutes=35 + 60 * 19 * back),
            cast.stage,
            script,
            True,
            TOLD[back % 5],
        )
        for back, script in enumerate(reversed(starring))
    ]
    found += [
        Plan(office_hour(options, back), cast.stage, plain, code=code, elder=True)
        for code, back in ELDER
    ]
    days = _days(options)
    while len(found) < options.matters:
        found.append(Plan(_moment(days, options.now, dice), _where(cast, dice)))
    return sorted(found[: options.matters], key=lambda plan: plan.opened)


def office_hour(options: Options, back: int) -> datetime:
    """Ten o'clock of the working day so many days ago, or of the last one before it."""
    day, known = options.now.date() - timedelta(days=back), calendar()
    while not known.is_working(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(10, 5), SHANGHAI)


def _days(options: Options) -> tuple[list[datetime], list[float]]:
    first = datetime.combine(options.first_day, time(), SHANGHAI)
    days = [first + timedelta(days=n) for n in range(DAYS + 1)]
    known = calendar()
    return days, list(accumulate(1.0 if known.is_working(d.date()) else 0.5 for d in days))


def _moment(days: tuple[list[datetime], list[float]], now: datetime, dice: Random) -> datetime:
    while True:
        day = days[0][bisect(days[1], dice.random() * days[1][-1])]
        hour = dice.choices(range(24), _HOURS)[0]
        moment = day + timedelta(hours=hour, seconds=dice.randrange(3600))
        if moment < now:
            return moment


def _where(cast: Cast, dice: Random) -> Area:
    throw = dice.random()
    if throw < ON_STAGE:
        return cast.stage
    if throw < ON_STAGE + LIVELY or not cast.quiet:
        return cast.lively[int(len(cast.lively) * dice.random() ** 1.6)]
    return dice.choice(cast.quiet)


def _papers(plan: Plan, entry: Entry | None) -> dict[str, Any]:
    """What the elder brought to the window; she need not bring it again."""
    if not plan.elder or not isinstance(entry, ServiceItem):
        return {}
    day = plan.opened.date().isoformat()
    return {"materials": [{"name": m.name, "how": "given", "on": day} for m in entry.materials]}


class Ground:
    """Points inside grids, in WGS-84; outlines are read a community at a time."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.shapes: dict[int, tuple[Any, str]] = {}

    def point(self, grid: Area) -> tuple[float, float] | None:
        """A point inside a grid; None where it has no outline."""
        if grid.id not in self.shapes:
            rows = Area.objects.filter(parent_id=grid.parent_id, boundary__isnull=False)
            for key, boundary, kept in rows.values_list("id", "boundary", "datum"):
                outline = shape(boundary)
                shapely.prepare(outline)
                self.shapes[key] = (outline, kept or datum.WGS84)
        if grid.id not in self.shapes:
            return None
        outline, kept = self.shapes[grid.id]
        west, south, east, north = outline.bounds
        while True:
            x, y = self.dice.uniform(west, east), self.dice.uniform(south, north)
            if shapely.contains_xy(outline, x, y):
                lon, lat = datum.convert(x, y, kept, datum.WGS84)
                return round(lon, 6), round(lat, 6)


class Reporter:
    """Draws matters as the intake does, unsaved, each with its life before it."""

    def __init__(self, options: Options, cast: Cast, pack: Pack) -> None:
        self.options, self.cast, self.pack = options, cast, pack
        self.policy = pack.section(MattersPolicy)
        self.dice = Random(f"matters:{options.seed}")
        self.ground = Ground(self.dice)
        self.told = [s for s in stories.STORIES if entry_of(self.policy, s.code)]
        self.weights = [s.weight for s in self.told]
        self.open: dict[tuple[int, str], Life] = {}
        self.calls = 0
        self.scripts = [s for s, _weight in SCRIPTS]
        self.script_weights = [w for _script, w in SCRIPTS]

    def lives(self, planned: list[Plan], keys: list[int]) -> Iterator[tuple[Life, Tale, Script]]:
        """Each plan as a life, with what will happen to it."""
        for plan, key in zip(planned, keys, strict=True):
            life = self._begun(plan, key)
            script = plan.script or self.dice.choices(self.scripts, self.script_weights)[0]
            m = life.matter
            spot = (m.community or 0, m.code)
            life.into = self.open.get(spot)
            yield life, Tale(life, self.cast, self.dice), script
            if m.duplicate_of_id is None and not m.restricted:
                self.open[spot] = life

    def _story(self, plan: Plan) -> stories.Story:
        if plan.code:
            return stories.BY_CODE[plan.code]
        return self.dice.choices(self.told, self.weights)[0]

    def _channel(self, plan: Plan, story: stories.Story, grid: Area) -> str:
        if plan.star:
            return "web"
        if plan.elder:
            return "window"
        channel = self.dice.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        worked = story.code.startswith(FIELD_CLASSES)
        if story.code.startswith("10"):
            channel = "field"
        if channel == "field" and (not worked or self._worker(grid) is None):
            channel = "web"
        if channel == "hotline" and not story.code.isdigit():
            channel = "window"
        return channel

    def _worker(self, grid: Area) -> Hand | None:
        unit = self.cast.seats.get(grid.parent_id or 0)
        return self.cast.at(unit, "grid_worker", grid.id)

    def _begun(self, plan: Plan, key: int) -> Life:
        dice, story = self.dice, self._story(plan)
        grids = selectors.children(plan.community)
        grid = grids[0] if plan.star else dice.choice(grids)
        channel = self._channel(plan, story, grid)
        resident = self._resident(plan)
        hand = self._hand(channel, grid, resident)
        title, body, house = stories.told(story, dice, names.road(dice))
        found = entry_of(self.policy, story.code)
        told_by_name = plan.star or plan.elder
        nameless = bool(found and found.anonymous) and not told_by_name and dice.random() < 0.06
        guest = hand is GUEST
        own = channel == "web" and hand.role == "resident"
        named = not nameless and hand.role != "grid_worker"
        intake = door.Intake(
            code=story.code,
            title=title,
            body=body,
            area=grid.id if dice.random() < 0.93 else plan.community.id,
            address=f"{plan.community.short_name}{house}",
            answers={**stories.ANSWERS.get(story.code, {}), **_papers(plan, found)},
            id_number=SAMPLE_ID if plan.elder else "",
            reporter=hand.account if own else None,
            reporter_name=resident.name if named else "",
            phone=resident.phone if named else "",
            anonymous=nameless,
            **self._point(grid),
            **self._call(channel, plan.opened),
        )
        act = self._act(hand, channel, plan.opened)
        matter: Matter = door.drawn(act, self.policy, found, intake)  # type: ignore[arg-type]
        matter.pk = key
        if guest and not nameless:
            matter.visitor = visitor(dice)
        life = Life(matter, act, hand, self.options.now)
        life.resident = hand if own and not nameless else GUEST if matter.visitor else None
        self._photographed(life, story, plan)
        self._joined(life)
        return life

    def _point(self, grid: Area) -> dict[str, Any]:
        point = self.ground.point(grid)
        return {"lon": point[0], "lat": point[1]} if point else {}

    def _photographed(self, life: Life, story: stories.Story, plan: Plan) -> None:
        dice = self.dice
        if story.photo and dice.random() < 0.4:
            life.shots.append(
                Shot(dice.randrange(COUNT), Evidence.Use.REPORT, life.hand, plan.opened, 1)
            )

    def _resident(self, plan: Plan) -> Hand:
        if plan.star:
            return self.cast.demo["resident"]
        if plan.elder:
            return Hand(0, "沈桂英", "resident", phone=names.phone(9_999_999))
        homes = (
            self.cast.residents.get(plan.community.id) or self.cast.residents[self.cast.stage.id]
        )
        return self.dice.choice(homes)

    def _hand(self, channel: str, grid: Area, resident: Hand) -> Hand:
        """Who types it in."""
        if channel == "field":
            return self._worker(grid) or resident
        committee = self.cast.seats.get(grid.parent_id or 0)
        if channel == "window":
            return self.cast.at(committee, "clerk", grid.id) or resident
        if channel in ("hotline", "api"):
            street = selectors.street_of(grid.id) or 0
            desk = self.cast.at(self.cast.seats.get(street), "street_worker", grid.id)
            return desk or resident
        starring = self.cast.demo.get("resident")
        guest = self.dice.random() < 0.12 and resident != starring
        return GUEST if guest else resident

    def _act(self, hand: Hand, channel: str, at: datetime) -> Act:
        return Act(
            actor=hand.account,
            name=hand.name,
            at=at,
            policy=self.pack.id,
            hat=hand.hat,
            post=hand.post,
            unit=hand.unit,
            channel=channel,
        )

    def _call(self, channel: str, at: datetime) -> dict[str, Any]:
        """Number and deadlines of a hotline work order."""
        if channel != "hotline":
            return {}
        self.calls += 1
        kinds = self.policy.hotline.kinds
        kind = next((k for k in kinds if k.code == self.policy.hotline.default_kind), kinds[0])
        terms = {"sign_by": kind.sign, "contact_by": kind.contact, "resolve_by": kind.resolve}
        days, hours = calendar(), office()
        due = {name: due_at(at, term, days, hours, SHANGHAI) for name, term in terms.items()}
        kept = {name: moment.isoformat() for name, moment in due.items() if moment}
        return {
            "external": f"YS{at:%y%m%d}{self.calls:06d}",
            "hotline": {"kind": kind.code, **kept},
        }

    def _joined(self, life: Life) -> None:
        """Neighbours who say “me too”."""
        if life.matter.restricted or self.dice.random() > 0.06:
            return
        homes = self.cast.residents.get(life.matter.community or 0, [])
        some = self.dice.sample(homes, min(len(homes), self.dice.randint(1, 3)))
        life.followers = [h for h in some if h.account != life.matter.reporter_id]
