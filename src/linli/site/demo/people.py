"""Who lives and works in the demonstration city: units, staff with their posts, residents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from linli.kernel.access import offices
from linli.kernel.access.hats import role_of
from linli.kernel.access.models import Account, Appointment, Unit
from linli.kernel.acts.pouring import pour
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, enclosing
from linli.kernel.policy import current
from linli.kernel.policy.shapes import UnitsPolicy
from linli.site.demo import names
from linli.site.demo.options import Options
from linli.site.demo.writing import numbers

STAGE_DISTRICT = "320213000000"  # 梁溪区
HOMES, HOMES_ELSEWHERE, HOMES_ON_STAGE = 40, 2, 90
VACANT_EVERY = 150  # so many quiet grids have one that lacks its worker
NO_PASSWORD = "!demo"  # no hash begins like this: these accounts are entered by one click only
CAST = (
    "resident",
    "grid_worker",
    "clerk",
    "community_head",
    "street_worker",
    "department_worker",
    "duty_head",
    "auditor",
)
# Departments' workers that can be looked at: who handles what was handed on, and who asks communities for tables.
SHOWN = {"municipal": "department_worker", "civil": "asking_department"}
# Who reviews and who brings to the meeting what departments want of communities.
OFFICES = (("justice", "legal_reviewer"), ("government_office", "standing_office"))


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who does things: a resident or guest without a hat, or staff with one."""

    account: int
    name: str
    role: str
    hat: int | None = None
    post: str = ""
    unit: int | None = None
    lo: int = 0
    hi: int = 0
    phone: str = ""


GUEST = Hand(0, "", "guest")


@dataclass(slots=True)
class Cast:
    """Everybody, by where they are found."""

    stage: Area
    lively: list[Area]
    quiet: list[Area]
    staff: dict[tuple[int, str], list[Hand]] = field(default_factory=lambda: defaultdict(list))
    members: dict[int, list[Hand]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, int] = field(default_factory=dict)  # departments by code
    seats: dict[int, int] = field(default_factory=dict)  # committees and offices by area
    residents: dict[int, list[Hand]] = field(default_factory=lambda: defaultdict(list))
    demo: dict[str, Hand] = field(default_factory=dict)

    def at(self, unit: int | None, post: str, area: int) -> Hand | None:
        """Somebody of a unit's post whose area covers a place; of a department anybody."""
        for hand in self.staff.get((unit or 0, post), ()):
            if hand.lo <= area < hand.hi:
                return hand
        return None

    def of_unit(self, unit: int | None) -> list[Hand]:
        """Everybody of a unit."""
        return self.members.get(unit or 0, [])

    def holder(self, unit: int | None, post: str, area: int) -> Hand | None:
        """Who takes up what lies with a unit: its post, else whoever of it is there."""
        tried = (post, "clerk", "street_worker", "department_worker", "duty_head")
        return next((h for p in tried if (h := self.at(unit, p, area))), None)


def settle(city: Area, options: Options) -> Cast:
    """Found the units, appoint the staff, let residents move in (written in batches)."""
    cast = _stage(city, options)
    book = _Book(options, cast, Random(f"people:{options.seed}"))
    book.units(city)
    book.offices(city)
    book.communities()
    book.homes()
    book.write()
    offices.forget()
    return cast


def _stage(city: Area, options: Options) -> Cast:
    every = places.descendants(city, Level.COMMUNITY)
    district = next((a for a in places.children(city) if a.code == STAGE_DISTRICT), None)
    home = [a for a in every if district and district.id <= a.id < district.hi] or every
    # The lively ones: the stage's neighbours first, then every so many elsewhere.
    others = [a for a in every if a not in home]
    half = options.lively // 2
    step = max(1, len(others) // max(1, options.lively - half))
    lively = [*home[:half], *others[::step]][: options.lively]
    known = {a.id for a in lively}
    return Cast(lively[0], lively, [a for a in every if a.id not in known])


class _Book:
    """Rows in the making; keys are drawn from the sequences first."""

    def __init__(self, options: Options, cast: Cast, dice: Random) -> None:
        self.options, self.cast, self.dice = options, cast, dice
        self.accounts: list[Account] = []
        self.hats: list[Appointment] = []
        self.roles: dict[str, str] = {}
        self.since = options.first_day - timedelta(days=400)
        self.by_area: dict[int, Unit] = {}
        self.by_code: dict[str, Unit] = {}

    def units(self, city: Area) -> None:
        """Committees, street offices, and the departments of the pack."""
        rows = [
            Unit(code=a.code, name=_office(a), kind="street_office", area=a)
            for a in places.descendants(city, Level.STREET)
        ]
        rows += [
            Unit(code=a.code, name=a.name, kind="committee", area=a)
            for a in places.descendants(city, Level.COMMUNITY)
        ]
        rows += [
            Unit(code=u.code, name=u.title, kind=u.kind.value, area=city)
            for u in current().section(UnitsPolicy).units
        ]
        for row, key in zip(rows, numbers(Unit, len(rows)), strict=True):
            row.pk = key
        pour(rows)
        self.by_area = {u.area_id: u for u in rows if u.kind in ("committee", "street_office")}
        self.by_code = {u.code: u for u in rows}
        self.cast.units = {u.code: u.pk for u in rows}
        self.cast.seats = {area: unit.pk for area, unit in self.by_area.items()}

    def hire(self, unit: Unit, area: Area, post: str, demo: str = "") -> Account:
        """One more account with one hat."""
        name = names.person(self.dice)
        login = f"demo{len(self.accounts) + 1:05d}"
        account = Account(
            kind="staff", login=login, name=name, password=NO_PASSWORD, demo=demo, home=None
        )
        self.accounts.append(account)
        self.wear(account, unit, area, post)
        return account

    def wear(self, account: Account, unit: Unit, area: Area, post: str) -> None:
        """One more hat for an account."""
        hat = Appointment(account=account, unit=unit, area=area, post=post, since=self.since)
        self.hats.append(hat)

    def offices(self, city: Area) -> None:
        """City, districts, streets and departments."""
        command = self.by_code["command"]
        self.hire(command, city, "duty_head", "duty_head")
        self.hire(command, city, "auditor", "auditor")
        for district in places.children(city):
            self.hire(command, district, "district_duty")
            shown = "organiser" if district.code == STAGE_DISTRICT else ""
            self.hire(
                self.by_code.get("organisation", command), district, "district_organiser", shown
            )
        for unit in self.by_code.values():
            if unit.kind in ("committee", "street_office"):
                continue
            self.hire(unit, city, "department_worker", SHOWN.get(unit.code, ""))
            self.hire(unit, city, "department_worker")
            self.hire(unit, city, "department_head")
        for code, post in OFFICES:
            if code in self.by_code:
                self.hire(self.by_code[code], city, post, post)
        stage = enclosing(self.cast.stage.id, Level.STREET)
        for street in places.descendants(city, Level.STREET):
            unit = self.by_area[street.id]
            self.hire(unit, street, "street_worker", "street_worker" if street.id == stage else "")
            self.hire(unit, street, "street_worker")

    def communities(self) -> None:
        """A clerk everywhere, who heads the grids of a quiet community; in the lively ones more people."""
        for area in self.cast.lively:
            self._lively(area)
        seen = 0
        for area in self.cast.quiet:
            unit = self.by_area[area.id]
            clerk = self.hire(unit, area, "clerk")
            for grid in places.children(area):
                seen += 1
                self.wear(clerk, unit, grid, "grid_head")
                if seen % VACANT_EVERY:
                    self.hire(unit, grid, "grid_worker")

    def _lively(self, area: Area) -> None:
        """A head, two clerks, and for each grid a head and a worker; the stage's last grid waits for its head."""
        unit, shown = self.by_area[area.id], area.id == self.cast.stage.id
        self.hire(unit, area, "community_head", "community_head" if shown else "")
        self.hire(unit, area, "clerk", "clerk" if shown else "")
        self.hire(unit, area, "clerk")
        grids = places.children(area)
        for number, grid in enumerate(grids):
            if not (shown and grid is grids[-1] and number):
                self.hire(unit, grid, "grid_head")
            first = shown and not number
            self.hire(unit, grid, "grid_worker", "grid_worker" if first else "")

    def homes(self) -> None:
        """Residents: many where it is lively, two where it is quiet."""
        counts = [(a, HOMES) for a in self.cast.lively]
        counts[0] = (self.cast.stage, HOMES_ON_STAGE)
        counts += [(a, HOMES_ELSEWHERE) for a in self.cast.quiet]
        number = 0
        for area, count in counts:
            for _home in range(count):
                number += 1
                self.accounts.append(
                    Account(
                        kind="resident",
                        name=names.person(self.dice),
                        phone=names.phone(number),
                        home=area,
                        demo="resident" if number == 1 else "",
                    )
                )

    def write(self) -> None:
        """Everybody into the tables, and into the cast."""
        keys = numbers(Account, len(self.accounts))
        for account, key in zip(self.accounts, keys, strict=True):
            account.pk = key
        pour(self.accounts)
        for hat, key in zip(self.hats, numbers(Appointment, len(self.hats)), strict=True):
            hat.pk, hat.account = key, hat.account  # again: its key is known only now
        pour(self.hats)
        for hat in self.hats:
            self._known(hat)
        number = 0
        for account in self.accounts:
            if account.kind != "resident":
                continue
            number += 1
            hand = Hand(account.pk, account.name, "resident", phone=names.phone(number))
            self.cast.residents[account.home_id or 0].append(hand)
            if account.demo:
                self.cast.demo[account.demo] = hand

    def _known(self, hat: Appointment) -> None:
        if hat.post not in self.roles:
            role = role_of(hat.post)
            self.roles[hat.post] = role.code if role else ""
        hand = Hand(
            hat.account_id,
            hat.account.name,
            self.roles[hat.post],
            hat.pk,
            hat.post,
            hat.unit_id,
            hat.area.id,
            hat.area.hi,
        )
        self.cast.staff[hat.unit_id, hat.post].append(hand)
        self.cast.members[hat.unit_id].append(hand)
        if hat.account.demo:
            self.cast.demo[hat.account.demo] = hand


def _office(street: Area) -> str:
    """A street's or town's office, as its board says."""
    name = street.name
    if name.endswith(("办事处", "政府", "委员会", "管委会")):
        return name
    return f"{name}人民政府" if name.endswith(("镇", "乡")) else f"{name}办事处"
