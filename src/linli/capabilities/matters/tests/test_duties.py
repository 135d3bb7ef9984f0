"""Whose duty a matter is by the list of powers and duties, where it is handed on."""

from __future__ import annotations

import pytest

from linli.capabilities.admission.selectors import duties
from linli.capabilities.matters.tests.test_desk import entered, lamp
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.mark.row("R074")
def test_a_transfer_names_whose_duty_it_is_by_the_list(town: Town) -> None:
    matter = lamp(town, title="小区门口路灯不亮")
    page = entered(town, "chen").get(f"/desk/matters/{matter.number}/transfer/").content.decode()
    listed = page.index("按权责清单，“路灯”是它的职责")
    assert page.index(town.unit("municipal").name, listed) < page.index("市级单位", listed)
    assert duties.named("某件事") is None
    assert duties.named("路灯边占道经营") == duties.Named("urban_management", "占道经营")
