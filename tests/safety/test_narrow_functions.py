"""Functions that run as the owner hand out what is in sight and nothing else: each asks the scope itself."""

from __future__ import annotations

import pytest

from linli.kernel.acts import under
from tests.safety.conftest import Story
from tests.safety.test_walls import SIGHTLESS, blind, keys, rows


@pytest.mark.parametrize("who", SIGHTLESS)
def test_the_search_function_applies_the_scope_itself(story: Story, who: str) -> None:
    search = "SELECT matters_search(ARRAY[]::text[], 1000)"
    if not who:
        blind()
        assert rows(search) == []
        return
    for sensitive in (True, False):
        with under(story.act(who).on(sensitive=sensitive)):
            assert {row[0] for row in rows(search)} == keys("matters_matter")


@pytest.mark.parametrize("who", SIGHTLESS)
def test_what_hangs_on_a_matter_is_handed_out_with_it_only(story: Story, who: str) -> None:
    around = "SELECT id FROM generate_series(1, 1000) AS id, LATERAL matters_around(id)"
    if not who:
        blind()
        assert rows(around) == []
        return
    for sensitive in (True, False):
        with under(story.act(who).on(sensitive=sensitive)):
            assert {row[0] for row in rows(around)} == keys("matters_matter")


_HERE = "r.area_id >= a.id AND r.area_id < a.hi AND r.until IS NULL"
_COUNTED = f"""
SELECT a.id, p.living, (SELECT count(DISTINCT r.person_id) FROM registry_residence r WHERE {_HERE} AND r.lives),
    g.minors, (SELECT count(DISTINCT r.person_id) FROM registry_residence r JOIN registry_person w ON w.id = r.person_id
        WHERE {_HERE} AND r.lives AND w.born > current_date - interval '18 years')
FROM places_area a, registry_people_in(a.id, a.hi, current_date) p, registry_ages_in(a.id, a.hi, current_date) g
"""


@pytest.mark.parametrize("who", SIGHTLESS)
def test_people_are_counted_of_areas_in_sight_only(story: Story, who: str) -> None:
    if not who:
        blind()
        assert rows(_COUNTED) == []
        return
    act = story.act(who)
    with under(act):
        counted = rows(_COUNTED)
        areas = rows("SELECT id, hi FROM places_area")
    inside = {lo for lo, hi in areas if any(s.lo <= lo and hi <= s.hi for s in act.spans)}
    assert {row[0] for row in counted} == inside
    assert all(living == seen and minors == few for _id, living, seen, minors, few in counted)
