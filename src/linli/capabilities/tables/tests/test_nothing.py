"""A sheet about nobody: its community says so in one click, its street for several at once; nobody is left out unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.models import Demand
from linli.capabilities.admission.tests.offices import NOW
from linli.capabilities.registry.tests.desk import entered
from linli.capabilities.tables import services
from linli.capabilities.tables.models import Round, Sheet
from linli.capabilities.tables.rules import Part, Plan
from linli.capabilities.tables.tests import test_rounds as rounds
from linli.capabilities.tables.tests.test_round_pages import text
from linli.capabilities.tables.tests.test_rounds import call, column, form, plan
from linli.kernel.acts import Denied, Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.tasks.models import Task
from tests.town import Town

asked = rounds.asked
pytestmark = pytest.mark.django_db


def about(*names: str) -> Plan:
    """A form about people of some names."""
    condition = {"element": "person.name", "op": "is", "values": list(names)}
    return Plan((replace(plan().parts[0], conditions=([condition],)),))


def sent(town: Town, asks: Plan, title: str = "百岁老人登记表") -> list[Sheet]:
    """A form that came down to 甲社区 and 乙社区, counted; 甲's sheet first."""
    both = [town.area("甲社区"), town.area("乙社区")]
    given = call(town, communities=tuple(each.pk for each in both))
    made = services.issue(town.act("mei", NOW), form(title, asks), call=given)
    assert isinstance(made, Round), str(made)
    admission.issue(town.act("wu", NOW), made.ticket)
    services.opened(system_act(NOW), made.pk)
    return again(made)


def again(made: Round) -> list[Sheet]:
    with under(system_act(NOW)):
        rows = Sheet.objects.filter(round=made).select_related("round", "demand")
        return list(rows.order_by("area"))


@pytest.mark.row("R011")
def test_a_street_says_of_its_communities_that_there_is_nobody(asked: Town) -> None:
    first, second = sent(asked, about("无此人"))
    assert (first.rows, first.state) == (0, "filling")
    told = services.report_none(asked.act("wu", NOW), sheets=[first.pk, second.pk])
    assert (told.many, told.found) == (2, 0)
    wu = asked.act("wu", NOW).actor
    for row in again(first.round):
        assert (row.state, row.signed_by, row.demand.state) == ("signed", wu, "delivered")
    with under(system_act(NOW)):
        fact = Fact.objects.filter(verb="tables.report_none").get()
        assert fact.data["sheets"] == [first.pk, second.pk]
        assert not Task.objects.filter(subject_type="tables.sheet", done_at=None).exists()
        assert {d.by_hand for d in Demand.objects.filter(ticket=first.round.ticket_id)} == {0}
    with pytest.raises(Refusal, match="吴敏已在"):
        services.report_none(asked.act("he", NOW), sheets=[first.pk])
    assert services.accept(asked.act("mei", NOW), first.round) == 2


def test_who_has_somebody_is_not_said_to_have_nobody(asked: Town) -> None:
    first, second = sent(asked, about("王小梅"))
    assert first.rows == 1 and second.rows == 0
    with under(system_act(NOW)):  # as if she had come after the sheet was counted
        Sheet.objects.filter(pk=first.pk).update(rows=0)
    told = services.report_none(asked.act("wu", NOW), sheets=[first.pk, second.pk])
    assert (told.many, told.found) == (1, 1)
    first, second = again(first.round)
    assert (first.state, first.rows, second.state) == ("filling", 1, "signed")


def test_what_a_post_does_not_see_is_not_nobody(asked: Town) -> None:
    condition = {"element": "tag.code", "op": "is", "values": ["low_income"]}
    part = replace(plan().parts[0], conditions=([condition],))
    first, _second = sent(asked, Plan((part,)))
    assert services.report_none(asked.act("wu", NOW), sheets=[first.pk]).many == 0


def test_a_form_without_lists_is_confirmed_as_ever(asked: Town) -> None:
    counted = Part(0, "Sheet1", "人数", "statistics", "", (column("人数", "person.name"),))
    first, _second = sent(asked, Plan((counted,)))
    assert services.report_none(asked.act("wu", NOW), sheets=[first.pk]).many == 0
    assert services.sign(asked.act("he", NOW), first).state == "signed"


def test_only_heads_and_streets_say_so_of_their_own(asked: Town) -> None:
    first, second = sent(asked, about("无此人"))
    with pytest.raises(Denied):
        services.report_none(asked.act("chen", NOW), sheets=[first.pk])
    with pytest.raises(Refusal):
        services.report_none(asked.act("he", NOW), sheets=[second.pk])
    assert services.report_none(asked.act("he", NOW), sheets=[first.pk, second.pk]).many == 1


@pytest.mark.row("R011")
def test_the_department_reads_whom_it_waits_for_and_the_street_reports_none(asked: Town) -> None:
    first, second = sent(asked, about("王小梅"))
    mei, wu, where = entered(asked, "mei"), entered(asked, "wu"), f"/desk/rounds/{first.round_id}/"
    shown = text(mei, where)
    assert "定版还差 2 个社区" in shown and "没有记录，待零报告" in shown
    assert shown.count(f'href="{where}sheets/{second.pk}/"') == 2, "named above, and in its line"
    early = mei.post(f"{where}freeze/")
    assert early.status_code == 422 and "甲社区、乙社区" in early.content.decode()
    assert "去零报告" in text(wu, where)
    listed = text(wu, f"{where}?show=empty")
    assert f'name="pick" value="{second.pk}"' in listed
    assert f'name="pick" value="{first.pk}"' not in listed
    went = wu.post(f"{where}none/", {"pick": [second.pk]})
    assert went["Location"].endswith("?done=report_none&n=1")
    late = wu.post(f"{where}none/", {"pick": [second.pk]})
    assert late.status_code == 422 and "吴敏已在" in late.content.decode()
    shown = text(mei, where)
    assert "社区已确认：零报告" in shown and "吴敏" in shown
    services.sign(asked.act("he", NOW), first, left="住户外出")
    assert mei.post(f"{where}accept/", {"all": "yes"}).status_code == 303
    assert "定版还差" not in text(mei, where)


def test_the_head_of_a_community_reports_none_on_its_sheet(asked: Town) -> None:
    first, _second = sent(asked, about("无此人"))
    he, where = entered(asked, "he"), f"/desk/sheets/{first.pk}/"
    shown = text(he, where)
    assert "本社区没有要报的" in shown and "确实没有，零报告" in shown and "没有找到" not in shown
    assert "零报告</span></button>" not in text(entered(asked, "chen"), where)
    went = he.post("/desk/sheets/none/", {"pick": first.pk})
    assert went["Location"].endswith("?show=empty&none=1&found=0")
    assert "1 张表已零报告" in text(he, went["Location"])
