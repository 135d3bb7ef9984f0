"""Photos of a matter go where the matter goes."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Evidence
from linli.capabilities.matters.tests.visitors import photo, visitor
from linli.kernel.acts import system_act, under
from linli.kernel.files.services import check
from tests.town import Town


def staff(town: Town, who: str) -> Client:
    """A browser of one of the staff, signed in under their post."""
    client, act = Client(), town.act(who)
    session = client.session
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    return client


@pytest.mark.row("R126")
def test_a_department_sees_the_photos_of_what_it_was_given_and_of_nothing_else(
    own_town: Town,
) -> None:
    wang = own_town.act("wang")
    matter = services.report(
        wang,
        intake=services.Intake(
            code="0901",
            title="3号楼楼道灯坏了",
            area=own_town.area("甲社区第一网格").pk,
            reporter=wang.actor,
            files=(check(photo()),),
        ),
    )
    with under(system_act()):
        lamp = Evidence.objects.get(matter=matter).file_id
    department = staff(own_town, "zheng")
    assert department.get(f"/files/{lamp}/thumb/").status_code == 404
    services.accept(own_town.act("chen"), matter)
    unit = own_town.unit("municipal").pk
    services.transfer(own_town.act("chen"), matter, to=unit, reason="属于市政")
    services.accept_transfer(own_town.act("zheng"), matter)
    assert department.get(f"/files/{lamp}/thumb/").status_code == 200
    assert department.get(f"/files/{lamp}/").status_code == 200
    for stranger in ("li", ""):
        assert visitor(own_town, stranger).get(f"/files/{lamp}/").status_code == 404
    assert staff(own_town, "zhou").get(f"/files/{lamp}/").status_code == 404
