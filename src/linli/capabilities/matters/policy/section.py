"""The whole section `matters`, and the flow with the clock's norms woven in."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from linli.capabilities.matters.policy.catalogue import (
    ClassCode,
    Duty,
    EventClass,
    Group,
    ServiceItem,
)
from linli.capabilities.matters.policy.clock import (
    Clock,
    Duplicates,
    Papers,
    Photos,
    Query,
    Ratings,
)
from linli.capabilities.matters.policy.hotline import Hotline
from linli.capabilities.matters.policy.routes import Route
from linli.kernel.calendar.terms import Term
from linli.kernel.flow.shape import Action, Flow, Shares
from linli.kernel.policy.shapes import InForce, Level, PostCode, Source, Status, Strict
from linli.ui.spoken import Spoken

# Versions applied before packs said it stay readable.
_PAPERS = Papers(
    source=Source(document=Spoken("默认示例，待各地核定")),
    status=Status.DEFAULT,
    in_force=InForce(),
    reuse_days=365,
)


class MattersPolicy(Strict):
    """Section `matters`."""

    groups: tuple[Group, ...]
    items: tuple[ServiceItem, ...]
    classes: tuple[EventClass, ...]
    fallback_class: ClassCode
    ladder: tuple[PostCode, ...] = Field(min_length=2)
    routes: tuple[Route, ...] = Field(min_length=1)
    flow: Flow
    clock: Clock
    ratings: Ratings
    hotline: Hotline
    duplicates: Duplicates
    query: Query
    photos: Photos
    papers: Papers = _PAPERS
    duties: tuple[Duty, ...] = ()

    @model_validator(mode="after")
    def _routes_end(self) -> Self:
        if not max(self.routes, key=lambda route: route.order).catches_all:
            raise ValueError("routes: the last route (highest `order`) must match everything")
        return self

    @cached_property
    def machine(self) -> Flow:
        """The flow to run: stage terms, warnings, how long an extension is and who decides on it come from the clock."""
        clock = self.clock
        shares = Shares(yellow=clock.warnings.yellow / 100, red=clock.warnings.red / 100)
        stages = {
            code: stage.model_copy(update={"term": self.stage_term(code), "warn": shares})
            for code, stage in self.flow.stages.items()
        }
        actions = {verb: self._limited(action) for verb, action in self.flow.actions.items()}
        waits = tuple(
            each.model_copy(update={"idle": clock.idle.term}) if each.idle else each
            for each in self.flow.escalations
        )
        return self.flow.model_copy(
            update={"stages": stages, "actions": actions, "escalations": waits}
        )

    def stage_term(self, code: str) -> Term | None:
        """The clock's window of that name; none where class or item gives the term."""
        window = getattr(self.clock, code, None)
        return getattr(window, "term", None)

    def _limited(self, action: Action) -> Action:
        if action.kind != "extend":
            return action
        rule = self.clock.extension
        woven = {"up_to": rule.longest, "limit": rule.times, "roles": rule.decided_by}
        return action.model_copy(update=woven)

    @cached_property
    def ordered_routes(self) -> tuple[Route, ...]:
        """Routes in the order they are tried."""
        return tuple(sorted(self.routes, key=lambda route: (route.order, route.code)))

    def route(
        self, entry: str, level: Level, channel: str = "web", *, is_item: bool = False
    ) -> Route:
        """The first route that takes a matter of this class or item (LookupError: unknown)."""
        found = self.item(entry) if is_item else self.event_class(entry)
        if found is None:
            raise LookupError(f"the pack has no {'item' if is_item else 'class'} {entry}")
        return next(
            route
            for route in self.ordered_routes
            if route.matches(entry, found.group, level, channel, is_item=is_item)
        )

    def item(self, code: str) -> ServiceItem | None:
        """The service item of that code."""
        return self.items_by_code.get(code)

    def event_class(self, code: str) -> EventClass | None:
        """The event class of that code."""
        return self.classes_by_code.get(code)

    @cached_property
    def duty_by_group(self) -> dict[str, Duty]:
        """Which duty of a grid worker a group of classes belongs to."""
        return {group: duty for duty in self.duties for group in duty.groups}

    def duty_of(self, entry: str) -> Duty | None:
        """The duty that a matter of this class or item counts under; none where no duty covers it."""
        if (found := self.event_class(entry)) is not None:
            return self.duty_by_group.get(found.group)
        if self.item(entry) is not None:
            return next((duty for duty in self.duties if duty.items), None)
        return None

    @cached_property
    def items_by_code(self) -> dict[str, ServiceItem]:
        """The service items by code."""
        return {item.code: item for item in reversed(self.items)}

    @cached_property
    def classes_by_code(self) -> dict[str, EventClass]:
        """The event classes by code."""
        return {entry.code: entry for entry in reversed(self.classes)}
