"""What ordered changes of the map come to, before anything is written.

An area that moves gets a new interval and every number inside it moves by the same distance; an area that is dissolved
hands what is left to another. A renamed or re-coded area keeps its numbers. Pure: no Django, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from linli.kernel.acts.act import Refusal, Span

from . import rules
from .orders import LABELS_ZH, Order, Orders, Part
from .planning import Known
from .rules import Level


@dataclass(frozen=True, slots=True)
class Fresh:
    """An area to be made: `key` until it has a number; `old` is the area it carries on, if any."""

    key: str
    level: Level
    code: str
    name: str
    under: int | str
    old: int | None = None
    kind: str = ""


@dataclass(slots=True)
class Blueprint:
    """What the orders come to, before new areas have numbers (`key`s stand for them).

    `moved`: an area and the key of its new self; `dissolved`: an area and who receives what is left; `told`: an area's
    new code and name; `parcels`: (key or id of the receiver, the area it comes out of, names);
    `outlines`: receiver → the areas whose ground it is made of; `losses`: an area → whose ground it loses.
    """

    fresh: list[Fresh] = field(default_factory=list)
    moved: list[tuple[int, str]] = field(default_factory=list)
    dissolved: list[tuple[int, int | str]] = field(default_factory=list)
    told: list[tuple[int, str, str]] = field(default_factory=list)
    parcels: list[tuple[int | str, int, tuple[str, ...]]] = field(default_factory=list)
    outlines: dict[int | str, list[int]] = field(default_factory=dict)
    losses: dict[int, list[int]] = field(default_factory=dict)


class Drawing:
    """Turns orders into a blueprint, against the areas as they stand."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_code = {each.code: each for each in known}
        self.by_id = {each.id: each for each in self.by_code.values()}
        self.print = Blueprint()
        self.touched: set[int] = set()
        self.numbers: dict[int | str, int] = {}

    def draw(self, plan: Orders) -> Blueprint:
        """The blueprint of a plan; refuses orders that contradict the map or each other."""
        for order in plan.orders:
            getattr(self, f"_{order.kind}")(order)
        self._codes_once()
        return self.print

    def _area(self, code: str, *levels: Level) -> Known:
        found = self.by_code.get(code)
        if found is None:
            raise Refusal(f"没有代码为 {code} 的区域。", field="code", code="code")
        if levels and found.level not in levels:
            raise Refusal(f"“{found.name}”不是能这样调整的层级。", field="code", code="level")
        return found

    def _take(self, code: str, *levels: Level) -> Known:
        found = self._area(code, *levels)
        if found.id in self.touched:
            raise Refusal(f"“{found.name}”在方案里出现了不止一次。", field="code", code="twice")
        self.touched.add(found.id)
        return found

    def _one(self, order: Order) -> tuple[Known, Part]:
        if len(order.subjects) != 1 or len(order.parts) != 1:
            raise Refusal(f"{LABELS_ZH[order.kind]}只能写一个区域。", code="one")
        return self._take(order.subjects[0]), order.parts[0]

    def _rename(self, order: Order) -> None:
        area, part = self._one(order)
        if not part.name:
            raise Refusal(f"“{area.name}”更名须写明新名称。", field="name", code="name")
        self.print.told.append((area.id, area.code, part.name))

    def _recode(self, order: Order) -> None:
        area, part = self._one(order)
        if not part.code:
            raise Refusal(f"“{area.name}”须写明新代码。", field="code", code="code")
        self.print.told.append((area.id, part.code, part.name or area.name))
        if area.level == Level.COMMUNITY:
            self._follow_code(area, part.code)

    def _follow_code(self, area: Known, code: str) -> None:
        """Grids that carry their community's code go with it."""
        for each in self._inside(area):
            if each.code.startswith(area.code) and each.id not in self.touched:
                self.touched.add(each.id)
                self.print.told.append((each.id, code + each.code[len(area.code) :], each.name))

    def _inside(self, area: Known) -> list[Known]:
        span = rules.span_of(area.id)
        inside = (each for each in self.by_id.values() if each.id in span and each.id != area.id)
        return sorted(inside, key=lambda each: each.id)

    def _move(self, order: Order) -> None:
        area, part = self._one(order)
        if not part.under:
            raise Refusal(
                f"“{area.name}”划转须写明划到哪里（under）。", field="under", code="under"
            )
        above = self._area(part.under)
        if rules.LEVELS.index(above.level) >= rules.LEVELS.index(area.level):
            raise Refusal(f"“{area.name}”不能划到“{above.name}”之下。", field="under", code="level")
        if area.parent == above.id:
            raise Refusal(f"“{area.name}”已经在“{above.name}”之下。", field="under", code="there")
        code = part.code or (self._next(above.id, above.code) if self._is_grid(area) else area.code)
        self._carry(area, above.id, code, part.name or area.name)
        if area.parent is not None:
            self.print.losses.setdefault(area.parent, []).append(area.id)
        self.print.outlines.setdefault(above.id, []).extend((above.id, area.id))

    @staticmethod
    def _is_grid(area: Known) -> bool:
        return area.level == Level.GRID

    def _next(self, under: int | str, code: str) -> str:
        """The next free grid code of a community."""
        taken = set(self.by_code) | {each.code for each in self.print.fresh}
        number = self.numbers.get(under, 1)
        while rules.grid_code(code, number) in taken:
            number += 1
        self.numbers[under] = number + 1
        return rules.grid_code(code, number)

    def _carry(self, area: Known, under: int | str, code: str, name: str) -> None:
        """An area and all inside it go to new numbers under another."""
        key = f"new:{code}"
        self.print.fresh.append(Fresh(key, area.level, code, name, under, area.id))
        self.print.moved.append((area.id, key))
        for each in self._inside(area):
            if each.id in self.touched:
                raise Refusal(f"“{each.name}”在方案里出现了不止一次。", field="code", code="twice")
            self.touched.add(each.id)

    def _split(self, order: Order) -> None:
        if len(order.subjects) != 1 or not order.parts:
            raise Refusal("拆分须写明一个社区和拆成哪些（into）。", code="one")
        area = self._take(order.subjects[0], Level.COMMUNITY)
        receivers: dict[str, int | str] = {}
        for part in order.parts:
            receivers[part.code] = self._receiver(area, part)
        self._share(area, order.parts, receivers)
        if area.code not in receivers:
            first = receivers[order.parts[0].code]
            self._grids_left(area, first, order.parts[0].code)
            self.print.dissolved.append((area.id, first))
            self.print.outlines.setdefault(first, []).append(area.id)

    def _receiver(self, area: Known, part: Part) -> int | str:
        """The area that a part of a split goes to: the old one, or a new one."""
        if part.code == area.code:
            if part.name and part.name != area.name:
                self.print.told.append((area.id, area.code, part.name))
            return area.id
        if not part.code or not part.name:
            raise Refusal(f"“{area.name}”拆出的社区须写明代码和名称。", field="into", code="part")
        return self._fresh(part, self._area(part.under).id if part.under else area.parent)

    def _fresh(self, part: Part, under: int | None) -> str:
        if under is None:
            raise Refusal(f"“{part.name}”须写明上级（under）。", field="under", code="under")
        key = f"new:{part.code}"
        kind = rules.kind_of(part.code)
        made = Fresh(key, Level.COMMUNITY, part.code, part.name, under, None, kind)
        self.print.fresh.append(made)
        return key

    def _share(
        self, area: Known, parts: Sequence[Part], receivers: Mapping[str, int | str]
    ) -> None:
        for part in parts:
            receiver = receivers[part.code]
            for code in part.grids:
                grid = self._take(code, Level.GRID)
                if grid.parent != area.id:
                    raise Refusal(
                        f"网格 {code} 不在“{area.name}”。", field="grids", code="elsewhere"
                    )
                if receiver != area.id:
                    self._carry(grid, receiver, self._next(receiver, part.code), grid.name)
                    self.print.outlines.setdefault(receiver, []).append(grid.id)
                    self.print.losses.setdefault(area.id, []).append(grid.id)
            if part.parcels and receiver != area.id:
                self.print.parcels.append((receiver, area.id, part.parcels))

    def _grids_left(self, area: Known, receiver: int | str, code: str) -> None:
        for grid in self._inside(area):
            if grid.level == Level.GRID and grid.id not in self.touched:
                self.touched.add(grid.id)
                self._carry(grid, receiver, self._next(receiver, code), grid.name)

    def _merge(self, order: Order) -> None:
        if len(order.parts) != 1 or not order.subjects:
            raise Refusal("合并须写明哪些社区并入哪一个（into）。", code="one")
        part = order.parts[0]
        areas = [self._take(code, Level.COMMUNITY, Level.GRID) for code in order.subjects]
        target = self.by_code.get(part.code)
        if target is None and areas[0].level == Level.GRID:
            raise Refusal("网格只能并入现有的网格。", field="into", code="level")
        receiver: int | str
        if target is not None:
            receiver = self._merge_into(target, part, areas)
        else:
            under = self._area(part.under).id if part.under else areas[0].parent
            if not part.name:
                raise Refusal("合并成的社区须写明名称。", field="name", code="name")
            receiver = self._fresh(part, under)
        self.print.outlines.setdefault(receiver, []).extend(each.id for each in areas)
        for each in areas:
            if each.id != receiver:
                self._grids_left(each, receiver, part.code)
                self.print.dissolved.append((each.id, receiver))

    def _merge_into(self, target: Known, part: Part, areas: Sequence[Known]) -> int:
        if any(each.level != target.level for each in areas):
            raise Refusal("只有同一层级的区域才能合并。", field="into", code="level")
        if target.id not in {each.id for each in areas}:
            self._take(target.code)
            self.print.outlines.setdefault(target.id, []).append(target.id)
        if part.name and part.name != target.name:
            self.print.told.append((target.id, target.code, part.name))
        return target.id

    def _codes_once(self) -> None:
        """Each code belongs to one area once all is done."""
        gone = {lo for lo, _to in self.print.dissolved} | {lo for lo, _key in self.print.moved}
        inside = {
            each.id for lo in gone for each in self._inside(self.by_id[lo]) if lo in self.by_id
        }
        told = {lo for lo, _code, _name in self.print.told}
        left = [e.code for e in self.by_id.values() if e.id not in gone | told | inside]
        final = [*left, *(code for _lo, code, _name in self.print.told)]
        final += [each.code for each in self.print.fresh]
        twice = sorted({code for code in final if final.count(code) > 1}) if _doubles(final) else []
        if twice:
            raise Refusal(f"代码 {twice[0]} 会有两个区域，请核对方案。", field="code", code="twice")


def _doubles(codes: Sequence[str]) -> bool:
    return len(set(codes)) != len(codes)


def draw(known: Iterable[Known], plan: Orders) -> Blueprint:
    """What a plan comes to; refuses it as a whole when any order cannot be."""
    return Drawing(known).draw(plan)


def leftovers(span: Span, gone: Iterable[Span]) -> list[Span]:
    """The parts of an interval that lie in none of the others."""
    left, at = [], span.lo
    for each in sorted(gone):
        if each.lo > at:
            left.append(Span(at, min(each.lo, span.hi)))
        at = max(at, each.hi)
    if at < span.hi:
        left.append(Span(at, span.hi))
    return [each for each in left if each.lo < each.hi]
