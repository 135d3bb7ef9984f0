"""Work on the burden: joined hands, one appraisal, supervision, documents, campaigns, duties; hours, systems, money."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Demand, Payment, Placement, Step, Ticket, Work
from linli.capabilities.admission.rules.works import again, draw, fallen
from linli.capabilities.admission.selectors import works as reads
from linli.capabilities.admission.services import Turned
from linli.capabilities.admission.services.works import Begun
from linli.capabilities.admission.tests.offices import NOW, asking, item, open_offices
from linli.capabilities.admission.tests.test_pages import entered
from linli.kernel.acts import Act, Denied, Refusal, conveyor, system_act, under
from linli.kernel.tasks.models import Task
from tests.town import Town

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def act(town: Town, who: str, days: float = 0) -> Act:
    return town.act(who, NOW + timedelta(days=days))


def begun(town: Town, who: str, kind: str, **more: Any) -> Work:
    return services.begin(act(town, who), begun=Begun(kind=kind, title=f"工作{kind}", **more))


def steps(work: Work, kind: str = "") -> list[Step]:
    with under(system_act(NOW)):
        rows = Step.objects.filter(work=work).select_related("work").order_by("area", "id")
        return [row for row in rows if not kind or row.kind == kind]


def done(town: Town, who: str, step: Step, **more: Any) -> Step:
    return services.fill(act(town, who), step, words="办好了", **more)


@pytest.mark.row("R061")
def test_a_street_and_its_communities_join_hands(offices_: Town) -> None:
    work = begun(offices_, "wu", "interaction")
    with pytest.raises(Refusal, match="已经建过"):
        begun(offices_, "wu", "interaction")
    with pytest.raises(Refusal, match="清单"):
        services.conclude(act(offices_, "wu"), work, result="开通")
    for step in steps(work, "list"):
        done(offices_, "wu", step)
    with pytest.raises(Refusal, match="没有签协议"):
        services.conclude(act(offices_, "wu"), work, result="开通")
    for step in steps(work, "agreement"):
        done(offices_, "wu", step)
    services.conclude(act(offices_, "wu"), work, result="开通")
    with under(act(offices_, "wu")) as wu:
        assert reads.coverage(wu) == (1, 1)
    with under(act(offices_, "feng")) as feng:
        assert reads.coverage(feng) == (1, 2)
    ours, theirs = steps(work, "street_rates")[0], steps(work, "community_rates")[0]
    with pytest.raises(Refusal, match="另一方"):
        done(offices_, "wu", theirs, value=Decimal(100))
    with pytest.raises(Refusal, match="100 分"):
        done(offices_, "chen", theirs, value=None)
    done(offices_, "chen", theirs, value=Decimal(80))
    done(offices_, "wu", ours, value=Decimal(90))


@pytest.mark.row("R083", "R084")
def test_one_appraisal_into_which_departments_are_merged(offices_: Town) -> None:
    with pytest.raises(Turned, match="统一综合考核"):
        begun(offices_, "mei", "appraisal")
    work = begun(offices_, "xu", "appraisal", year=2026)
    with pytest.raises(Refusal, match="并进去"):
        begun(offices_, "xu", "appraisal", year=2026)
    mei = act(offices_, "mei")
    with pytest.raises(Turned):
        services.propose(mei, work, title="安全一票否决", weight=Decimal(5), source="台账")
    for title, weight in (("养老服务", 40), ("居民满意", 60)):
        services.propose(mei, work, title=title, weight=Decimal(weight), source="办件评价")
    with pytest.raises(Refusal, match="正好 100"):
        services.conclude(act(offices_, "xu"), work, result="公布")
    with pytest.raises(Refusal, match="范围"):
        done(offices_, "chen", steps(work)[0])
    for step in steps(work, "indicator"):
        done(offices_, "xu", step)
    assert services.conclude(act(offices_, "xu"), work, result="公布").state == "closed"
    with pytest.raises(Refusal, match="不能再加"):
        services.propose(mei, work, title="再加", weight=Decimal(1), source="台账")


@pytest.mark.row("R085")
def test_a_supervision_looks_finds_and_ends_with_a_circular(offices_: Town) -> None:
    work = begun(offices_, "feng", "supervision", sample=2)
    samples = steps(work, "sample")
    assert len(samples) == 2
    found, clean = samples
    for late in (TODAY - timedelta(days=1), TODAY + timedelta(days=4000)):
        with pytest.raises(Refusal, match="整改期限"):
            services.fill(act(offices_, "feng"), found, words="多头要表", due=late)
    step = services.fill(
        act(offices_, "feng"), found, words="多头要表", due=TODAY + timedelta(days=10)
    )
    done(offices_, "feng", clean)
    with pytest.raises(Refusal, match="没有改完"):
        services.conclude(act(offices_, "feng"), work, result="通报", number="督1")
    (rectify,) = steps(work, "rectify")
    with under(system_act(NOW)):
        assert (
            Task.objects.filter(kind="admission.rectify", done_at=None, area=step.area_id).count()
            == 1
        )
    who = {"甲社区": "chen", "乙社区": "zhou"}.get(step.title)
    if who is None:
        return  # the draw fell on a community that the town's cast has no clerk for
    done(offices_, who, rectify)
    with pytest.raises(Refusal, match="通报文号"):
        services.conclude(act(offices_, "feng"), work, result="通报")
    ended = services.conclude(act(offices_, "feng"), work, result="通报批评", number="督查通报1号")
    assert (ended.state, ended.number) == ("closed", "督查通报1号")


@pytest.mark.row("R086")
def test_a_document_that_adds_duties_needs_its_legal_opinion(offices_: Town) -> None:
    with pytest.raises(Refusal, match="先答"):
        begun(offices_, "mei", "document")
    plain = begun(offices_, "mei", "document", adds=False, number="民发1号")
    assert services.conclude(act(offices_, "mei"), plain, result="不增加义务").state == "closed"
    heavy = begun(offices_, "mei", "document", adds=True, number="民发2号")
    with under(act(offices_, "tang")):
        assert Task.objects.filter(kind="admission.opinion", done_at=None).count() == 1
    with pytest.raises(Denied, match="岗位"):
        services.conclude(act(offices_, "mei"), heavy, result="我看可以")
    ended = services.conclude(
        act(offices_, "tang"), heavy, result="于法无据，不得增加", upheld=False
    )
    assert ended.state == "returned"
    with under(system_act(NOW)):
        assert not Task.objects.filter(kind="admission.opinion", done_at=None).exists()


@pytest.mark.row("R089")
def test_a_campaign_takes_its_baseline_from_the_burden(offices_: Town) -> None:
    ticket = services.pass_(act(offices_, "mei", -20), asking=asking(offices_, "甲社区"))
    assert isinstance(ticket, Ticket)
    services.issue(act(offices_, "wu", -20), ticket)
    conveyor.drain()
    with pytest.raises(Refusal, match="减什么"):
        begun(offices_, "wu", "campaign")
    work = begun(offices_, "wu", "campaign", measure="fields", target=30)
    assert work.baseline == Decimal(2)
    assert fallen(Decimal(2), Decimal(1)) == Decimal(50) and fallen(Decimal(0), Decimal(1)) is None
    assert "行动以前" in page(offices_, "wu", "work", pk=work.pk)


@pytest.mark.row("R099")
def test_a_duty_comes_again_and_stands_on_the_list(offices_: Town) -> None:
    work = begun(offices_, "chen", "duty", every="month", start=date(2026, 5, 31))
    (first,) = steps(work)
    with under(act(offices_, "lin")):
        assert Task.objects.get(kind="admission.duty", done_at=None).due is not None
    done(offices_, "chen", first)
    second = steps(work)[-1]
    assert second.due == date(2026, 6, 30) and second.done is None
    with pytest.raises(Refusal, match="已经办过"):
        done(offices_, "chen", first)
    with under(act(offices_, "lin")):
        assert Task.objects.filter(kind="admission.duty", done_at=None).count() == 1
    services.conclude(act(offices_, "chen"), work, result="不再需要")
    with under(act(offices_, "lin")):
        assert not Task.objects.filter(kind="admission.duty", done_at=None).exists()


@pytest.mark.row("R099")
def test_a_duty_takes_the_months_report_as_its_evidence(offices_: Town) -> None:
    work = begun(offices_, "chen", "duty", every="month", start=date(2026, 5, 31))
    (first,) = steps(work)
    client, step = entered(offices_, "chen"), reverse("admission:step", args=[first.pk])
    asked = client.get(step).content.decode()
    assert reverse("measures:report") in asked and ".docx" in asked
    made = client.post(reverse("measures:report"), {"title": "五月报告", "text": "都办了"})
    report = SimpleUploadedFile("report.docx", made.content)
    sent = client.post(step, {"words": "已报街道", "evidence": report})
    assert sent.status_code == 303
    assert "report.docx" in client.get(sent["Location"]).content.decode()


@pytest.mark.row("R099")
def test_a_duty_that_was_missed_comes_again_all_the_same(offices_: Town) -> None:
    work = begun(offices_, "chen", "duty", every="month", start=date(2026, 5, 31))
    (missed,) = steps(work)
    assert services.recur(system_act(datetime(2026, 5, 31, 4, tzinfo=UTC))) == 0, "not yet over"
    after = system_act(datetime(2026, 6, 1, 4, tzinfo=UTC))
    assert [services.recur(after), services.recur(after)] == [1, 0]
    assert [(each.due, each.done) for each in steps(work)] == [
        (date(2026, 5, 31), None),
        (date(2026, 6, 30), None),
    ]
    with under(act(offices_, "lin")):
        assert Task.objects.filter(kind="admission.duty", done_at=None).count() == 2
    done(offices_, "chen", missed)
    assert len(steps(work)) == 2, "what was missed is made up for, and nothing comes twice"


def test_when_a_duty_comes_again() -> None:
    assert again(date(2026, 1, 31), "month", date(2026, 1, 31)) == date(2026, 2, 28)
    assert again(date(2026, 1, 31), "month", date(2026, 4, 2)) == date(2026, 4, 30)
    assert again(date(2026, 6, 1), "week", date(2026, 6, 1)) == date(2026, 6, 8)
    assert again(date(2026, 11, 30), "quarter", date(2026, 11, 30)) == date(2027, 2, 28)
    assert draw([5, 3, 9], 2, "a") == draw([9, 5, 3], 2, "a") and len(draw([1], 5, "a")) == 1


@pytest.mark.row("R091")
def test_hours_say_how_much_goes_to_departments(offices_: Town) -> None:
    chen = act(offices_, "chen")
    services.log_hours(chen, group="forms", hours=Decimal(3))
    services.log_hours(chen, group="visits", hours=Decimal(1))
    for wrong in (
        {"group": "sleep", "hours": Decimal(1)},
        {"group": "forms", "hours": Decimal(21)},
    ):
        with pytest.raises(Refusal, match="选做了什么|还能记 20"):
            services.log_hours(chen, **wrong)  # type: ignore[arg-type]
    with under(act(offices_, "wu")) as wu:
        spent = reads.spent(wu, TODAY)
        assert (spent.hours, spent.share) == (Decimal(4), Decimal(75))
    with under(act(offices_, "zhou")) as zhou:
        assert reads.spent(zhou, TODAY).hours == 0
    assert "填表报数" in page(offices_, "sun", "field_time")


@pytest.mark.row("R100")
def test_systems_that_are_built_and_not_used(offices_: Town) -> None:
    chen, area = act(offices_, "chen"), offices_.area("甲社区")
    with under(chen):
        row = Placement.objects.create(area=area, kind="system", title="平台", since=TODAY)
    with under(act(offices_, "wu")) as wu:
        assert [each.idle for each in reads.systems(wu, TODAY)] == [True]
    services.use_system(chen, row, month=TODAY, times=3, found=0)
    services.handed(system_act(NOW), placement=row.pk, month=TODAY, count=2)
    with pytest.raises(Refusal, match="不能少于"):
        services.use_system(chen, row, month=TODAY, times=3, found=1)
    services.use_system(chen, row, month=TODAY, times=5, found=2)
    with under(act(offices_, "wu")) as wu:
        (used,) = reads.systems(wu, TODAY)
        assert (used.idle, used.times, used.handed) == (False, 5, 2)


@pytest.mark.row("R100")
def test_what_systems_found_goes_out_as_a_file(offices_: Town) -> None:
    chen, area = act(offices_, "chen"), offices_.area("甲社区")
    this = timezone.localdate().replace(day=1)
    with under(chen):
        row = Placement.objects.create(area=area, kind="system", title="=平台", since=TODAY)
    services.use_system(chen.on(at=timezone.now()), row, month=this, times=5, found=2)
    assert "systems/file/?as=csv" in page(offices_, "wu", "systems")
    client = entered(offices_, "wu")
    told = client.get(reverse("admission:systems_file"), {"as": "csv"}).content.decode("utf-8-sig")
    assert f"{this:%Y-%m},'=平台,甲社区,5,2,0" in told
    book = client.get(reverse("admission:systems_file"))
    assert book.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert book.content.startswith(b"PK")
    assert client.get(reverse("admission:systems_file"), {"as": "exe"}).status_code == 404
    other = entered(offices_, "zhou").get(reverse("admission:systems_file"), {"as": "csv"})
    assert "平台" not in other.content.decode()


@pytest.mark.row("R073")
def test_money_follows_delivered_work(offices_: Town) -> None:
    mei, area = act(offices_, "mei"), offices_.area("甲社区").pk
    held = item("A10")
    with pytest.raises(Refusal, match="没有核定经费|没有完成过"):
        services.pay(mei, item=held, area=area, amount=Decimal(1))
    with under(system_act(NOW)):
        held.versions.create(
            number=9, title="x", basis="x", lead="civil", yearly=500, funding="预算", made=NOW
        )
    ticket = services.pass_(mei, asking=asking(offices_, "甲社区", fields=()))
    assert isinstance(ticket, Ticket)
    services.issue(act(offices_, "wu"), ticket)
    with under(act(offices_, "chen")):
        demand = Demand.objects.get()
    services.deliver(act(offices_, "chen"), demand)
    services.pay(mei, item=held, area=area, amount=Decimal(300))
    with pytest.raises(Refusal, match="还能拨 200"):
        services.pay(mei, item=held, area=area, amount=Decimal(300))
    with pytest.raises(Refusal, match="主管部门"):
        services.pay(act(offices_, "huo"), item=held, area=area, amount=Decimal(1))
    with under(act(offices_, "wu")) as wu:
        (row,) = reads.funded(wu, 2026)
        assert (row.delivered, row.paid, row.left) == (1, Decimal(300), Decimal(200))
        assert Payment.objects.count() == 1


def page(town: Town, who: str, name: str, **where: Any) -> str:
    answer = entered(town, who).get(reverse(f"admission:{name}", kwargs=where or None))
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


KINDS = ("interaction", "appraisal", "supervision", "document", "campaign", "duty")


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_asks_what_its_kind_needs(offices_: Town, kind: str) -> None:
    text = page(offices_, "feng" if kind == "supervision" else "wu", "work_new", kind=kind)
    assert ("减什么" in text) == (kind == "campaign") and ("多久一次" in text) == (kind == "duty")


def test_a_form_opens_only_for_whoever_begins_such_work(offices_: Town) -> None:
    answer = entered(offices_, "wu").get(reverse("admission:work_new", args=["supervision"]))
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["works", "time", "systems", "funds"])
def test_the_pages_open_empty(offices_: Town, name: str) -> None:
    assert page(offices_, "wu", name)
