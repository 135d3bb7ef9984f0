"""Pages of a round and of a sheet: what a department, a street, a clerk and a grid worker see and do there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from linli.capabilities.admission.tests.offices import NOW
from linli.capabilities.registry.models import Person
from linli.capabilities.registry.tests.desk import entered
from linli.capabilities.tables import services
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.services import following
from linli.capabilities.tables.tests import test_rounds as rounds
from linli.capabilities.tables.tests.test_rounds import column, issued, plan
from linli.kernel.acts import system_act, under
from linli.kernel.tasks.models import Task
from tests.asked import asked as counted
from tests.town import Town

asked = rounds.asked
pytestmark = pytest.mark.django_db
JSON: Any = {"HTTP_ACCEPT": "application/json"}


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def gap_of(sheet: Sheet, element: str = "person.workplace") -> Gap:
    with under(system_act(NOW)):
        return Gap.objects.filter(sheet=sheet, element=element, state="open").order_by("pk")[0]


@pytest.mark.row("R076")
def test_a_department_follows_its_round_and_takes_it(asked: Town) -> None:
    sheet = issued(asked)
    mei, where = entered(asked, "mei"), f"/desk/rounds/{sheet.round_id}/"
    assert "老年人需求摸排表" in text(mei, "/desk/rounds/")
    assert "未打开" in text(mei, where)
    text(entered(asked, "chen"), f"/desk/sheets/{sheet.pk}/")
    shown = text(mei, where)
    assert "填报中，缺" in shown and "甲社区" in shown
    assert f'href="{where}sheets/{sheet.pk}/"' in shown and f'action="{where}remind/"' in shown
    with under(system_act(NOW)):
        name = Person.objects.get(name="王小梅").name
    look = f"{where}sheets/{sheet.pk}/"
    assert name not in text(mei, look), "nothing before the community confirms"
    assert mei.post(f"{where}remind/")["Location"].endswith("?done=remind&n=1")
    again = mei.post(f"{where}remind/")
    assert again.status_code == 422 and "今天已经催过" in again.content.decode()
    services.sign(asked.act("he", NOW), sheet, left="住户外出")
    shown = text(mei, look)
    assert name in shown and "data-tip" in shown
    assert mei.post(f"{where}accept/", {"pick": sheet.pk}).status_code == 303
    late = mei.post(f"{where}accept/", {"pick": sheet.pk})
    assert late.status_code == 422 and "梅青已在" in late.content.decode()
    assert f'value="{sheet.pk}" checked' in late.content.decode(), "what was picked stays picked"
    assert f'value="{sheet.pk}" checked' not in text(mei, where)
    assert mei.post(f"{where}unaccept/", {"pick": sheet.pk}).status_code == 303
    assert mei.post(f"{where}accept/", {"all": "yes"}).status_code == 303
    assert "部门已确认" in text(mei, f"{where}?show=accepted")
    assert "没有这样的社区" in text(mei, f"{where}?show=returned")


def test_a_street_sees_its_communities_and_takes_nothing(asked: Town) -> None:
    sheet = issued(asked)
    wu, where = entered(asked, "wu"), f"/desk/rounds/{sheet.round_id}/"
    assert "甲社区" in text(wu, where)
    assert wu.post(f"{where}accept/", {"pick": sheet.pk}).status_code == 403
    text(entered(asked, "shi"), where, 404)
    text(entered(asked, "zheng"), where, 404)


def test_given_back_from_the_page_at_a_cell(asked: Town) -> None:
    sheet = issued(asked)
    services.sign(asked.act("he", NOW), sheet, left="住户外出")
    mei = entered(asked, "mei")
    back = f"/desk/rounds/{sheet.round_id}/sheets/{sheet.pk}/back/"
    with under(system_act(NOW)):
        wang = Person.objects.get(name="王小梅").pk
    typed = {f"mark-person-{wang}": "工作单位", f"words-person-{wang}": "查无此校"}
    for reason in ("", "改", "长" * 301):
        short = mei.post(back, {"reason": reason, **typed})
        assert short.status_code == 422
        kept = short.content.decode()
        assert 'value="查无此校"' in kept and 'value="工作单位" selected' in kept
    sent = {
        "reason": "请核对单位",
        f"mark-person-{wang}": "工作单位",
        f"words-person-{wang}": "查无此校",
    }
    assert mei.post(back, sent).status_code == 303
    shown = text(entered(asked, "chen"), f"/desk/sheets/{sheet.pk}/")
    assert "部门退回：请核对单位" in shown and "查无此校" in shown


@pytest.mark.row("R011")
def test_a_clerk_fills_cells_as_they_go(asked: Town) -> None:
    sheet, chen = issued(asked), entered(asked, "chen")
    gap, where = gap_of(sheet), f"/desk/sheets/{sheet.pk}/"
    shown = text(chen, where)
    assert f"gap-{gap.pk}" in shown and "data-tip" in shown and "王小梅" in shown
    took = chen.post(f"{where}answer/", {f"gap-{gap.pk}": "市一院"}, **JSON)
    assert took.status_code == 200 and took.json()["closed"] == 1
    schooling = gap_of(sheet, "person.education")
    mixed = {f"gap-{schooling.pk}": "博士后后", f"gap-{gap_of(sheet).pk}": "不清楚"}
    took = chen.post(f"{where}answer/", mixed, **JSON)
    assert took.status_code == 422 and len(took.json()["wrong"]) == 2
    right = {f"gap-{schooling.pk}": "博士后后", f"gap-{gap_of(sheet).pk}": "市二院"}
    took = chen.post(f"{where}answer/", right, **JSON)
    assert took.json()["closed"] == 1 and list(took.json()["wrong"]) == [f"gap-{schooling.pk}"]
    assert "没有要补的" not in text(chen, f"{where}?only=gaps")
    assert "王小梅" in text(chen, f"{where}?q=王小梅")
    assert "李建国" not in text(chen, f"{where}?q=王小梅")
    assert "王小梅" in text(chen, f"{where}paper/")


def test_one_cell_is_mended_or_said_to_be_none(asked: Town) -> None:
    sheet, chen = issued(asked), entered(asked, "chen")
    gap = gap_of(sheet)
    with under(system_act(NOW)):
        wang = Person.objects.get(name="王小梅")
    where = f"/desk/sheets/{sheet.pk}/cell/"
    at = f"?record={wang.pk}&column=工作单位"
    assert "试验市第一小学" in text(chen, where + at)
    stale = chen.post(f"{where}mend/{at}", {"text": "市二小", "seen": "别的"})
    assert stale.status_code == 422 and "没有覆盖" in stale.content.decode()
    fine = chen.post(f"{where}mend/{at}", {"text": "市二小", "seen": "试验市第一小学"})
    assert fine.status_code == 303
    with under(system_act(NOW)):
        wang.refresh_from_db()
    at = f"?record={gap.record}&column=工作单位"
    lacks = chen.post(f"{where}without/{at}", {"gap": gap.pk, "how": "declined", "why": ""})
    assert lacks.status_code == 422
    assert chen.post(f"{where}without/{at}", {"gap": gap.pk, "how": "none"}).status_code == 303
    assert "确无" in text(chen, f"/desk/sheets/{sheet.pk}/")
    assert chen.post(f"{where}keep/{at}", {"gap": gap.pk, "do": "reopen"}).status_code == 303
    text(chen, f"{where}?record=99999&column=工作单位", 404)


def test_the_use_of_id_numbers_is_told_to_the_community(asked: Town) -> None:
    why = plan(column("身份证号", "person.document", reason="核对待遇资格"))
    sheet = issued(asked)
    with under(system_act(NOW)):
        Round.objects.filter(pk=sheet.round_id).update(plan=why.as_json())
    shown = text(entered(asked, "chen"), f"/desk/sheets/{sheet.pk}/")
    assert "核对待遇资格" in shown and "320205" not in shown


@pytest.mark.row("R128")
def test_the_door_takes_an_answer_once_and_shows_a_conflict(asked: Town) -> None:
    sheet, sun = issued(asked), entered(asked, "sun")
    with under(system_act(NOW)):
        mine = asked.act("sun", NOW).spans[0]
        gap = Gap.objects.filter(
            sheet=sheet, element="person.workplace", area__gte=mine.lo, area__lt=mine.hi
        ).order_by("pk")[0]
    where, key = f"/field/gaps/{gap.household}/", str(uuid4())
    assert "data-queue-form" in text(sun, where) and "data-stop" in text(sun, "/field/gaps/")
    sent = {f"gap-{gap.pk}": "市一院", "token": key}
    assert sun.post(where, sent, **JSON).json()["href"].endswith("?done=yes")
    assert sun.post(where, sent, **JSON).status_code == 200, "sent again, done once"
    chen = asked.act("chen", NOW)
    with under(system_act(NOW)):
        Gap.objects.filter(pk=gap.pk).update(by=chen.actor)
    late = sun.post(where, {f"gap-{gap.pk}": "市二院", "token": str(uuid4())}, **JSON)
    assert late.status_code == 409 and "陈静" in late.json()["message"]
    sure = {f"gap-{gap.pk}": "市二院", "token": str(uuid4()), "sure": "on"}
    assert sun.post(where, sure, **JSON).status_code == 200
    other = gap_of(sheet, "person.education")
    if other.household == gap.household:
        told = {f"how-{other.pk}": "declined", f"why-{other.pk}": "不愿意"}
        assert sun.post(where, told).status_code == 303


def test_pages_of_rounds_ask_little(asked: Town) -> None:
    sheet = issued(asked)
    services.sign(asked.act("he", NOW), sheet, left="住户外出")
    mei = entered(asked, "mei")
    at = f"/desk/rounds/{sheet.round_id}/"
    for path, most in (("/desk/rounds/", 6), (at, 13), (f"{at}sheets/{sheet.pk}/", 14)):
        mei.get(path)
        with counted() as said:
            assert mei.get(path).status_code == 200
        assert len(said) <= most, "\n".join([path, str(len(said)), *said])


def test_who_may_not_see_a_mark_is_told_that_rows_are_hidden_and_whose_they_are(
    asked: Town,
) -> None:
    condition = {"element": "tag.code", "op": "is", "values": ["low_income"]}
    part = replace(plan().parts[0], conditions=([condition],))
    sheet = issued(asked, "低保家庭走访表", Plan((part,)))
    where = f"/desk/sheets/{sheet.pk}/"
    hers = text(entered(asked, "chen"), where)
    assert "1 条没有显示" in hers and "社区书记（主任）" in hers and "刘秀英" not in hers
    assert "名单不对您的岗位显示" in hers and "没有找到" not in hers
    his = text(entered(asked, "he"), where)
    assert "刘秀英" in his and "没有显示" not in his


def test_a_name_stands_once_in_a_sheet_and_a_date_stays_whole(asked: Town) -> None:
    where, chen = f"/desk/sheets/{issued(asked).pk}/", entered(asked, "chen")
    for path in (where, f"{where}paper/"):
        shown = text(chen, path)
        assert ">姓名</th>" in shown and ">姓名或名称</th>" not in shown
        assert shown.count(">王小梅<") == 1, path
    assert 'class="whole ' in text(chen, where), "a date is not broken at its hyphen"
    nameless = issued(asked, "年龄表", plan(column("出生日期", "person.born")))
    shown = text(chen, f"/desk/sheets/{nameless.pk}/")
    assert ">姓名或名称</th>" in shown and shown.count(">王小梅<") == 1


def test_a_departments_day_tells_of_its_rounds_and_each_number_opens_its_rows(asked: Town) -> None:
    sheet, mei = issued(asked), entered(asked, "mei")
    at = "/desk/rounds/?show="

    def shown(code: str) -> bool:
        return sheet.round.title in text(mei, at + code)

    day = text(mei, "/desk/day/")
    assert all(f'href="{at}{code}"' in day for code in ("out", "returned", "due", "ready"))
    assert [shown(code) for code in ("out", "returned", "ready")] == [True, False, False]
    services.sign(asked.act("he", NOW), sheet, left="住户外出")
    assert [shown(code) for code in ("out", "returned", "ready")] == [True, True, False]
    services.accept(asked.act("mei", NOW), sheet.round)
    assert [shown(code) for code in ("out", "returned", "ready")] == [True, False, True]
    other = text(entered(asked, "gao"), "/desk/day/")
    assert "?show=ready" not in other, "a department without rounds reads nothing of them"


def test_whoever_sends_in_english_leaves_nothing_english_behind(asked: Town) -> None:
    """A task is named after its row, as somebody wrote it; what is to be done says the kind, to each reader."""
    with translation.override("en"):
        sheet = issued(asked)
    with under(system_act(NOW)):
        titles = {task.kind: task.title for task in Task.objects.order_by("pk")}
    assert titles["tables.confirm"] == str(sheet.round)
    assert not [title for title in titles.values() if re.search("[A-Za-z]", title)]


def test_what_was_typed_into_a_sheet_that_was_handed_in_is_shown_with_the_reason(
    asked: Town,
) -> None:
    sheet, chen = issued(asked), entered(asked, "chen")
    gap = gap_of(sheet)
    services.sign(asked.act("he", NOW), sheet, left="住户外出")
    where = f"/desk/sheets/{sheet.pk}/"
    late = chen.post(f"{where}answer/", {f"gap-{gap.pk}": "江南机械厂"})
    said = late.content.decode()
    assert late.status_code == 422 and "已经上报" in said and "江南机械厂" in said
    cell = f"?record={gap.record}&column={gap.column}"
    late = chen.post(f"{where}cell/without/{cell}", {"gap": gap.pk, "how": "none", "why": "没有"})
    said = late.content.decode()
    assert late.status_code == 422 and "已经上报" in said and "您刚才填的：确无" in said


@pytest.mark.row("R094", "R069")
def test_a_form_that_came_down_is_one_task_and_may_be_declined_where_it_lies(asked: Town) -> None:
    sheet = issued(asked)
    with under(system_act(NOW)):
        open_ = Task.objects.filter(done_at=None).exclude(kind="tables.visit")
        assert list(open_.values_list("kind", "title")) == [("tables.confirm", str(sheet.round))]
    chen, demand = entered(asked, "chen"), f"/desk/admission/demands/{sheet.demand_id}/"
    where = f"/desk/sheets/{sheet.pk}/"
    assert f'href="{demand}decline/"' in text(chen, where)
    shown = text(chen, demand)
    assert f'href="{where}"' in shown and f"{demand}deliver/" not in shown
    assert chen.get(f"{demand}deliver/")["Location"] == where, "nobody calls a blank form done"
    chen.post(f"{demand}decline/", {"reason": "目录里没有这一项"})
    text(chen, where, 404)
    chen.post(f"{demand}reconsider/")
    with under(system_act(NOW)):
        following.put_back(system_act(NOW), [sheet.demand_id])
        kinds = Task.objects.filter(done_at=None).exclude(kind="tables.visit")
        assert [k for k in kinds.values_list("kind", flat=True) if k.startswith("tables.")] == [
            "tables.confirm"
        ]
        assert not kinds.filter(kind="admission.answer").exists()
