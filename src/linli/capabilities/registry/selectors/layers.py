"""Layers of the desk's map: facilities, and the houses in which people with sensitive marks live (R095)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Facility
from linli.capabilities.registry.selectors import kinds, marked
from linli.capabilities.registry.selectors.sight import within
from linli.capabilities.registry.verbs import READ, SENSITIVE
from linli.kernel.acts import Act
from linli.kernel.places.rules import Level, level_of
from linli.ui.manifest import Layer, Spot

STATES = {"good": _("完好"), "damaged": _("损坏"), "lost": _("缺失")}
TONES = {"good": "good", "damaged": "warn", "lost": "bad"}
# Of a whole district nobody needs a map of people with marks.
NEAR = (Level.STREET, Level.COMMUNITY, Level.GRID)


def layers(act: Act) -> Iterator[Layer]:
    """What the registry shows on the map to whoever may see it."""
    if not act.spans:
        return
    if act.may(READ.code):
        yield _facilities(act)
    near = all(level_of(span.lo) in NEAR for span in act.spans)
    if near and act.sensitive and act.may(SENSITIVE.code):
        yield _marked(act)


def spot_of(row: Facility, titles: dict[str, str]) -> Spot:
    """A facility as it stands on a map."""
    return Spot(
        lon=row.lon or 0.0,
        lat=row.lat or 0.0,
        title=row.name,
        href=reverse("registry:facility", args=[row.pk]),
        text=titles.get(row.code, row.code),
        state=str(STATES.get(row.state, "")),
        tone=TONES.get(row.state, "info"),
    )


def _facilities(act: Act) -> Layer:
    present = Facility.objects.filter(within(act), until__isnull=True)
    here = present.filter(lon__isnull=False)
    titles = kinds.section().facility_titles
    return Layer(
        code="facilities",
        title=_("设施"),
        label=_("设施在哪里"),
        legend=tuple((words, TONES[state]) for state, words in STATES.items()),
        spots=lambda most: [spot_of(row, titles) for row in here.order_by("pk")[:most]],
        count=lambda most: here[:most].count(),
        lost=lambda most: present.filter(lon__isnull=True)[:most].count(),
        whole=reverse("registry:facilities"),
    )


def _marked(act: Act) -> Layer:
    titles, people = marked.marks_of(act), reverse("registry:people")

    def spot(house: marked.House) -> Spot:
        return Spot(
            lon=house.lon,
            lat=house.lat,
            title=house.address,
            href=f"{people}?{urlencode({'area': house.area, 'tag': min(house.marks)})}",
            text=" · ".join(f"{titles[code]} {n}" for code, n in sorted(house.marks.items())),
            state=_t("%(n)s 个标签") % {"n": house.marks.total()},
        )

    return Layer(
        code="marked",
        title=_("重点人员"),
        label=_("有敏感标签的人住在哪些楼，只显示人数"),
        legend=((_("重点人员"), "info"),),
        spots=lambda most: [spot(each) for each in marked.houses(act)[:most]],
        count=lambda most: min(most, marked.count(act)),
        whole=people,
    )
