"""The desk's pages walked by the right and the wrong person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.models import Matter
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from tests import families
from tests.asked import asked
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")
PAGES = (
    "/desk/day/",
    "/desk/matters/",
    "/desk/matters/?show=all&q=灯&sort=due",
    "/desk/matters/filters/?show=all",
    "/desk/matters/columns/?query=show%3Dall",
    "/desk/matters/counts/?for=show%3Dopen",
    "/desk/matters/export/?show=all",
    "/desk/map/",
    "/desk/map/points.json",
    "/desk/map/areas.json",
    "/desk/figures/",
    "/desk/figures/promises/",
    "/desk/overdue/",
    "/desk/overdue/?show=late",
    "/desk/window/",
    "/desk/window/?anyone=1",
)


def entered(town: Town, who: str) -> Client:
    """A browser in which somebody of the cast has signed in."""
    client = Client()
    session = client.session
    act = town.act(who)
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    return client


def lamp(town: Town, title: str = "3号楼楼道灯坏了", code: str = "0601", **more: Any) -> Matter:
    """王小梅 reports something an hour ago; 0601 comes to the community's window."""
    act = town.act("wang", timezone.now() - timedelta(hours=1))
    intake = services.Intake(
        code=code,
        title=title,
        body="二单元三楼",
        area=town.area(more.pop("area", "甲社区")).pk,
        reporter=act.actor,
        reporter_name="王小梅",
        phone="13800000001",
        address="甲社区3号楼",
        lon=120.35,
        lat=31.595,
        **more,
    )
    return services.report(act, intake=intake)


def fresh(matter: Matter) -> Matter:
    from_row: Matter = Matter.objects.get(pk=matter.pk)
    return from_row


def do(client: Client, matter: Matter, verb: str, **data: Any) -> Any:
    return client.post(f"/desk/matters/{matter.number}/{verb}/", data)


def as_it_is(town: Town, matter: Matter) -> Matter:
    with under(town.act("feng")):
        return fresh(matter)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("who", ["chen", "wu", "feng"])
def test_every_page_opens(town: Town, address: str, who: str) -> None:
    lamp(town)
    got = entered(town, who).get(address)
    if who == "feng" and "window" in address:
        assert got.status_code == 403
    else:
        assert got.status_code == 200, got.content[:300]


@pytest.mark.parametrize("address", [p for p in PAGES if "window" not in p])
def test_residents_and_guests_are_kept_out(town: Town, address: str) -> None:
    assert entered(town, "wang").get(address).status_code == 403
    guest = Client().get(address)
    assert guest.status_code == 302 and "next=" in guest["Location"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_an_empty_desk_say_what_to_do_first(town: Town, address: str) -> None:
    assert entered(town, "chen").get(address).status_code == 200


def test_the_day_begins_with_a_hint_when_nothing_is_there(town: Town) -> None:
    page = entered(town, "chen").get("/desk/day/").content.decode()
    assert "今天还没有诉求" in page and "/desk/window/" in page


@pytest.mark.row("R132")
def test_one_matter_from_acceptance_to_closing_through_the_pages(town: Town) -> None:
    matter = lamp(town)
    chen, lin = entered(town, "chen"), entered(town, "lin")
    page = chen.get(f"/desk/matters/{matter.number}/").content.decode()
    assert "可以怎么办" in page and "受理" in page and "138****0001" in page
    assert "13800000001" not in page
    assert do(chen, matter, "accept").status_code == 303
    assert do(chen, matter, "handle", outcome="换了灯泡", result="solved").status_code == 303
    own = do(chen, matter, "verify")
    assert own.status_code == 422 and "同一个人" in own.content.decode()
    assert do(lin, matter, "verify", words="亮了").status_code == 303
    assert do(lin, matter, "close", words="").status_code == 303
    held = as_it_is(town, matter)
    assert held.state == "closed" and held.on_time is True
    done = chen.get(f"/desk/matters/{matter.number}/?done=close").content.decode()
    assert "已记下：结案" in done


STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("accept", {}),
    ("refuse", {"reason": "不在范围"}),
    ("transfer", {"to": "municipal", "reason": "归市政"}),
    ("assign", {"account": "lin"}),
    ("reclassify", {"code": "0901", "reason": "是灯"}),
    ("contact", {"words": "电话联系"}),
    ("urge", {"words": "请快些"}),
    ("message", {"body": "我们看到了"}),
    ("withdraw", {"reason": "本人要求"}),
    ("escalate", {"reason": "要街道协调"}),
)


@pytest.mark.parametrize(("verb", "data"), STEPS)
def test_each_step_by_the_right_and_the_wrong_person(
    town: Town, verb: str, data: dict[str, Any]
) -> None:
    matter = lamp(town)
    given = dict(data)
    if "to" in given:
        given["to"] = town.unit(given["to"]).pk
    if "account" in given:
        given["account"] = town.account(given["account"]).pk
    for stranger in ("zhou", "zheng", "gao"):
        assert do(entered(town, stranger), matter, verb, **given).status_code in (403, 404)
    assert do(entered(town, "wang"), matter, verb, **given).status_code == 403
    before = as_it_is(town, matter)
    assert before.state == "reported" and before.offered_unit_id is None
    chen = entered(town, "chen")
    assert chen.get(f"/desk/matters/{matter.number}/{verb}/").status_code == 200
    got = do(chen, matter, verb, **given)
    assert got.status_code == 303, got.content.decode()[-1500:]
    with under(town.act("feng")):
        name = f"matters.{verb}"
        assert Fact.objects.filter(subject_id=matter.pk, verb=name).count() == 1


def test_a_refusal_keeps_what_was_typed(town: Town) -> None:
    matter = lamp(town)
    chen = entered(town, "chen")
    got = do(chen, matter, "transfer", to="", reason="这件归市政管的路灯")
    assert got.status_code == 422
    assert "这件归市政管的路灯" in got.content.decode()
    assert do(chen, matter, "nothing").status_code == 404


@pytest.mark.row("R103")
def test_a_unit_of_another_street_is_found_by_its_name(town: Town) -> None:
    matter, far = lamp(town), town.unit("bing")
    chen = entered(town, "chen")
    page = chen.get(f"/desk/matters/{matter.number}/transfer/").content.decode()
    assert town.unit("municipal").name in page and far.name not in page
    finding = {"other": far.name[:2], "other_find": "yes", "reason": "在那边的路口", "to": ""}
    got = do(chen, matter, "transfer", **finding)
    told = got.content.decode()
    assert got.status_code == 422 and far.name in told and "在那边的路口" in told
    assert "请选择接收单位" not in told, "nothing else is judged while somebody looks for a unit"
    chosen = {"other": far.name[:2], "other_pick": far.pk, "reason": "在那边的路口"}
    both = do(chen, matter, "transfer", **chosen, to=town.unit("municipal").pk)
    assert both.status_code == 422 and "选了两个单位" in both.content.decode()
    assert do(chen, matter, "transfer", **chosen, to="").status_code == 303
    assert as_it_is(town, matter).offered_unit_id == far.pk


@pytest.mark.row("R104")
def test_who_only_watches_is_given_no_work(town: Town) -> None:
    matter = services.accept(town.act("chen"), lamp(town))
    unit = town.unit("municipal").pk
    services.transfer(town.act("chen"), matter, to=unit, reason="归市政")
    assert "接下来要办的" in entered(town, "feng").get("/desk/day/").content.decode()
    feng = town.account("feng")
    with under(system_act()):
        hat = feng.appointments.get()
        hat.post = "auditor"
        hat.save()
    page = entered(town, "feng").get("/desk/day/").content.decode()
    assert "已超期" in page and "接下来要办的" not in page and "转来等您接收" not in page


def test_an_offer_is_taken_on_the_day_page(town: Town) -> None:
    matter = lamp(town)
    services.transfer(town.act("chen"), matter, to=town.unit("urban").pk, reason="需要执法")
    gao = entered(town, "gao")
    day = gao.get("/desk/day/").content.decode()
    assert "转来等您接收" in day and matter.title in day
    got = do(gao, matter, "accept_transfer", next="day")
    assert got.status_code == 303 and got["Location"] == "/desk/day/"
    assert as_it_is(town, matter).unit_id == town.unit("urban").pk
    again = do(gao, matter, "accept_transfer")
    assert again.status_code == 422


def test_whoever_comes_second_is_told_who_was_first(town: Town) -> None:
    matter = lamp(town)
    assert do(entered(town, "lin"), matter, "accept").status_code == 303
    second = do(entered(town, "chen"), matter, "accept")
    words = second.content.decode()
    assert second.status_code == 422
    assert "甲社区居委会林芳" in words and "办了“受理”" in words


@pytest.mark.row("R107")
def test_an_extension_is_asked_and_decided_on_the_page(town: Town) -> None:
    matter = services.accept(town.act("chen"), lamp(town))
    chen, head = entered(town, "chen"), entered(town, "he")
    assert do(chen, matter, "ask_extension", amount=3, reason="等配件").status_code == 303
    assert do(chen, matter, "decide_extension", granted="yes").status_code == 403
    assert "延 3 个工作日：等配件" in head.get("/desk/day/").content.decode()
    assert "有延期申请等批复" in head.get(f"/desk/matters/{matter.number}/").content.decode()
    bare = do(head, matter, "decide_extension", granted="no")
    assert bare.status_code == 422 and "不同意要写明理由" in bare.content.decode()
    due = as_it_is(town, matter).due
    assert do(head, matter, "decide_extension", granted="yes", words="同意").status_code == 303
    after = as_it_is(town, matter).due
    assert due is not None and after is not None and after > due
    assert "等您批复的延期" not in head.get("/desk/day/").content.decode()


def test_an_internal_remark_stays_inside(town: Town) -> None:
    matter = lamp(town)
    do(entered(town, "chen"), matter, "message", body="这户要上门谈", internal="on")
    page = entered(town, "lin").get(f"/desk/matters/{matter.number}/").content.decode()
    assert "这户要上门谈" in page and "内部备注" in page


def test_a_phone_is_shown_once_with_a_reason_and_a_fact(town: Town) -> None:
    matter = lamp(town)
    chen = entered(town, "chen")
    assert do(chen, matter, "reveal", field="phone", reason="").status_code == 422
    got = do(chen, matter, "reveal", field="phone", reason="约上门时间")
    assert "13800000001" in got.content.decode() and got["Cache-Control"] == "no-store"
    assert "13800000001" not in chen.get(f"/desk/matters/{matter.number}/").content.decode()
    with under(town.act("feng")):
        assert Fact.objects.filter(verb="vault.reveal", subject_id=matter.pk).count() == 1
    assert do(entered(town, "sun"), matter, "reveal", field="phone", reason="看看").status_code in (
        403,
        404,
    )


def test_a_clock_can_be_opened(town: Town) -> None:
    matter = lamp(town)
    chen = entered(town, "chen")
    page = chen.get(f"/desk/matters/{matter.number}/clock/1/").content.decode()
    assert "为什么" in page and ("计入" in page or "不计" in page)
    assert chen.get(f"/desk/matters/{matter.number}/clock/99/").status_code == 404


def test_what_stands_around_a_matter(town: Town) -> None:
    one, other = lamp(town), lamp(town, "同一个人的另一件")
    chen = entered(town, "chen")
    got = chen.get(f"/desk/matters/{one.number}/around/", headers={"HX-Request": "true"})
    assert other.number in got.content.decode()
    point = chen.get(f"/desk/matters/{one.number}/point.json").json()
    assert point["features"][0]["geometry"]["coordinates"] == [120.35, 31.595]
    led = chen.get(f"/desk/m/{one.pk}/")
    assert led.status_code == 302 and led["Location"].endswith(f"/{one.number}/")
    assert entered(town, "zhou").get(f"/desk/m/{one.pk}/").status_code == 404


def test_nothing_is_chosen_beforehand_and_down_means_below(town: Town) -> None:
    matter = lamp(town, "要街道协调的")
    services.accept(town.act("chen"), matter)
    chen, wu = entered(town, "chen"), entered(town, "wu")
    for verb, says in (("assign", "请选择经办人"), ("reclassify", "请选择事项或类别")):
        page = do(chen, matter, verb, reason="重新看过")
        assert page.status_code == 422 and says in page.content.decode(), verb
    assert "send_down" not in chen.get(f"/desk/matters/{matter.number}/").content.decode()
    services.escalate(town.act("chen"), matter, reason="几家单位")
    services.accept_transfer(town.act("wu"), matter)
    page = wu.get(f"/desk/matters/{matter.number}/send_down/").content.decode()
    assert town.unit("jia").name in page and town.unit("municipal").name not in page


def test_two_are_merged_by_number(town: Town) -> None:
    one, other = lamp(town), lamp(town, "还是那盏灯")
    chen = entered(town, "chen")
    assert do(chen, other, "merge", into="26-0000000-0", reason="重复").status_code == 422
    assert do(chen, other, "merge", into=one.number, reason="同一盏灯").status_code == 303
    assert as_it_is(town, other).duplicate_of_id == one.pk


def test_staged_deadlines_are_marked_as_met(town: Town) -> None:
    found = [c for c in services_policy() if c.stages]
    if not found:
        pytest.fail("the pack declares no staged class")
    entry = found[0]
    matter = services.accept(town.act("feng"), as_held_by(town, lamp(town, code=entry.code)))
    feng = entered(town, "feng")
    stage = entry.stages[0].code
    assert do(feng, matter, f"reach.{stage}").status_code == 303
    assert do(feng, matter, f"reach.{stage}").status_code == 422


def services_policy() -> Any:
    return selectors.names().policy.classes


def as_held_by(town: Town, matter: Matter) -> Matter:
    with under(town.act("feng")):
        Matter.objects.filter(pk=matter.pk).update(unit=town.unit("command").pk)
        return fresh(matter)


@pytest.mark.parametrize(
    ("address", "most"),
    [("/desk/matters/?show=open", 8), ("/desk/day/", 14), ("MATTER", 8), ("/desk/overdue/", 8)],
)
def test_pages_keep_their_statements_few(town: Town, address: str, most: int) -> None:
    rows = [lamp(town, f"第{n}件") for n in range(12)]
    where = f"/desk/matters/{rows[0].number}/" if address == "MATTER" else address
    chen = entered(town, "chen")
    chen.get(where)
    with asked() as said:
        assert chen.get(where).status_code == 200
    assert len(said) <= most, "\n".join(sql[:120] for sql in said)


@pytest.mark.row("R107")
def test_the_overdue_register_takes_the_reason_inline(town: Town) -> None:
    matter = services.accept(town.act("chen"), lamp(town))
    with under(town.act("feng")):
        Matter.objects.filter(pk=matter.pk).update(next_due=timezone.now() - timedelta(days=1))
    chen = entered(town, "chen")
    assert "写明原因" in chen.get("/desk/overdue/").content.decode()
    with under(town.act("feng")):  # a deadline that only some classes have
        Matter.objects.filter(pk=matter.pk).update(next_stage="stop")
    assert "责令停工" in chen.get("/desk/overdue/").content.decode()
    got = do(chen, matter, "explain_delay", reason="等配件到货", next="overdue")
    assert got.status_code == 303 and got["Location"] == "/desk/overdue/"


@pytest.mark.row("R106")
def test_promises_are_held_against_what_was_measured(town: Town) -> None:
    matter = services.accept(town.act("chen"), lamp(town))
    services.handle(town.act("chen"), matter, outcome="修好了")
    page = entered(town, "chen").get("/desk/figures/promises/").content.decode()
    assert "100.0%" in page


def test_the_map_shows_open_matters_and_answers_by_etag(town: Town) -> None:
    matter = lamp(town)
    chen = entered(town, "chen")
    points = chen.get("/desk/map/points.json").json()["features"]
    assert points[0]["properties"]["href"].endswith(f"/{matter.number}/")
    first = chen.get("/desk/map/areas.json")
    assert {f["properties"]["name"] for f in first.json()["features"]} >= {"甲社区"}
    again = chen.get("/desk/map/areas.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert entered(town, "zhou").get("/desk/map/points.json").json()["features"] == []


def test_a_persons_page_shows_what_they_reported(town: Town) -> None:
    people = families.settle()
    lamp(town)
    path = f"/desk/residents/{people['wang'].pk}/matters/"
    assert "3号楼楼道灯坏了" in entered(town, "chen").get(path).content.decode()
    other = f"/desk/residents/{people['liu'].pk}/matters/"
    assert "没有反映过诉求" in entered(town, "chen").get(other).content.decode()
    assert entered(town, "zhou").get(path).status_code == 404


def test_what_was_done_with_a_matter_is_found_by_its_number(town: Town) -> None:
    matter, other = lamp(town), lamp(town, "另一盏")
    page = entered(town, "feng").get("/desk/audit/", {"kind": "matters", "subject": matter.number})
    said = page.content.decode()
    assert matter.number in said and other.number not in said
