"""What happens to pages under careless hands: crowded days, late hours, second thoughts, numbers typed wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Application, Comment, SealUse, Ticket
from linli.capabilities.admission.selectors import demands as waiting
from linli.capabilities.admission.services import Standing, Turned, Wanted
from linli.capabilities.admission.tests.offices import NOW, asking, open_offices
from linli.capabilities.admission.tests.test_occasions import calling, scheduled
from linli.capabilities.admission.tests.test_pages import entered, text_of
from linli.capabilities.admission.tests.test_procedure import WISH, admitted
from linli.capabilities.admission.tests.test_works import begun, steps
from linli.capabilities.admission.words.showing import day_of
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.files.tests import bytes as samples
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


@pytest.mark.row("R081")
def test_a_crowded_day_says_how_many_more_and_leads_to_its_week(offices_: Town) -> None:
    for n in range(5):
        scheduled(offices_, "wu", calling(offices_, title=f"例会{n}"))
    where, east = reverse("admission:occasions"), offices_.area("东街道")
    page = text_of(entered(offices_, "wu").get(where, {"month": "2026-06", "area": str(east.pk)}))
    assert "还有 2 项" in page and f"?area={east.pk}&amp;week=2026-06-01" in page
    assert f"?area={east.pk}&amp;month=2026-05" in page and f"2026-06 · {east.name}" in page


def test_days_are_those_of_the_house(offices_: Town) -> None:
    early = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert str(day_of(early)) == "2026-06-02"
    assert day_of(None) == ""


@pytest.mark.row("R064")
def test_a_draft_may_change_its_list_and_its_item(offices_: Town) -> None:
    mei = offices_.act("mei", NOW)
    made = services.apply(mei, wish=WISH)
    changed = replace(WISH, catalogue="contests", title="最美楼道评选")
    services.redraft(mei, made, wish=changed)
    with under(mei):
        row = Application.objects.get()
        assert (row.catalogue, row.kind, row.title) == ("contests", "admit", "最美楼道评选")
    services.redraft(mei, made, wish=replace(WISH, item="A10"))
    with under(mei):
        row = Application.objects.get()
        assert (row.kind, row.catalogue) == ("change", "assistance")
        assert row.item is not None and row.item.code == "A10"


@pytest.mark.row("R066")
def test_a_notice_says_until_when_it_stands(offices_: Town) -> None:
    made = services.apply(offices_.act("mei", NOW), wish=WISH)
    services.submit(offices_.act("mei", NOW), made)
    services.uphold(offices_.act("tang", NOW), made, opinion="合法")
    with pytest.raises(Refusal, match=r"公示到 2026-06-\d\d"):
        services.close_notice(offices_.act("tang", NOW + timedelta(hours=1)), made)


@pytest.mark.row("R066")
def test_a_comment_pressed_twice_is_one(offices_: Town) -> None:
    now = datetime.now(UTC)
    wish = replace(WISH, start=(now + timedelta(days=90)).date(), end=None)
    made = services.apply(offices_.act("mei", now), wish=wish)
    services.submit(offices_.act("mei", now), made)
    services.uphold(offices_.act("tang", now), made, opinion="合法")
    where, guest = reverse("admission:public_notice", kwargs={"pk": made.pk}), Client()
    for _time in range(2):
        assert guest.post(where, {"words": "晚上不要敲门"}).status_code == 303
    with under(system_act(now)):
        assert Comment.objects.count() == 1


@pytest.mark.row("R076")
def test_nothing_is_taken_back_twice(offices_: Town) -> None:
    ticket = services.pass_(offices_.act("mei"), asking=asking(offices_, "甲社区"))
    assert isinstance(ticket, Ticket)
    mei, page = entered(offices_, "mei"), reverse("admission:ticket", kwargs={"pk": ticket.pk})
    step = reverse("admission:ticket_step", kwargs={"pk": ticket.pk, "verb": "recall"})
    assert step in text_of(mei.get(page))
    assert mei.post(step, {"reason": "写错了"}).status_code == 303
    assert step not in text_of(mei.get(page))
    again = mei.post(step, {"reason": "再收一次"})
    assert again.status_code == 422 and "没有可以收回的" in text_of(again)
    assert "再收一次" in text_of(again)


@pytest.mark.row("R079")
def test_the_seal_needs_every_number_right(offices_: Town) -> None:
    chen, area = offices_.act("chen"), offices_.area("甲社区").pk
    wanted = Wanted(area, "C01", "李四", "确为我社区居民", "领取", "查登记")
    paper = services.certify(chen, wanted=wanted)
    for wrong, field in (
        ({"certificate": f"{paper.number}9"}, "certificate"),
        ({"certificate": paper.number, "agreement": "XY-9"}, "agreement"),
    ):
        photo = SimpleUploadedFile("章.png", samples.png(), "image/png")
        with pytest.raises(Refusal, match="再核对一遍") as refused:
            services.stamp(chen, area=area, reason="盖章", photo=photo, **wrong)
        assert refused.value.field == field
    with under(chen):
        assert not SealUse.objects.exists()


@pytest.mark.row("R075")
def test_an_item_lends_no_cover_to_what_is_forbidden(offices_: Town) -> None:
    under_another = asking(offices_, kind="task", title="协助拆迁签约", fields=())
    answer = services.pass_(offices_.act("mei"), asking=under_another)
    assert isinstance(answer, Turned) and answer.code == "forbidden"


@pytest.mark.row("R072", "R076")
def test_a_refused_demand_leads_on(offices_: Town) -> None:
    mei, new = entered(offices_, "mei"), reverse("admission:ticket_new")
    street = str(offices_.area("东街道").pk)
    sent = {"kind": "table", "title": "老人爱好表", "responsible": "unit", "streets": [street]}
    refused = text_of(mei.post(new, {**sent, "fields_": "姓名"}))
    assert "不在准入目录" in refused and "接下来可以怎么办" in refused
    with under(offices_.act("mei")):
        ticket = Ticket.objects.get()
    record = text_of(mei.get(reverse("admission:ticket", kwargs={"pk": ticket.pk})))
    apply_at = f"{reverse('admission:application_new')}?title="
    assert apply_at in record and f"{reverse('admission:agreement_new')}?title=" in record
    again = text_of(mei.get(new, {"again": ticket.pk}))
    assert 'value="老人爱好表"' in again and "姓名" in again
    assert "老人爱好表" not in text_of(mei.get(new, {"again": "x"}))
    assert "老人爱好表" not in text_of(entered(offices_, "huo").get(new, {"again": ticket.pk}))


@pytest.mark.row("R076")
def test_a_street_reads_how_many_of_its_own_wait(offices_: Town) -> None:
    services.pass_(offices_.act("mei"), asking=asking(offices_))
    with under(offices_.act("wu")) as wu:
        assert [t.here for t in waiting.at_streets(wu)] == [2]


def test_slips_of_the_hand_in_days_and_names(offices_: Town) -> None:
    mei = entered(offices_, "mei")
    sent = {"title": "走访", "catalogue": "services", "basis": "某办法", "affair": "gov"}
    where = reverse("admission:application_new")
    for slip, told in (
        ({"start": "9999-12-31"}, "年份不对，请填 1990 到 2069 年的日期"),
        ({"start": "0001-01-01"}, "年份不对"),
        ({"start": "2027-02-01", "fields_": "长" * 61}, "一个名称最多 60 字"),
        ({"start": "2027-02-01", "fields_": "、".join(map(str, range(301)))}, "最多写 300 个"),
    ):
        answer = mei.post(where, {**sent, **slip})
        assert answer.status_code == 422 and told in text_of(answer), slip
        assert 'value="走访"' in text_of(answer)


@pytest.mark.row("R064", "R073")
def test_a_draft_that_begins_too_early_says_so_before_it_is_handed_in(offices_: Town) -> None:
    now = datetime.now(UTC)
    early = replace(WISH, start=(now + timedelta(days=3)).date(), end=None)
    made = services.apply(offices_.act("mei", now), wish=early)
    page = reverse("admission:application", kwargs={"pk": made.pk})
    mei = entered(offices_, "mei")
    assert "先修改日期再提交" in text_of(mei.get(page))
    refused = mei.post(f"{page}submit/")
    assert refused.status_code == 422 and "请先修改实行日期" in text_of(refused)
    assert "先修改日期再提交" not in text_of(entered(offices_, "tang").get(page))


@pytest.mark.row("R073")
def test_an_admitted_application_shows_the_money_that_was_granted(offices_: Town) -> None:
    made = admitted(offices_)
    text = text_of(entered(offices_, "xu").get(reverse("admission:application", args=[made.pk])))
    assert made.item is not None
    assert "2500" in text and "2500.00" not in text and "燃气专项" in text


@pytest.mark.row("R083", "R084")
def test_merged_weights_are_put_right_and_no_entrance_lets_a_veto_in(offices_: Town) -> None:
    work = begun(offices_, "xu", "appraisal", year=2026)
    for title, part in (("养老服务", 70), ("居民满意", 60)):
        services.propose(
            offices_.act("mei", NOW), work, title=title, weight=Decimal(part), source="办件评价"
        )
    first, second = steps(work, "indicator")
    xu = offices_.act("xu", NOW)
    for step in (first, second):
        services.fill(xu, step, words="并入", value=step.value)
    with pytest.raises(Refusal, match="现在是 130"):
        services.conclude(xu, work, result="公布")
    page = reverse("admission:work", kwargs={"pk": work.pk})
    text = text_of(entered(offices_, "xu").get(page))
    assert "130，要正好 100" in text and reverse("admission:step", args=[first.pk]) in text
    with pytest.raises(Turned):
        services.fill(xu, first, words="不达标的一票否决", value=Decimal(40))
    services.fill(xu, first, words="并入", value=Decimal(40))
    assert services.conclude(xu, work, result="公布").state == "closed"
    with pytest.raises(Refusal, match="已经办过"):
        services.fill(xu, first, words="并入", value=Decimal(50))
    with pytest.raises(Turned):
        begun(offices_, "xu", "appraisal", year=2027, basis="安全生产一票否决办法")


@pytest.mark.row("R086")
def test_the_end_of_a_work_opens_only_for_whoever_ends_it(offices_: Town) -> None:
    work = begun(offices_, "mei", "document", adds=True)
    end = reverse("admission:work_end", kwargs={"pk": work.pk})
    assert entered(offices_, "mei").get(end).status_code == 403
    assert entered(offices_, "tang").get(end).status_code == 200


@pytest.mark.row("R078", "R079")
def test_a_picture_is_a_picture(offices_: Town) -> None:
    chen, area = offices_.act("chen"), offices_.area("甲社区").pk
    standing = Standing(area, "signboard", "某某示范点", inside=False, found=True)
    word = SimpleUploadedFile("说明.xlsx", samples.workbook(), "application/octet-stream")
    with pytest.raises(Refusal, match="不是照片") as refused:
        services.place(chen, standing=standing, photo=word)
    assert refused.value.field == "photo"
    made = services.place(chen, standing=standing)
    browser, end = entered(offices_, "chen"), reverse("admission:placement_end", args=[made.pk])
    assert browser.post(end, {"why": "摘了"}).status_code == 303
    planned = services.place(chen, standing=standing)
    services.plan_clearing(offices_.act("wu"), planned, by=day_of(chen.at))  # type: ignore[arg-type]
    end = reverse("admission:placement_end", args=[planned.pk])
    answer = browser.post(end, {"why": "摘了"})
    assert answer.status_code == 422 and "这一项要填" in text_of(answer)


@pytest.mark.row("R079")
def test_a_code_is_read_however_it_was_typed(offices_: Town) -> None:
    wanted = Wanted(offices_.area("甲社区").pk, "C01", "李四", "确为居民", "领取", "查登记")
    made = services.certify(offices_.act("chen"), wanted=wanted)
    code = made.code.open() if made.code else ""
    wide = {ord(c): ord(c) + 0xFEE0 for c in (*made.number, *code)}
    for number, typed in (
        (made.number.translate(wide), code.translate(wide)),
        (made.number.replace("-", "—"), " ".join(code.lower())),
    ):
        answer = Client().post(reverse("admission:verify"), {"number": number, "code": typed})
        assert "现在有效" in text_of(answer)
    assert Client().get("/desk/admission/certificates/a%00/").status_code == 404
