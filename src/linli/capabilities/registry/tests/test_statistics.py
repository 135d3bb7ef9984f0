"""Dated figures from outside: taken once, corrected with what was said before, used as denominators."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.capabilities.registry.commands import registry
from linli.capabilities.registry.models import Statistic
from linli.capabilities.registry.reading.figures import read_figures
from linli.capabilities.registry.selectors import statistics as selectors
from linli.capabilities.registry.services import statistics
from linli.kernel.acts import Act, under
from linli.kernel.acts.act import system_act
from linli.kernel.places import selectors as places
from tests.town import Town

FILE = """\
区划代码,指标,统计时期,数值,单位,截止时点,出处,条目
329900000000,population,2024,"1,204,000",人,2024-12-31,统计公报2024,表1
329900000000,population,2025,1210000,人,2025/12/31,统计公报2025,表1
329901001001,households,2025,2600,户,2025-12-31,民政年报2025,
999999999999,population,2025,1,人,2025-12-31,统计公报2025,
329900000000,population,2025,一百万,人,2025-12-31,统计公报2025,
329900000000,population,2025,5,人,去年底,统计公报2025,
329900000000,population,2099,5,人,2099-12-31,统计公报2099,
329900000000,population,2025,5,人,2025-12-31,,
"""


def _take(tmp_path: Path, text: str) -> str:
    places.forget()
    file = tmp_path / "figures.csv"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(registry, ["statistics", str(file)]).output


@pytest.mark.row("R009")
def test_figures_are_taken_once_and_refused_with_the_reason(town: Town, tmp_path: Path) -> None:
    told = _take(tmp_path, FILE)
    assert "新增 3，更正 0，不变 0" in told
    for line in (5, 6, 7, 8, 9):
        assert f"第 {line} 行未采用" in told
    assert "新增 0，更正 0，不变 3" in _take(tmp_path, FILE)
    corrected = _take(tmp_path, FILE.replace("1210000", "1211000"))
    assert "更正 1，不变 2" in corrected
    assert Statistic.objects.filter(code="population", period="2025").count() == 2


def test_the_newest_that_was_known_is_the_denominator(town: Town, tmp_path: Path) -> None:
    _take(tmp_path, FILE)
    city = town.area("试验市")
    newest = selectors.statistic(city, "population", date(2026, 6, 1))
    older = selectors.statistic(city, "population", date(2025, 6, 1))
    assert newest is not None and newest.value == 1_210_000 and newest.document == "统计公报2025"
    assert older is not None and older.value == 1_204_000
    assert selectors.statistic(city, "population", date(2020, 1, 1)) is None
    assert selectors.per(605, city, "population", date(2026, 6, 1), times=10_000) == 5.0
    assert selectors.per(605, city, "wages", date(2026, 6, 1)) is None
    assert [each.period for each in selectors.series(city, "population")] == ["2024", "2025"]


def test_only_for_one_s_own_areas(town: Town) -> None:
    places.forget()
    act = town.act("he", at=datetime(2026, 6, 1, tzinfo=UTC)).on(verbs=frozenset({"registry.*"}))
    from_file = {"unit": "人", "document": "x", "period": "2025", "code": "population"}
    with under(act):
        taken = _record(act, area="329901001002", **from_file)
    assert taken.added == 0 and "管理范围" in taken.refused[0][1]
    with under(system_act()):
        assert not Statistic.objects.exists()


def _record(act: Act, **values: str) -> statistics.Taken:
    from_values = statistics.Figure(value=Decimal(1), as_of=date(2025, 12, 31), **values)
    return statistics.record(act, [from_values])


def test_a_file_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("甲,乙\n1,2\n", encoding="gb18030")
    with pytest.raises(ValueError, match="缺少列：区划代码、指标"):
        read_figures(file)
