"""Which area a row belongs to, from the names or codes that it says; asked once for each different wording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from linli.capabilities.registry.reading import Plan
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.addresses import Named, Names
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, short_name

WORDS = ("residence.district", "residence.street", "residence.community", "residence.grid")
ADDRESSES = ("residence.address", "home.address", "residence.registered_address")
_HEAD = r"^(.*?(?:社区|居委会|村委会|村民委员会|居民委员会|[^新]村))"
Found = tuple[int | None, str | None]
UNKNOWN: Found = (None, "residence.community:area.unknown")
AMBIGUOUS: Found = (None, "residence.community:area.ambiguous")
OUTSIDE: Found = (None, "residence.community:area.scope")


class Placing:
    """The areas that rows of one import may name."""

    def __init__(self, act: Act, plan: Plan, home: int) -> None:
        """`home` is the batch's area: where rows go that name none, if it is a community or a grid."""
        self.act, self.plan = act, plan
        fine = places.area(home).level in (Level.COMMUNITY, Level.GRID)
        self.default: Found = (home if fine else None, None)
        self.within = places.span(home)
        self.by_name: Mapping[str, list[Area]] = self._named()
        self._names: Names | None = None

    def _named(self) -> dict[str, list[Area]]:
        found: dict[str, list[Area]] = defaultdict(list)
        for level in (Level.COMMUNITY, Level.GRID):
            for each in places.at_level(level):
                for word in {each.name, short_name(each.name), each.code}:
                    found[word].append(each)
        return found

    def place(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with `area` and, where there is none, `area_wrong`."""
        used = self.plan.used
        columns = [used[code] for code in (*WORDS, *ADDRESSES) if code in used]
        if not columns:
            area, wrong = self.default
            return rows.with_columns(
                area=pl.lit(area, dtype=pl.Int64), area_wrong=pl.lit(wrong, dtype=pl.String)
            )
        said = rows.select(self._said())
        different = said.unique()
        told = [self._find(*row) for row in different.iter_rows()]
        table = different.with_columns(
            area=pl.Series([area for area, _w in told], dtype=pl.Int64),
            area_wrong=pl.Series([wrong for _a, wrong in told], dtype=pl.String),
        )
        joined = said.join(
            table, on=said.columns, how="left", nulls_equal=True, maintain_order="left"
        )
        return rows.with_columns(joined["area"], joined["area_wrong"])

    def _said(self) -> list[pl.Expr]:
        """District, street, community, grid and the areas at the head of the address."""
        used = self.plan.used
        words = [
            (pl.col(used[code]) if code in used else pl.lit(None, dtype=pl.String)).alias(code)
            for code in WORDS
        ]
        known = [pl.col(used[code]) for code in ADDRESSES if code in used]
        if "residence.community" in used or not known:
            return [*words, pl.lit(None, dtype=pl.String).alias("address")]
        head = pl.coalesce(known).str.extract(_HEAD, 1)
        return [*words, head.alias("address")]

    def _find(
        self,
        district: str | None,
        street: str | None,
        community: str | None,
        grid: str | None,
        address: str | None,
    ) -> Found:
        said = community or None
        if said is None and address is None and grid is None:
            return self.default
        above = [word for word in (district, street) if word]
        if said is None and address is not None:
            found = self._in_address(address)
        else:
            found = self._one(said or grid or "", above)
        if found[0] is not None and grid and said:
            found = self._grid(found[0], grid, found)
        if found[0] is not None and not self.act.sees(found[0]):
            return OUTSIDE
        return found

    def _one(self, word: str, above: list[str]) -> Found:
        plain = "".join(word.split())
        known = self.by_name.get(plain) or self.by_name.get(short_name(plain)) or []
        inside = [each for each in known if each.id in self.within]
        if not inside:
            return OUTSIDE if known else UNKNOWN
        if len(inside) > 1 and above:
            inside = [each for each in inside if self._under(each, above)] or inside
        if len(inside) > 1:
            inside = [each for each in inside if self.act.sees(each.id)] or inside
        return (inside[0].id, None) if len(inside) == 1 else AMBIGUOUS

    def _under(self, area: Area, above: list[str]) -> bool:
        names = {short_name(each.name) for each in places.ancestors(area)}
        return all(short_name(word) in names for word in above)

    def _grid(self, community: int, word: str, otherwise: Found) -> Found:
        for each in self.by_name.get(word, ()):
            if each.id in places.span(community):
                return each.id, None
        return otherwise

    def _in_address(self, head: str) -> Found:
        if self._names is None:
            self._names = Names(
                Named(each.id, Level(each.level), each.name, each.parent_id)
                for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY)
                for each in places.at_level(level)
            )
        found = [
            each
            for each in self._names.find(head, self.within.lo, self.within.hi)
            if places.area(each.area).level == Level.COMMUNITY
        ]
        if not found:
            return self.default if self.default[0] else UNKNOWN
        best = [each for each in found if each.weight == found[0].weight]
        return (best[0].area, None) if len(best) == 1 else AMBIGUOUS
