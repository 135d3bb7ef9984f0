"""Party branches on the six aspects of their standard: judged from above, counted place by place (R023)."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from linli.capabilities.registry.models import Organisation
from linli.capabilities.registry.policy import Checklist
from linli.capabilities.registry.selectors import kinds, stages
from linli.capabilities.registry.services import assessments
from linli.capabilities.registry.tests.test_bodies import desk, done, named, text
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.places import selectors as tree
from tests.families import settle
from tests.town import Town

CODE = "branch_standard"


@pytest.fixture(autouse=True)
def _settled(town: Town) -> None:
    tree.forget()
    settle()


def standard() -> Checklist:
    return next(each for each in kinds.section().checklists if each.code == CODE)


@pytest.mark.row("R023")
def test_party_branches_climb_stage_by_stage(town: Town) -> None:
    party = named("甲社区党总支")
    home = f"/desk/organisations/{party.pk}/"
    at = f"{home}standard/"
    assert desk(town, "he").get(at).status_code == 403, "a community does not judge its own"
    street = desk(town, "wu")
    form = text(street, at)
    assert "党员教育管理监督" in form and "组织设置" in form
    assert "还没有评定过" in text(street, home)
    first = ["setup", "team", "support"]
    done(street, at, year="2026", met=first)
    page = text(street, home)
    assert "一年对标强基础" in page and "落后于进度" in page and "没有做到" in page
    figures_at = "/desk/organisations/figures/"
    shown = text(street, figures_at, part="party")
    link = f"/desk/organisations/standards/branch_standard/?area={town.area('甲社区').pk}"
    assert f"{link}&amp;at=base" in shown and f"{link}&amp;at=behind" in shown
    rows = text(street, link, at="base")
    assert "甲社区党总支" in rows and "3 / 6 项" in rows
    assert "甲社区党总支" not in text(street, link, at="whole")
    every = [*first, "life", "members", "activities"]
    done(street, at, year="2026", met=every)
    assert "甲社区党总支" in text(street, link, at="whole")
    assert "甲社区党总支" not in text(street, link, at="behind")
    wrong = street.post(at, {"year": "2031", "met": every})
    assert wrong.status_code == 422 and "年度不对" in wrong.content.decode()
    assert "甲社区党总支" not in text(desk(town, "zhou"), link.split("?")[0], at="")


@pytest.mark.row("R023")
def test_what_is_due_follows_the_years(town: Town) -> None:
    known = standard()
    titles = [(due := known.due(year)) and due.code for year in (2017, 2018, 2019, 2020, 2031)]
    assert titles == [None, "base", "results", "whole", "whole"]
    assert known.reached(["team", "life"]) is None
    reached = known.reached([*known.stages[1].items])
    assert reached is not None and reached.code == "results"
    given = known.model_dump()
    with pytest.raises(ValidationError, match="begins"):
        Checklist.model_validate({**given, "begins": None})
    first, *rest = given["stages"]
    with pytest.raises(ValidationError, match="known items"):
        Checklist.model_validate({**given, "stages": ({**first, "items": ("castle",)}, *rest)})


@pytest.mark.row("R023")
def test_only_branches_and_only_years_of_theirs_are_judged(town: Town) -> None:
    act = system_act()
    party, committee = named("甲社区党总支"), named("甲社区居民委员会")
    with under(act):
        Organisation.objects.filter(pk=party.pk).update(since=date(2020, 5, 1))
        party.refresh_from_db()
        for body, year, words in (
            (committee, 2026, "不评定这类组织"),
            (party, 2019, "2020 年才开始"),
            (party, 1990, "年度不对"),
        ):
            with pytest.raises(Refusal, match=words):
                assessments.assess_body(act, body, checklist=CODE, year=year, met=["team"])
        with pytest.raises(Refusal, match="没有这一项"):
            assessments.assess_body(act, party, checklist=CODE, year=2026, met=["castle"])
        city = town.area("试验市")
        (place,) = stages.by_place(act, city, standard(), date(2026, 6, 1))
        assert (place.area.name, place.whole, place.behind) == ("东街道", 1, 1)
        assert place.at == {stages.UNJUDGED: 1}
