"""A department's form in the demonstration city: refused without an item, admitted, sent to forty communities, nearly filled
from what is known, completed on visits, confirmed and taken.

Everything goes through the services, so that it is what they would leave.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.services import Turned, Wish
from linli.capabilities.tables import services as tables
from linli.capabilities.tables.models import Form, Gap, Round, Sheet
from linli.capabilities.tables.rules import Column, Plan, Way
from linli.capabilities.tables.services import Call, forms
from linli.capabilities.tables.services.forms import Decision
from linli.kernel.acts import Act, system_act
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.calendar.terms import Term
from linli.kernel.places import selectors as places
from linli.site.demo.demands import Stage

TITLE = "独居老年人冬季关爱情况表"
# heading, width; groups stand above their columns
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("", "序号", 6),
    ("基本情况", "姓名", 10),
    ("基本情况", "性别", 6),
    ("基本情况", "出生日期", 12),
    ("基本情况", "年龄（岁）", 8),
    ("基本情况", "民族", 8),
    ("基本情况", "婚姻状况", 10),
    ("基本情况", "文化程度", 12),
    ("居住和联系", "现居住地址", 34),
    ("居住和联系", "联系电话", 14),
    ("", "备注", 12),
)
# What people say on a visit; nothing where they have nothing to tell.
SAID = {
    "person.phone": "1380013{:04d}",
    "person.education": "小学",
    "person.marital": "丧偶",
    "person.ethnic": "汉族",
}


def settle(stage: Stage) -> int:
    """Tell the whole story; returns how many communities have the table. 0 where no department asks it."""
    if "civil" not in stage.cast.units:
        return 0
    item = _admitted(stage)
    worker = stage.act("civil", "department_worker", 8, 9)
    form = _form(worker)
    keys = tuple(area.pk for area in stage.lively)
    streets = tuple(sorted({places.street_of(key) or 0 for key in keys}))
    call: dict[str, Any] = {
        "communities": keys,
        "streets": streets,
        "period": f"{worker.at.year}年冬季",
        "due": stage.options.now + timedelta(days=6),
        "words": "请先看系统里已有的，只补缺的。",
    }
    tables.issue(worker, form, call=Call(**call))  # the gate says no: nothing was admitted
    made = tables.issue(
        stage.act("civil", "department_worker", 7, 9), form, call=Call(**call, item=item)
    )
    if isinstance(made, Turned):
        raise made
    for key in streets:
        admission.issue(stage.at(places.tree().by_id[key], "street_worker", 6), made.ticket)
    tables.opened(system_act(stage.options.now - timedelta(days=6)), made.pk)
    for demand, cells, known in made.sheets.filter(cells__gt=0).values_list(
        "demand", "cells", "known"
    ):
        admission.prefilled(
            stage.act("civil", "department_worker", 6), demand=demand, cells=cells, known=known
        )
    _filled(stage, made)
    return len(keys)


def _admitted(stage: Stage) -> str:
    """The item under which it may be asked, from the application to the meeting; returns its code."""
    drafted = stage.act("civil", "department_worker", 118, 9)
    start = due_at(drafted.at, Term.parse("45WD"), calendar(), office(), SHANGHAI)
    wish = Wish(
        catalogue="services",
        title="独居老年人冬季关爱",
        basis="《中华人民共和国老年人权益保障法》",
        frequency="每年",
        fields=(
            "person.name",
            "person.sex",
            "person.born",
            "person.age",
            "person.education",
            "person.phone",
            "residence.address",
            "person.ethnic",
            "person.marital",
        ),
        yearly=Decimal(2000),
        funding="养老服务专项经费",
        hours=Decimal(4),
        start=start.date() if start else None,
        why="冬季取暖安全要逐户了解，需要社区帮助入户。",
    )
    row = admission.apply(drafted, wish=wish)
    row = admission.submit(stage.act("civil", "department_worker", 116), row)
    reviewer = stage.act("justice", "legal_reviewer", 110)
    row = admission.uphold(reviewer, row, opinion="于法有据，未增设社区义务，同意公示。")
    row = admission.close_notice(stage.act("justice", "legal_reviewer", 85), row)
    meeting = stage.act("government_office", "standing_office", 80)
    minute = f"常务会议纪要〔{meeting.at.year}〕3号"
    row = admission.admit(
        meeting, row, minute=minute, yearly=Decimal(2000), funding="养老服务专项经费"
    )
    return str(row.item.code) if row.item else ""


def _form(act: Act) -> Form:
    """The department's workbook, brought, understood and confirmed."""
    upload = SimpleUploadedFile(f"{TITLE}.xlsx", workbook())
    form = forms.bring(act, upload)
    forms.settle_sure(act, form)
    form.refresh_from_db()
    for column in list(Plan.of(form.plan).columns):
        said = _decision(column)
        if said is not None:
            form = forms.settle(act, form, key=column.key, decision=said)
    return forms.confirm(act, form)


def _decision(column: Column) -> Decision | None:
    """What the department says of a column that reading was not sure of, or that it wants filled otherwise."""
    if column.label == "备注":
        return Decision(Way.BLANK)
    return None if column.settled else Decision(Way.KNOWN, column.element)


def _filled(stage: Stage, made: Round) -> None:
    """What the communities did: the stage visits one household, some have confirmed, the department has taken a few."""
    sheets = {
        s.area_id: s for s in Sheet.objects.filter(round=made).select_related("demand", "area")
    }
    home = sheets[stage.cast.stage.pk]
    admission.accept(stage.at(home.area, "clerk", 5), home.demand)
    # The last of its grids was visited; the first, which visitors of the demonstration walk, still waits.
    _visited(stage.at(home.area, "grid_worker", 4, nth=-1), home)
    others = [sheets[area.pk] for area in stage.lively if area.pk != home.area_id]
    for number, sheet in enumerate(others[: len(others) * 2 // 3]):
        clerk = stage.at(sheet.area, "clerk", 4 - number % 3)
        admission.accept(clerk, sheet.demand)
        _told(clerk, sheet)
        if number % 4 < 3:
            _signed(stage, sheet, 2 - number % 2)
    signed = Sheet.objects.filter(round=made, state=Sheet.State.SIGNED).order_by("pk")
    taken = list(signed.values_list("pk", flat=True))[: max(1, len(others) // 4)]
    if taken:
        tables.accept(stage.act("civil", "department_worker", 0.5), made, sheets=taken)


def _visited(act: Act, sheet: Sheet) -> None:
    """One visit to the household that lacks most."""
    gaps = Gap.objects.filter(sheet=sheet, state=Gap.State.OPEN, household__isnull=False)
    by_home: dict[int, list[Gap]] = {}
    for gap in gaps:
        if act.sees(gap.area):
            by_home.setdefault(gap.household or 0, []).append(gap)
    if by_home:
        _answer(act, max(by_home.values(), key=len), "door")


def _told(act: Act, sheet: Sheet) -> None:
    _answer(
        act, list(Gap.objects.filter(sheet=sheet, state=Gap.State.OPEN).order_by("pk")), "window"
    )


def _answer(act: Act, gaps: list[Gap], source: str) -> None:
    """Somebody who lives elsewhere by now is asked there."""
    said = {gap.pk: _said(gap) for gap in gaps if act.sees(gap.area)}
    if said:
        known = {key: words for key, words in said.items() if words}
        none = [key for key, words in said.items() if not words]
        tables.answer(act, answers=known, none=none, source=source)


def _said(gap: Gap) -> str:
    return SAID.get(gap.element, "").format(gap.pk % 10_000)


def _signed(stage: Stage, sheet: Sheet, days: float) -> None:
    sheet.refresh_from_db()
    open_ = Gap.objects.filter(sheet=sheet, state=Gap.State.OPEN).exists()
    left = "老人外出，回来后补。" if open_ else ""
    tables.sign(stage.at(sheet.area, "community_head", days), sheet, left=left)


def workbook() -> bytes:
    """The form as a department draws it: a title over all columns, whom it is from, two rows of headings, a note below."""
    book = Workbook()
    page: Any = book.active
    page.title = "关爱情况"
    last = get_column_letter(len(COLUMNS))
    page.merge_cells(f"A1:{last}1")
    page["A1"] = TITLE
    page["A1"].font = Font(name="方正小标宋简体", size=18)
    page["A1"].alignment = Alignment(horizontal="center", vertical="center")
    page.row_dimensions[1].height = 34
    page["A2"] = "填报单位：                    填报日期：    年  月  日"
    page.merge_cells(f"A2:{last}2")
    _heads(page)
    line = Side(style="thin")
    for row in range(3, 15):
        for column in range(1, len(COLUMNS) + 1):
            page.cell(row, column).border = Border(line, line, line, line)
    page["A15"] = "注：1. 年龄以填报日为准；2. 联系电话填本人或者家人的。"
    page.merge_cells(f"A15:{last}15")
    page.freeze_panes = "C5"
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _heads(page: Any) -> None:
    first = 1
    for number, (group, name, width) in enumerate(COLUMNS, 1):
        page.column_dimensions[get_column_letter(number)].width = width
        page.cell(3, number, group or name)
        if group:
            page.cell(4, number, name)
        else:
            page.merge_cells(start_row=3, end_row=4, start_column=number, end_column=number)
        follows = COLUMNS[number][0] if number < len(COLUMNS) else ""
        if group and follows != group:
            page.merge_cells(start_row=3, end_row=3, start_column=first, end_column=number)
        if follows != group or not group:
            first = number + 1
        for row in (3, 4):
            cell = page.cell(row, number)
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDEBF7")
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
