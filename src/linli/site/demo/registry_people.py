"""The demonstration city's people: households by the registry's own mill, with work, tags, guardians and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Any

import numpy as np
from django.db.models import Model

from linli.capabilities.matters.forms.window import SAMPLE_ID
from linli.capabilities.registry.models import (
    Bond,
    Consent,
    Home,
    Household,
    Mark,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.registry.rules.names import sort_key
from linli.capabilities.registry.rules.people import age_on
from linli.capabilities.registry.synthetic import read_names
from linli.capabilities.registry.synthetic.households import CHILD, HEAD, MOTHER, SECOND, numbers
from linli.capabilities.registry.synthetic.households import settle as households
from linli.kernel.acts.pouring import pour
from linli.kernel.vault.idnumber import parse
from linli.site.demo import names
from linli.site.demo.options import SHANGHAI, Options
from linli.site.demo.people import Cast, Hand
from linli.site.demo.registry_lives import (
    BLANKS,
    TAGS,
    Sketch,
    Tag,
    community_of,
    life,
    relation,
)
from linli.site.demo.registry_places import Site
from linli.site.demo.writing import numbers as keys

NO_PAPERS = 0.012  # of so many people nobody has seen a document
GONE = 0.02  # of so many people an earlier home here is known
# Counties that do not exist, so that nobody takes a number for a real person's.
LOCAL, AFAR = 320299, (340199, 410199, 510199, 321099, 330299, 360199)
KINDS = (("registered", 0.70), ("floating", 0.90), ("permanent", 0.97), ("lodging", 1.0))
ELDER = "沈桂英"
PURPOSE = "visit"
_PLACES = {"34": "安徽合肥", "41": "河南郑州", "51": "四川成都", "33": "浙江宁波", "36": "江西南昌"}


class Settlers:
    """Everybody, in the making."""

    def __init__(self, options: Options, cast: Cast, batches: dict[int, dict[str, int]]) -> None:
        self.options, self.cast, self.batches = options, cast, batches
        self.dice = Random(f"registry:{options.seed}")
        self.today = options.now.date()
        self.names = read_names(None)
        self.crowd: Iterator[list[Sketch]] = iter(())
        self.people: list[Person] = []
        self.households: list[Household] = []
        self.residences: list[Residence] = []
        self.ties: list[Tie] = []
        self.bonds: list[Bond] = []
        self.marks: list[Mark] = []
        self.consents: list[Consent] = []
        self.grown: dict[int, list[Person]] = {}
        self.elder: Person | None = None
        self.star: Person | None = None

    def come(self, count: int) -> None:
        """Make up so many people, household by household, no two with one number."""
        made = households(np.random.default_rng(self.options.seed), count, self.names)
        spelled = self.names.spell(made.surname, made.first, made.second).to_list()
        afar = np.array(AFAR)[made.household % len(AFAR)]
        numbered = numbers(np.where(made.household % 10 < 7, LOCAL, afar), made).to_list()
        first = date(1970, 1, 1)
        rows = (
            Sketch(
                spelled[n],
                numbered[n],
                bool(made.woman[n]),
                int(made.role[n]),
                first + timedelta(days=int(made.born[n])),
            )
            for n in range(count)
        )
        paired = zip(made.household.tolist(), rows, strict=True)
        self.crowd = (
            [row for _number, row in group] for _key, group in groupby(paired, itemgetter(0))
        )

    def move_in(self, site: Site, count: int) -> None:
        """Let about so many people move into a community's homes."""
        accounts = list(self.cast.residents.get(site.area.id, ()))
        wanted = len(self.people) + count
        for home in site.homes:
            rows = next(self.crowd, None)
            if rows is None or len(self.people) >= wanted:
                return
            self._household(site, home, rows, accounts)

    def _household(self, site: Site, home: Home, rows: list[Sketch], accounts: list[Hand]) -> None:
        dice, batch = self.dice, self.batches[site.area.id]
        throw = dice.random()
        kind = next(code for code, upto in KINDS if throw <= upto)
        home.use = "let" if kind == "floating" else "lent" if kind == "lodging" else "own"
        if dice.random() < 0.08:
            home.use = ""
        since = self.today - timedelta(days=dice.randrange(200, 7000))
        household = Household(
            area=home.area,
            home=home,
            number=f"{dice.randrange(10**8):08d}" if kind == "registered" else "",
            kind="family",
            since=since,
            sources={"*": batch["police"]},
        )
        self.households.append(household)
        members: list[Person] = []
        for row in rows:
            if row.role in (
                CHILD,
                SECOND,
            ):  # a child bears the name of the head, whoever that turned out to be
                row.name = members[0].name[:1] + row.name[1:]
            members.append(self._person(site, row, kind, accounts, rows))
        household.head = members[0]
        for person, row in zip(members, rows, strict=True):
            self._resides(person, row, home, household, kind, max(since, row.born))
        self._around(site, home, household, members, rows, kind)

    def _person(
        self, site: Site, row: Sketch, kind: str, accounts: list[Hand], rows: list[Sketch]
    ) -> Person:
        dice, batch = self.dice, self.batches[site.area.id]
        age = age_on(row.born, self.today)
        hand = self._hand(site, row, age, rows, accounts)
        name = hand.name if hand else row.name
        if (
            hand is None
            and self.elder is None
            and site.area == self.cast.stage
            and age >= 70
            and row.woman
        ):
            name, row.born, row.number = ELDER, parse(SAMPLE_ID, self.today).birth, SAMPLE_ID
        papers = name == ELDER or hand is not None or dice.random() >= NO_PAPERS
        number = len(self.people)
        phone = self._phone(number, age, hand, name)
        person = Person(
            name=name,
            pinyin=sort_key(name),
            sex="2" if row.woman else "1",
            born=row.born,
            document_kind="111" if papers else "",
            document=row.number if papers else None,
            phone=phone or None,
            ethnic="01" if dice.random() < 0.985 else "03",
            account_id=hand.account if hand else None,
            native_place="江苏无锡"
            if row.number.startswith("3202")
            else _PLACES.get(row.number[:2], ""),
            more={},
            sources={"*": batch["police"], "phone": batch["door"], "education": batch["door"]},
            changed=self.options.now - timedelta(days=dice.randrange(3, 25)),
            **life(row, age, dice),
        )
        if person.workplace:
            person.sources["workplace"] = batch["resident" if hand else "door"]
        self._remember(site, person, hand, age)
        return person

    def _remember(self, site: Site, person: Person, hand: Hand | None, age: int) -> None:
        """Who stands out: the elder, the demonstration's own resident, the grown-ups of a community."""
        if person.name == ELDER:
            self.elder = person
        if hand is not None and hand == self.cast.demo.get("resident"):
            self.star = person
        self.people.append(person)
        if age >= 18:
            self.grown.setdefault(site.area.id, []).append(person)

    def _hand(
        self, site: Site, row: Sketch, age: int, rows: list[Sketch], accounts: list[Hand]
    ) -> Hand | None:
        """The account of whoever signs in: grown-ups, the demonstration's own resident into a family with a child."""
        if not accounts or not 25 <= age <= 60 or row.role in (CHILD, SECOND, MOTHER):
            return None
        star = self.cast.demo.get("resident")
        if accounts[0] == star:
            child = any(r.role in (CHILD, SECOND) and age_on(r.born, self.today) < 14 for r in rows)
            return accounts.pop(0) if child and row.role == HEAD else None
        return accounts.pop(0) if self.dice.random() < 0.5 else None

    def _phone(self, number: int, age: int, hand: Hand | None, name: str) -> str:
        if hand is not None:
            return hand.phone
        if name == ELDER:
            return names.phone(9_999_999)
        blank = age < 12 or self.dice.random() < BLANKS["phone"]
        return "" if blank else names.phone(1_000_000 + number)

    def _resides(
        self, person: Person, row: Sketch, home: Home, household: Household, kind: str, since: date
    ) -> None:
        batch = self.batches[community_of(household)]
        self.residences.append(
            Residence(
                person=person,
                account_id=person.account_id,
                area=home.area,
                home=home,
                household=household,
                kind=kind,
                lives=True,
                relation=relation(row),
                since=since,
                sources={"*": batch["police"]},
            )
        )

    def _around(
        self,
        site: Site,
        home: Home,
        household: Household,
        members: list[Person],
        rows: list[Sketch],
        kind: str,
    ) -> None:
        """Owner, guardians, tags, consents, an earlier home."""
        dice, head = self.dice, members[0]
        if home.use == "own" and dice.random() < 0.7:
            self.ties.append(self._tie(site, head, home, household.since))
        if home.use == "let" and self.grown.get(site.area.id):
            owner = dice.choice(self.grown[site.area.id])
            self.ties.append(self._tie(site, owner, home, None))
        for person, row in zip(members, rows, strict=True):
            if age_on(row.born, self.today) < 18:
                self._guard(site, home, person, members, rows)
            self._tagged(site, home, person, row, len(rows))
            if row.role in (HEAD, MOTHER) and dice.random() < 0.4:
                self._agreed(home, person)
            if dice.random() < GONE:
                self._was_elsewhere(site, person, row)

    def _tie(self, site: Site, person: Person, home: Home, since: date | None) -> Tie:
        batch = self.batches[site.area.id]["housing"]
        return Tie(
            person=person,
            account_id=person.account_id,
            area=home.area,
            home=home,
            kind="owner",
            since=since,
            sources={"*": batch},
        )

    def _guard(
        self, site: Site, home: Home, child: Person, members: list[Person], rows: list[Sketch]
    ) -> None:
        adults = [
            p
            for p, r in zip(members, rows, strict=True)
            if age_on(r.born, self.today) >= 18 and r.role <= 1
        ]
        for adult in adults[:2]:
            self.bonds.append(
                Bond(
                    area=home.area,
                    person=child,
                    other=adult,
                    kind="guardian",
                    since=child.born,
                    sources={"*": self.batches[site.area.id]["police"]},
                )
            )

    def _tagged(self, site: Site, home: Home, person: Person, row: Sketch, size: int) -> None:
        age, dice = age_on(row.born, self.today), self.dice
        said = {
            "elder_80": age >= 80,
            "living_alone": age >= 70 and size == 1,
            "party_member": person.political == "01",
            "veteran": person.sex == "1" and age > 25 and dice.random() < 0.03,
            "low_income": dice.random() < 0.008,
            "disabled": dice.random() < 0.02,
            "volunteer": 20 <= age <= 72 and dice.random() < 0.03,
        }
        for code, held in said.items():
            if held:
                self.marks.append(self._mark(site, home, person, TAGS[code], row))

    def _mark(self, site: Site, home: Home, person: Person, tag: Tag, row: Sketch) -> Mark:
        dice = self.dice
        since = self.today - timedelta(days=dice.randrange(40, 900))
        if tag.code == "elder_80":
            since = row.born.replace(year=row.born.year + 80, day=min(row.born.day, 28))
        ends = tag.code in ("low_income", "living_alone")
        return Mark(
            person=person,
            account_id=person.account_id,
            area=home.area,
            code=tag.code,
            sensitive=tag.sensitive,
            basis=tag.basis,
            purpose=tag.purpose,
            more={},
            sources={"*": self.batches[site.area.id][tag.source]},
            since=since,
            until=self.today + timedelta(days=dice.randrange(60, 400)) if ends else None,
        )

    def _agreed(self, home: Home, person: Person) -> None:
        day = self.today - timedelta(days=self.dice.randrange(5, 200))
        self.consents.append(
            Consent(
                person=person,
                account_id=person.account_id,
                area=home.area,
                purpose=PURPOSE,
                basis="consent",
                by_guardian=False,
                given=datetime.combine(day, time(15, 20), SHANGHAI),
            )
        )

    def _was_elsewhere(self, site: Site, person: Person, row: Sketch) -> None:
        """An earlier home in the same community that was left."""
        other = self.dice.choice(site.homes)
        now = self.residences[-1]
        if other is now.home or now.since is None:
            return
        began = max(row.born, now.since - timedelta(days=self.dice.randrange(400, 2000)))
        self.residences.append(
            Residence(
                person=person,
                account_id=person.account_id,
                area=other.area,
                home=other,
                household=None,
                kind="permanent",
                lives=True,
                relation="",
                since=began,
                until=max(began, now.since),
                ending="moved",
                sources={"*": self.batches[site.area.id]["door"]},
            )
        )

    def write(self) -> None:
        """Everybody into the tables; homes are there already."""
        _keyed(Person, self.people)
        _keyed(Household, self.households)
        _keyed(Residence, self.residences)
        _rekeyed(self.households, "home", "head")
        _rekeyed(self.residences, "person", "home", "household")
        _rekeyed(self.ties, "person", "home")
        _rekeyed(self.bonds, "person", "other")
        _rekeyed([*self.marks, *self.consents], "person")
        pour(self.people)
        pour(self.households)
        pour([r for r in self.residences if r.until is None])
        pour([r for r in self.residences if r.until is not None])
        pour(self.ties)
        pour(self.bonds)
        pour(self.marks)
        pour(self.consents)


def _keyed(model: type[Model], rows: Sequence[Model]) -> None:
    for row, key in zip(rows, keys(model, len(rows)), strict=True):
        row.pk = key


def _rekeyed(rows: list[Any], *fields: str) -> None:
    """Take over keys that were drawn after the rows were made."""
    for row in rows:
        for name in fields:
            setattr(row, name, getattr(row, name))
