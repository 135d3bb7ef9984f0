"""One matter with everything around it, in two statements: the row, then its parts and facts."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _t

from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.rules import (
    OFFER_VERBS,
    RESIDENT_VERBS,
    Entry,
    base_of,
    holds,
    key_of,
)
from linli.capabilities.matters.selectors.lists import STATEMENTS_MOST
from linli.capabilities.matters.selectors.sight import touching
from linli.capabilities.matters.words import Line, line_of
from linli.kernel.access import offices
from linli.kernel.access.models import Account, Unit
from linli.kernel.acts import Act, prepared
from linli.kernel.flow import Diagram, Flow, Position, StageClock, actions_from, diagram, load
from linli.kernel.places import selectors as places

_AROUND = "SELECT messages, files, extensions, told FROM matters_around(%(key)s)"


@dataclass(frozen=True, slots=True)
class Step:
    """An action somebody may take now, or why not."""

    verb: str
    title: str
    allowed: bool
    reason: str
    needs: tuple[str, ...]


@dataclass(slots=True)
class Detail:
    """A matter opened."""

    matter: Matter
    entry: Entry | None
    unit: Unit | None
    offered: Unit | None
    lines: list[Line]
    messages: list[dict[str, Any]]
    files: list[dict[str, Any]]
    extensions: list[dict[str, Any]]
    clocks: list[StageClock]
    steps: list[Step]
    flow: Flow
    position: Position
    state_title: str
    grade: str = ""

    @property
    def diagram(self) -> Diagram:
        """The picture of the flow with what was done in it."""
        return diagram(self.flow, self.position)

    @property
    def way(self) -> Hashable:
        """What the picture depends on."""
        matter, done = self.matter, frozenset(self.position.done)
        return (matter.policy, matter.code, self.position.state, done, self.state_title)

    @property
    def wish(self) -> dict[str, Any] | None:
        """The extension that waits for a decision."""
        return next((x for x in self.extensions if x["decided"] is None), None)

    @property
    def promise(self) -> StageClock | None:
        """The clock of the promise, latest run."""
        return next((c for c in reversed(self.clocks) if c.code == "resolve"), None)

    def may(self, verb: str) -> bool:
        """Whether the actor may take a step now."""
        return any(s.verb == verb and s.allowed for s in self.steps)


_ANY = -1  # stands for the key while the statement is built
_NAMED = ("assignee", "reporter", "handler")
_statements: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}


def find(act: Act, number: str) -> Matter | None:
    """The matter of a number, if the actor may open it (one statement)."""
    key = key_of(number)
    if key is None or not (act.signed_in or act.key):
        return None
    statement, given = _statement(act)
    _met, rows = prepared.run(statement, [key if v == _ANY else v for v in given])
    if not rows:
        return None
    matter = Matter.opened_from(rows[0][: -len(_NAMED)])
    for name, called in zip(_NAMED, rows[0][-len(_NAMED) :], strict=True):
        account = getattr(matter, f"{name}_id")
        if account:
            setattr(matter, name, Account(pk=account, name=called))
    if matter.area_id in (tree := places.tree()).by_id:
        matter.area = tree.by_id[matter.area_id]
    return matter


def _statement(act: Act) -> tuple[str, tuple[Any, ...]]:
    """The SQL that opens one matter in an actor's sight; building it costs more than running it."""
    scope = (act.spans, act.unit, act.actor, act.key, act.unit_sight)
    if scope not in _statements:
        if len(_statements) > STATEMENTS_MOST:
            _statements.clear()
        called = {
            f"{name}_called": Subquery(Account.objects.filter(pk=OuterRef(name)).values("name")[:1])
            for name in _NAMED
        }
        rows = touching(act).filter(pk=_ANY).annotate(**called).order_by()
        made: tuple[str, tuple[Any, ...]] = rows.query.sql_with_params()
        _statements[scope] = made
    return _statements[scope]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _moment(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    for row in rows:
        for name in names:
            if row.get(name):
                row[name] = datetime.fromisoformat(row[name])
    return rows


def detail(act: Act, matter: Matter, *, public: bool) -> Detail:
    """Everything around a matter; `public`: only what the resident may read."""
    _met, around = prepared.run(_AROUND, {"key": matter.pk})
    messages, files, extensions, told = (_json(v) for v in around[0])
    facts = [(key, datetime.fromisoformat(at), *rest) for key, at, *rest in told]
    if public:
        messages = [m for m in messages if m["side"] != "internal"]
    flow = clocks.flow(matter)
    position = load(matter.position)
    if matter.anonymous:  # an account may stand behind it; nobody who handles it learns whose
        facts = [_unnamed(row) for row in facts]
        messages = [_silent(m) for m in messages]
    grades = {g.value: str(g.title) for g in clocks.policy_of(matter).ratings.grades}
    lines = [line_of(row, flow, public=public, grades=grades) for row in facts]
    state = flow.states.get(matter.state)
    return Detail(
        matter=matter,
        entry=clocks.entry(matter),
        unit=offices.unit(matter.unit_id),
        offered=offices.unit(matter.offered_unit_id),
        lines=[line for line in lines if line is not None],
        messages=_moment(messages, "at"),
        files=_moment(files, "at"),
        extensions=_moment(extensions, "asked", "decided"),
        clocks=clocks.clocks(matter, act.at),
        steps=steps(act, matter),
        flow=flow,
        position=position,
        grade=grades.get(matter.rating or 0, ""),
        state_title=(state.public_title if public and state else state.title if state else ""),
    )


def _unnamed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    name, kind = row[7], row[8]
    return (*row[:7], *((None, None) if kind == "resident" else (name, kind)), *row[9:])


def _silent(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "who": ""} if message["side"] == "resident" else message


def steps(act: Act, matter: Matter) -> list[Step]:
    """What the actor may do now, and why not the rest."""
    flow, position = clocks.flow(matter), load(matter.position)
    found = []
    for answer in actions_from(flow, position, act.roles, act.actor):
        action = flow.actions[answer.verb]
        why = "" if answer else getattr(answer, "words", "")
        why = why or _elsewhere(act, matter, answer.verb)
        found.append(Step(answer.verb, action.title, not why, why, action.needs))
    return found


def barred(act: Act, matter: Matter, verb: str) -> bool:
    """Whether the flow knows the verb and the actor cannot do it as the matter stands."""
    if not any(base_of(each) == verb for each in clocks.flow(matter).actions):
        return False
    return not any(step.allowed and base_of(step.verb) == verb for step in steps(act, matter))


def _elsewhere(act: Act, matter: Matter, verb: str) -> str:
    base = base_of(verb)
    if not act.may(base):
        return _t("您的岗位没有这项权限。")
    if base in OFFER_VERBS:
        if matter.offered_unit_id is None:
            return _t("没有待接收的转办。")
        return "" if act.unit == matter.offered_unit_id else _t("不是转给您单位的。")
    own = (act.actor and act.actor == matter.reporter_id) or (
        act.key is not None and act.key == matter.visitor
    )
    if base == "matters.rate" and not own:
        return _t("由反映人评价。")
    if base in RESIDENT_VERBS:
        return ""
    if not holds(base, unit=act.unit, holder_unit=matter.unit_id):
        unit = offices.unit(matter.unit_id)
        return _t("现由“%(unit)s”负责。") % {"unit": unit.name if unit else "—"}
    return ""
