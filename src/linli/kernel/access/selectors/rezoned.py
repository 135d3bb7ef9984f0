"""What a change of the map leaves to be done about people: a committee to be founded, two that are one now."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from linli.kernel.access import offices
from linli.kernel.acts import Act
from linli.kernel.places import hanging
from linli.kernel.places import selectors as places
from linli.kernel.places.rezoning import Blueprint
from linli.kernel.places.rules import Level


def told(act: Act, drawn: Blueprint) -> list[str]:
    """A line for every community that a plan leaves without a committee or with two."""
    names: dict[int | str, str] = {each.key: each.name for each in drawn.fresh}
    kept = {key for _old, key in drawn.moved}
    given = [(lo, to) for lo, to in drawn.dissolved if offices.unit_over(lo, offices.COMMITTEE)]
    kept |= {to for _lo, to in given if isinstance(to, str)}
    lines = [
        _t("%(name)s：还没有居委会单位和负责人，生效后先登记单位（linli access units），再任命。")
        % {"name": each.name}
        for each in drawn.fresh
        if each.level is Level.COMMUNITY and each.key not in kept
    ]
    for lo, to in given:
        office = offices.unit_over(lo, offices.COMMITTEE)
        place = names.get(to) or places.tree().by_id[int(to)].name
        words = _t("%(name)s：“%(office)s”的人员仍任原职，生效后请改任到这里的居委会。")
        lines.append(words % {"name": place, "office": office})
    return lines


hanging.foretell(told)
