"""What stands out among indicators, and the report of a month (R097)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from linli.capabilities.matters.tests.test_desk import entered, lamp
from linli.kernel.files import papers
from linli.kernel.measures import Counted, Measure, MeasuresPolicy
from linli.kernel.measures.report import written
from linli.kernel.measures.shapes import Target
from linli.kernel.measures.sheet import Line
from linli.kernel.measures.strange import strange
from linli.kernel.policy import current
from tests.town import Town

pytestmark = [pytest.mark.row("R097"), pytest.mark.django_db]
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def line(title: str, numbers: list[float | None], better: str = "", aim: str = "") -> Line:
    measure = Measure(f"x.{title}", title, "share" if aim else "count", better)  # type: ignore[arg-type]
    told = current().section(MeasuresPolicy).targets[0]
    target = (
        Target(**{**told.__dict__, "code": measure.code, "value": Decimal(aim)}) if aim else None
    )
    counted = [None if n is None else Counted(n) for n in numbers]
    return Line(measure, list(counted), numbers, target, ["/rows/"] * len(numbers))


def found(*lines: Line, this: date = DECEMBER) -> dict[str, tuple[str, str]]:
    told = strange([("诉求", list(lines))], NOVEMBER, this)
    return {str(each.title): (each.told, each.rule) for each in told}


def test_each_anomaly_says_its_figures_and_its_rule(town: Town) -> None:
    told = found(
        line("按时办理率", [96, 96, 96, 96, 96, 90], "more", "95"),
        line("收到的诉求", [10, 12, 8, 10, 10, 30]),
        line("重办的诉求", [1, 1, 1, 2, 3, 4], "less"),
        line("活动", [4, 4, 4, 4, 4, 5]),
    )
    assert told["按时办理率"][0] == "90%，目标 95%" and "目标依据" in told["按时办理率"][1]
    assert told["收到的诉求"][0] == "30，前 5 个月平均 10"
    assert told["收到的诉求"][1] == "和前几个月的平均数相差 50% 以上，并且至少差 5"
    assert told["重办的诉求"] == ("1 → 2 → 3 → 4", "连续 3 个月变差")
    assert "活动" not in told


def test_a_running_month_is_not_found_too_small(town: Town) -> None:
    few = line("收到的诉求", [20, 20, 20, 20, 20, 2])
    assert "收到的诉求" in found(few)
    assert found(few, this=NOVEMBER) == {}
    assert found(line("刚开始记的", [0, 0, 0, 5, 44, 90])) == {}
    assert found(line("新的", [None, None, None, None, 3, 90])) == {}  # nothing to hold it against


def test_the_report_is_written_changed_and_taken_as_a_document(town: Town) -> None:
    lamp(town)
    he = entered(town, "he")
    page = he.get("/desk/measures/report/").content.decode()
    assert "月工作报告" in page and "收到的诉求" in page and "下月打算" in page
    given = {"title": "十一月报告", "text": "1. 工作\n办了 <三> 件\x0b"}
    answer = he.post("/desk/measures/report/", given)
    assert answer["Content-Type"] == papers.MEDIA["docx"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        text = "".join(ElementTree.fromstring(packed.read("word/document.xml")).itertext())
    assert text.startswith("十一月报告") and "1. 工作办了 <三> 件" in text
    pdf = he.post("/desk/measures/report/", {**given, "as": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    refused = he.post("/desk/measures/report/", {"title": "", "text": "还没有标题"})
    assert refused.status_code == 422 and "还没有标题" in refused.content.decode()
    assert entered(town, "sun").get("/desk/measures/report/").status_code == 403
    assert he.get("/desk/measures/alerts/").status_code == 200


def test_a_room_without_numbers_says_so(town: Town) -> None:
    assert "本月没有记录。" in written([("诉求", [line("x", [None] * 6)])], [])
