"""Reads of matters, already narrowed to what the actor may see."""

from linli.capabilities.matters.selectors.counts import (
    CHANNELS,
    Figure,
    average_days,
    by_grid,
    day_counts,
    figures,
    map_count,
    map_points,
    total,
)
from linli.capabilities.matters.selectors.detail import Detail, Step, barred, detail, find, steps
from linli.capabilities.matters.selectors.evidence import sees
from linli.capabilities.matters.selectors.filters import Filters
from linli.capabilities.matters.selectors.lists import (
    PAGE,
    Page,
    Row,
    exported,
    listed,
    listed_rows,
)
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.public import (
    Alike,
    following,
    latest_mine,
    lookalikes,
    marks,
    popular_items,
    projected,
    public_figures,
)
from linli.capabilities.matters.selectors.sight import in_sight, own, touching

__all__ = [
    "CHANNELS",
    "PAGE",
    "Alike",
    "Detail",
    "Figure",
    "Filters",
    "Page",
    "Row",
    "Step",
    "average_days",
    "barred",
    "by_grid",
    "day_counts",
    "detail",
    "exported",
    "figures",
    "find",
    "following",
    "in_sight",
    "latest_mine",
    "listed",
    "listed_rows",
    "lookalikes",
    "map_count",
    "map_points",
    "marks",
    "names",
    "own",
    "sees",
    "popular_items",
    "projected",
    "public_figures",
    "steps",
    "total",
    "touching",
]
