"""What departments' files say beyond people themselves: which source knows what best, tags, ties, ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.capabilities.registry.models import Residence
from linli.capabilities.registry.tests.importing import card, imported, person, total, written
from linli.kernel.acts import system_act, under
from tests.town import Town

HEADS = ("姓名", "公民身份号码", "联系电话", "文化程度")


@pytest.mark.row("R012")
@pytest.mark.parametrize(
    ("column", "first", "second", "values", "held"),
    [
        # 公安 knows who somebody is, civil affairs know more of the phone, education of schooling.
        ("联系电话", "police", "civil", ("13600000001", "13600000002"), "13600000002"),
        ("联系电话", "civil", "police", ("13600000001", "13600000002"), "13600000001"),
        ("文化程度", "police", "education", ("初中", "大学本科"), "大学本科"),
        ("文化程度", "education", "police", ("大学本科", "初中"), "大学本科"),
        ("曾用名", "police", "civil", ("王大", "王二"), "王大"),
        ("曾用名", "civil", "police", ("王大", "王二"), "王二"),
    ],
)
def test_the_source_that_knows_best_wins(
    town: Town,
    tmp_path: Path,
    column: str,
    first: str,
    second: str,
    values: tuple[str, str],
    held: str,
) -> None:
    number = card(101)
    for at, (source, value) in enumerate(zip((first, second), values, strict=True)):
        row = ("王大明", number, value)
        file = written(tmp_path, ("姓名", "公民身份号码", column), row, name=f"{at}.csv")
        assert total(imported(town, file, source))["rows"] == 1
    found = person(number)
    names = {
        "联系电话": lambda: found.phone.open() if found.phone else "",
        "文化程度": lambda: {"21": "大学本科", "71": "初中"}.get(found.education, found.education),
        "曾用名": lambda: found.former_name,
    }
    assert names[column]() == held
    with under(system_act()):
        assert Residence.objects.filter(person=found).count() == 1
