"""Pages of a unit's form: uploaded, a column settled with and without scripts, confirmed; other units see nothing."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest
from django.test import Client

from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.tables.models import Form, Sheet
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.selectors.sending import Branch, drawn, named
from linli.capabilities.tables.tests.test_forms import LIST, book, key_of, upload
from linli.capabilities.tables.tests.test_ledgers import entered
from linli.capabilities.tables.tests.test_rounds import admitted
from linli.kernel.acts import system_act, under
from linli.kernel.places.models import Area
from tests.families import settle
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(town: Town) -> Client:
    """The civil affairs office at its desk."""
    settle()
    open_offices()
    return entered(town, "mei")


def bring(client: Client, content: bytes | None = None, name: str = "表.xlsx") -> Form:
    answer = client.post("/desk/forms/new/", {"file": upload(content or book(*LIST), name)})
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    with under(system_act()):
        return Form.objects.order_by("-pk")[0]


def test_a_form_is_brought_and_settled_without_scripts(mei: Client) -> None:
    form = bring(mei)
    where = f"/desk/forms/{form.pk}/"
    text = mei.get(where).content.decode()
    assert "困难群众摸底表" in text and "mark-sure" in text and "请指定" in text
    assert "f0" in mei.get(f"{where}look.css").content.decode()
    key = key_of(form, "帮扶意向")
    assert "由填表人手填" in mei.get(f"{where}?at={key}").content.decode()
    answer = mei.post(f"{where}columns/{key}/", {"pick": "own", "asked": "1"})
    assert answer.status_code == 303 and "?at=" in answer["Location"]
    with under(system_act()):
        form.refresh_from_db()
    column = Plan.of(form.plan).column(key)
    assert column is not None and column.settled
    wrong = mei.post(
        f"{where}columns/{key_of(form, '身份证号')}/", {"pick": "known:person.document"}
    )
    assert wrong.status_code == 422 and "请写明用途" in wrong.content.decode()


def test_what_the_file_hides_is_told(mei: Client) -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(*LIST)))
    sheet, other = made.worksheets[0], made.create_sheet("字典")
    sheet.column_dimensions["C"].hidden = True
    for row in (3, 4):
        sheet.row_dimensions[row].hidden = True
    other["A1"], other.sheet_state = "男", "hidden"
    out = io.BytesIO()
    made.save(out)
    form = bring(mei, out.getvalue())
    text = mei.get(f"/desk/forms/{form.pk}/").content.decode()
    assert "隐藏的列：C。" in text and "隐藏的行：3–4。" in text and "没有读：字典。" in text
    assert "隐藏的" not in mei.get(f"/desk/forms/{bring(mei).pk}/").content.decode()


def test_a_column_is_settled_in_place(mei: Client) -> None:
    form = bring(mei)
    key, where = key_of(form, "姓名"), f"/desk/forms/{form.pk}/columns/"
    found = mei.get(f"{where}{key}/?q=出生", headers={"HX-Request": "true"}).content.decode()
    assert "出生日期" in found and "known:person.born" in found
    answer = mei.post(
        f"{where}{key}/", {"pick": "known:person.name"}, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200 and 'hx-swap-oob="true"' in text and "mark-done" in text


def test_a_whole_form_is_confirmed_in_few_steps(mei: Client) -> None:
    form = bring(mei)
    where = f"/desk/forms/{form.pk}/"
    assert mei.post(f"{where}step/confirm/").status_code == 422
    assert mei.post(f"{where}step/sure/").status_code == 303
    with under(system_act()):
        form.refresh_from_db()
    for column in [c for c in Plan.of(form.plan).columns if not c.settled]:
        said = {
            "pick": f"known:{column.element}" if column.element else "own",
            "reason": "核对资格",
        }
        assert mei.post(f"{where}columns/{column.key}/", said).status_code == 303
    assert mei.post(f"{where}step/confirm/").status_code == 303
    assert "已确认" in mei.get(where).content.decode()


def test_others_find_no_such_form(mei: Client, town: Town) -> None:
    form = bring(mei)
    assert entered(town, "chen").get(f"/desk/forms/{form.pk}/").status_code == 404
    assert entered(town, "sun").get("/desk/forms/").status_code == 403


def test_a_broken_file_is_told_on_its_page(mei: Client) -> None:
    form = bring(mei, b"PK\x03\x04 torn")
    text = mei.get(f"/desk/forms/{form.pk}/").content.decode()
    assert "已损坏" in text and "没有丢" in text
    refused = mei.post("/desk/forms/new/", {"file": upload(b"x", "旧表.doc")})
    assert refused.status_code == 422 and "另存为 .docx" in refused.content.decode()


def ready(client: Client, form: Form) -> None:
    """Everything of a form confirmed by its office."""
    where = f"/desk/forms/{form.pk}/"
    client.post(f"{where}step/sure/")
    with under(system_act()):
        form.refresh_from_db()
    for column in [c for c in Plan.of(form.plan).columns if not c.settled]:
        pick = f"known:{column.element}" if column.element else "own"
        client.post(f"{where}columns/{column.key}/", {"pick": pick, "reason": "核对资格"})
    assert client.post(f"{where}step/confirm/").status_code == 303


ELDERS = (["老年人需求摸排表"], ["姓名", "出生日期", "文化程度", "工作单位"], ["", "", "", ""])


@pytest.mark.row("R069", "R076")
def test_what_was_never_admitted_is_told_what_leads_there(mei: Client, town: Town) -> None:
    form = bring(mei, book(*ELDERS))
    ready(mei, form)
    where = f"/desk/forms/{form.pk}/send/"
    assert "没有准入的表不能下发" in mei.get(where).content.decode()
    said = {"period": "2026年12月", "due": "2027-12-31", "area": str(town.area("甲社区").pk)}
    refused = mei.post(where, said)
    text = refused.content.decode()
    assert refused.status_code == 422 and "可以这样办" in text and "去申请准入" in text
    (way,) = re.findall(r'href="(/desk/admission/applications/new/\?[^"]+)"', text)
    wish = mei.get(unescape(way)).content.decode()
    assert "老年人需求摸排表" in wish and "person.education" in wish
    with under(system_act()):
        form.refresh_from_db()
        assert (
            form.state == Form.State.CONFIRMED
            and not Sheet.objects.filter(round__form=form).exists()
        )


@pytest.mark.row("R076")
def test_an_admitted_form_is_shown_before_and_sent(mei: Client, town: Town) -> None:
    admitted(town)
    form = bring(mei, book(*ELDERS))
    ready(mei, form)
    where, street = f"/desk/forms/{form.pk}/send/", town.area("甲社区").parent_id
    shown = mei.post(f"{where}preview/", {"area": str(street)}, headers={"HX-Request": "true"})
    assert "平台直接填好" in shown.content.decode()
    soon = {"period": "2026年12月", "due": "2020-01-01", "area": str(street), "item": "T91"}
    assert mei.post(where, soon).status_code == 422
    answer = mei.post(where, soon | {"due": "2027-12-31"})
    assert answer.status_code == 303, answer.content.decode()
    text = mei.get(answer["Location"]).content.decode()
    assert "甲社区" in text and "等街道下发" in text
    again = mei.post(where, soon | {"due": "2027-12-31"})
    assert again.status_code == 422 and "已经下发过" in again.content.decode()


@pytest.mark.row("R090")
def test_what_others_collect_already_is_told_with_the_law(mei: Client, town: Town) -> None:
    with under(system_act()):
        others = {"title": "老年人健康摸底", "lead": "health", "owner": "卫健"}
        item = Item.objects.create(
            code="T92", catalogue="assistance", area=town.area("试验市"), changed=NOW
        )
        fields = ["person.name", "person.born", "person.education"]
        ItemVersion.objects.create(item=item, number=1, fields=fields, made=NOW, **others)
    form = bring(mei, book(*ELDERS))
    ready(mei, form)
    where = f"/desk/forms/{form.pk}/"
    text = mei.get(where).content.decode()
    assert "老年人健康摸底" in text and "协助老年人优待" not in text and "政务数据共享条例" in text
    assert (
        mei.post(f"{where}step/shared/", {"source": "《老年人健康摸底》（卫健）"}).status_code
        == 303
    )
    assert "改用：《老年人健康摸底》" in mei.get(where).content.decode()


def test_whom_a_form_asks_is_chosen_by_clicking(mei: Client) -> None:
    form = bring(mei, book(*ELDERS))
    where = f"/desk/forms/{form.pk}/whom/0/"
    assert "年龄" in mei.get(where).content.decode()
    assert "身份证" not in mei.get(f"{where}?element=person.document").content.decode()
    added = mei.post(where, {"element": "person.age", "op": "least", "value": "80"})
    assert added.status_code == 303
    assert "80" in mei.get(where).content.decode()
    mei.post(where, {"drop": "0"})
    with under(system_act()):
        form.refresh_from_db()
    assert len(Plan.of(form.plan).parts[0].conditions) < 2


def test_places_are_listed_when_asked_for_and_found_by_name(mei: Client, town: Town) -> None:
    form = bring(mei, book(*ELDERS))
    ready(mei, form)
    where, street = f"/desk/forms/{form.pk}/send/", town.area("甲社区").parent_id
    assert "甲社区" in mei.get(f"{where}find/?q=甲社").content.decode()
    assert "没有叫这个名字" in mei.get(f"{where}find/?q=%00无此地").content.decode()
    assert "甲社区" in mei.get(f"{where}areas/{street}/").content.decode()
    assert mei.get(f"{where}areas/1/").status_code == 404
    said = {"period": "2026年12月", "words": "请核对", "find": "yes", "q": "甲社区"}
    kept = mei.post(where, said | {"area": str(town.area("甲社区").pk)})
    text = kept.content.decode()
    assert kept.status_code == 200 and "2026年12月" in text and "请核对" in text
    assert "已选 1 个社区" in text and "已选上" in text
    with under(system_act()):
        assert not Sheet.objects.filter(round__form=form).exists()


def branches(streets: int, communities: int) -> tuple[Branch, ...]:
    """A city of one district."""
    names = [
        Branch(
            Area(id=s * 100, name=f"{s}街道"),
            communities,
            tuple(
                Branch(Area(id=s * 100 + c, name=f"{c}社区"), 1) for c in range(1, communities + 1)
            ),
        )
        for s in range(1, streets + 1)
    ]
    return (Branch(Area(id=9, name="区"), streets * communities, tuple(names)),)


def test_only_streets_that_were_opened_or_partly_chosen_are_drawn() -> None:
    found = branches(10, 20)
    chosen = [*range(101, 121), 203]
    (district,) = drawn(found, chosen, [300])
    assert [each.drawn for each in district.below[:4]] == [False, True, True, False]
    assert (district.below[0].whole, district.below[1].part, district.chosen) == (True, True, 21)
    assert all(each.drawn for each in drawn(branches(2, 10), ())[0].below), (
        "a few are drawn at once"
    )
    assert [each.area.name for each in named(found, "3街道")] == ["3街道"]
    assert len(named(found, "社区")) == 31 and named(found, "7社区")[0].above == "区 1街道"
