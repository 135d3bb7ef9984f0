"""Bad files and broken imports: each says clearly what is wrong, nothing is half applied, nothing is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from linli.capabilities.registry.models import Batch, Person
from linli.capabilities.registry.reading import open_table
from linli.capabilities.registry.services import imports
from linli.capabilities.registry.services.imports import running
from linli.capabilities.registry.services.imports.opening import score
from linli.capabilities.registry.tests.importing import card, imported, person, total, written
from linli.kernel.acts import Refusal, system_act, under
from linli.kernel.vault import keyfile
from tests.town import Town

HEADS = ("姓名", "公民身份号码", "联系电话", "所属社区")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def book(*rows: tuple[Any, ...]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(out)
    return out.getvalue()


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A workbook with other parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_macro(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = b"macro"


def without_sheet(parts: dict[str, bytes]) -> None:
    parts["xl/worksheets/sheet1.xml"] = b"<broken"


def bomb(parts: dict[str, bytes]) -> None:
    parts["xl/worksheets/sheet1.xml"] += b" " * (400 * 2**20)


WORKBOOKS = Path(__file__).parent / "workbooks"


def foreign(name: str) -> bytes:
    """A workbook that another program wrote."""
    return (WORKBOOKS / name).read_bytes()


def lying() -> bytes:
    """A workbook that unpacks into 400 MB and declares a hundred bytes."""
    content = repacked(GOOD, bomb)
    true = max(each.file_size for each in zipfile.ZipFile(io.BytesIO(content)).infolist())
    assert true > 400 * 2**20
    return content.replace(true.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def with_password() -> bytes:
    """A genuine .xls whose second record says that the rest is encrypted."""
    content = foreign("genuine.xls")
    begun = content.index(b"\x09\x08\x10\x00")
    return content[: begun + 20] + b"\x2f\x00" + content[begun + 22 :]


GOOD = book(HEADS, ("周小明", card(701), "13600000001", "甲社区"))
UNREADABLE: tuple[tuple[str, bytes, str, str], ...] = (
    ("空.csv", b"", "empty", "空的"),
    ("密.xlsx", OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "密码"),
    ("密.xls", OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "密码"),
    ("坏.xls", OLE + b"\0" * 2048, "broken", "损坏"),
    ("坏.xlsx", GOOD[: len(GOOD) // 2], "broken", "损坏"),
    ("缺页.xlsx", repacked(GOOD, without_sheet), "broken", "损坏"),
    ("不是.xlsx", b"PK\x03\x04 nothing", "broken", "损坏"),
    ("宏.xlsm", GOOD, "macros", "宏"),
    ("藏宏.xlsx", repacked(GOOD, with_macro), "macros", "宏"),
    ("炸弹.xlsx", repacked(GOOD, bomb), "bomb", "解开后"),
    ("谎报.xlsx", lying(), "bomb", "解开后"),
    ("密码.xls", with_password(), "encrypted", "密码"),
    ("宏.xls", foreign("genuine.xls") + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macros", "宏"),
    ("半截.xls", foreign("genuine.xls")[:1500], "broken", "损坏"),
    ("网页.xls", foreign("page.xls"), "dressed", "另存为 .xlsx"),
    ("XML.xls", foreign("xml.xls"), "dressed", "另存为 .xlsx"),
    ("很老.xls", foreign("excel2.xls"), "outdated", "另存为 .xlsx"),
    ("二进制.xlsb", foreign("binary.xlsb"), "binary", "另存为 .xlsx"),
    ("二进制.xlsx", foreign("binary.xlsb"), "binary", "另存为 .xlsx"),
    ("乱码.et", b"\xff\x00\xfe" * 400, "broken", "损坏"),
    ("空页.xlsx", book(), "no-heading", "没有找到表头"),
    ("一列.csv", "姓名\n周小明\n吴小红\n".encode(), "no-heading", "没有找到表头"),
    ("无表头.csv", b"1,2,3\n4,5,6\n", "no-heading", "没有找到表头"),
    ("图.png", b"\x89PNG", "suffix", "只能导入"),
)


@pytest.mark.row("R012")
@pytest.mark.parametrize("case", UNREADABLE, ids=[case[0] for case in UNREADABLE])
def test_what_cannot_be_read_is_said(
    town: Town, tmp_path: Path, case: tuple[str, bytes, str, str]
) -> None:
    name, content, code, words = case
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        open_table(file, score)
    assert refused.value.code == code and words in str(refused.value)


def csv(sign: str, encoding: str) -> bytes:
    rows = [
        HEADS,
        ("周小明", card(711), "13600000001", "甲社区"),
        ("吴小红", card(712), "", "甲社区"),
    ]
    return "\r\n".join(sign.join(row) for row in rows).encode(encoding)


def merged_headings() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "某某社区人口情况登记表"
    sheet.merge_cells("A1:D1")
    sheet["A3"] = "填表说明：请如实填写，身份证号为十八位，联系电话请填写本人手机号码，不得空缺。"
    for at, (above, below) in enumerate(
        (("基本信息", "姓名"), ("", "公民身份号码"), ("联系", "联系电话"), ("", "所属社区")), 1
    ):
        sheet.cell(7, at, above or None)
        sheet.cell(8, at, below)
    sheet.merge_cells("A7:B7")
    sheet.merge_cells("C7:D7")
    for row in (
        ("周小明", card(711), 13600000001, "甲社区"),
        ("吴小红", card(712), None, "甲社区"),
    ):
        sheet.append(row)
    sheet.append(("合计", "2 人", None, None))
    made.save(out)
    return out.getvalue()


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


READABLE: tuple[tuple[str, bytes], ...] = (
    *((f"{encoding}.csv", csv(",", encoding)) for encoding in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16")),
    ("分号.csv", csv(";", "gbk")),
    ("制表.txt", csv("\t", "utf-16")),
    ("竖线.csv", csv("|", "utf-8")),
    ("第七行.xlsx", merged_headings()),
    ("真正.xls", foreign("genuine.xls")),
    ("金山.et", foreign("genuine.xls")),
    ("金山新.et", foreign("sheetjs.xlsx")),
    ("别的程序.xlsx", foreign("sheetjs.xlsx")),
    ("公式富文本.xlsx", foreign("exceljs.xlsx")),
    ("其实是xls.xlsx", foreign("genuine.xls")),
    ("其实是xlsx.xls", foreign("sheetjs.xlsx")),
    ("其实是文本.xls", csv("\t", "gbk")),
    (
        "换行.csv",
        f'姓名,公民身份号码,联系电话,所属社区,备注\n周小明,{card(711)},13600000001,甲社区,"一\n二"\n吴小红,{card(712)},,甲社区,"a,""b"""\n'.encode(),
    ),
    (
        "全角.csv",
        f"姓名,公民身份号码,联系电话,所属社区\n周小明,{full_width(card(711))},{full_width('13600000001')},甲社区\n吴小红,'{card(712)},,甲社区\n".encode(),
    ),
    (
        "公式.xlsx",
        book(HEADS, ("周小明", card(711), "13600000001", "甲社区"), ("吴小红", card(712), "=1+1", "甲社区")),
    ),
    (
        "三百列.csv",
        (
            ",".join([*HEADS, *(f"指标{n}" for n in range(296))])
            + "\n"
            + "".join(
                ",".join([name, number, phone, "甲社区", *(["1"] * 296)]) + "\n"
                for name, number, phone in (("周小明", card(711), "13600000001"), ("吴小红", card(712), ""))
            )
        ).encode(),
    ),
    (
        "列重复.csv",
        f"姓名,公民身份号码,联系电话,联系电话,所属社区\n周小明,{card(711)},,13600000001,甲社区\n吴小红,{card(712)},,,甲社区\n".encode(),
    ),
)  # fmt: skip


@pytest.mark.row("R012")
@pytest.mark.parametrize("case", READABLE, ids=[case[0] for case in READABLE])
def test_any_layout_gives_the_same_people(
    town: Town, tmp_path: Path, case: tuple[str, bytes]
) -> None:
    file = tmp_path / case[0]
    file.write_bytes(case[1])
    counts = total(imported(town, file, "police"))
    assert (counts["rows"], counts["new"], counts.get("refused", 0)) == (2, 2, 0), counts
    one, two = person(card(711)), person(card(712))
    assert (one.name, two.name) == ("周小明", "吴小红")
    assert one.phone is not None and one.phone.open() == "13600000001"


DAYS = (
    "1985-04-12",
    "1985/4/12",
    "1985.4.12",
    "19850412",
    "1985年4月12日",
    "１９８５年４月１２日",
    "一九八五年四月十二日",
    "1985-04-12 00:00:00",
    "31149",
)


@pytest.mark.parametrize("spelled", DAYS)
def test_days_in_every_spelling(town: Town, tmp_path: Path, spelled: str) -> None:
    heads = ("姓名", "出生日期", "联系电话", "所属社区")
    imported(town, written(tmp_path, heads, ("周小明", spelled, "13600000001", "甲社区")), "police")
    with under(system_act()):
        assert Person.objects.get(name="周小明").born == date(1985, 4, 12)


def test_an_old_number_of_fifteen_digits_is_the_same_person(town: Town, tmp_path: Path) -> None:
    whole = card(721, date(1949, 12, 31))
    short = whole[:6] + whole[8:17]
    imported(town, written(tmp_path, HEADS, ("周老", short, "", "甲社区")), "police")
    counts = total(
        imported(
            town, written(tmp_path, HEADS, ("周老", whole, "", "甲社区"), name="二.csv"), "civil"
        )
    )
    assert counts.get("new", 0) == 0 and counts["met"] == 1


@pytest.mark.row("R012")
def test_another_departments_file_is_told_before_anything_is_applied(
    town: Town, tmp_path: Path
) -> None:
    heads = ("学生姓名", "身份证号", "学校名称", "年级", "家长姓名", "家长电话", "现住址")
    file = written(
        tmp_path, heads, ("周小明", card(731), "一小", "三年级", "周大明", "13600000001", "")
    )
    with under(system_act()):
        before = Person.objects.count()
        wrong = imports.propose(imports.source_of("health"), file)
        right = imports.propose(imports.source_of("education"), file)
        assert Person.objects.count() == before
    assert any("更像" in said for said in wrong.warnings), wrong.warnings
    assert not any("更像" in said for said in right.warnings)


@pytest.mark.row("R012")
@pytest.mark.parametrize(
    ("heads", "own", "theirs"),
    [
        ("学校名称,班级,学生姓名,学籍号,身份证号,监护人", "education", "教育学籍数据"),
        ("姓名,身份证号码,低保证号,月保障金额,所属社区", "civil", "民政业务数据"),
    ],
)
def test_a_short_list_of_another_department_is_known_by_what_only_it_holds(
    town: Town, tmp_path: Path, heads: str, own: str, theirs: str
) -> None:
    names = heads.split(",")
    file = written(tmp_path, names, ["甲"] * len(names))
    with under(system_act()):
        told = {
            code: "".join(imports.propose(imports.source_of(code), file).warnings)
            for code in ("police", "education", "civil", "ledger")
        }
    assert f"更像“{theirs}”" in told["police"]
    assert "更像" not in told["ledger"], "a community's own list may hold anything"
    assert "更像" not in told[own]


def test_called_off_in_the_middle_keeps_what_is_whole(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "size", lambda _about: 20)
    rows = [(f"周小{'明红刚兰'[at % 4]}", card(800 + at), "", "甲社区") for at in range(60)]
    file = written(tmp_path, HEADS, *rows)
    with under(system_act()):
        source = imports.source_of("police")
        plan = imports.propose(source, file)
        batch = imports.begin(
            system_act(), source=source, file=file, plan=plan, area=town.area("甲社区").pk
        )

    def tell(done: int, _about: int) -> None:
        if done >= 20:
            with under(system_act()):
                imports.cancel(system_act(), Batch.objects.get(pk=batch.pk))

    with pytest.raises(Refusal) as refused:
        imports.run(system_act(), batch, file, crew=0, tell=tell)
    assert refused.value.code == "cancelled"
    with under(system_act()):
        row = Batch.objects.get(pk=batch.pk)
        there = Person.objects.filter(sources__contains={"*": batch.pk}).count()
    assert row.state == Batch.State.CANCELLED
    assert there == row.counts["total"]["new"] and 0 < there < 60
    again = imported(town, file, "police")
    assert total(again)["new"] == 60 - there and total(again)["met"] == there


def _ring_of_ones_own(settings: Any, folder: Path) -> Path:
    """The keys of this installation, where a test may change them."""
    own = folder / "vault.json"
    own.write_bytes(Path(settings.KEYS).read_bytes())
    own.chmod(0o600)
    settings.KEYS = str(own)
    return own


@pytest.mark.parametrize("when", ["before", "in the middle"])
def test_index_keys_changed_while_rows_wait(
    town: Town, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    keys = _ring_of_ones_own(settings, tmp_path)
    monkeypatch.setattr(running, "size", lambda _about: 20)
    rows = [("周小明", card(900 + at), f"136000{at:05d}", "甲社区") for at in range(60)]
    file = written(tmp_path, HEADS, *rows)
    first = imported(town, file, "police")
    assert total(first)["new"] == 60
    with under(system_act()):
        source = imports.source_of("civil")
        plan = imports.propose(source, file)
        batch = imports.begin(
            system_act(), source=source, file=file, plan=plan, area=town.area("甲社区").pk
        )
    changed: list[int] = []

    def turn() -> None:
        if not changed:
            changed.append(1)
            keyfile.add_index_key(keys, "sha256")

    if when == "before":
        turn()
    imports.run(system_act(), batch, file, crew=0, tell=lambda _done, _about: turn())
    with under(system_act()):
        batch.refresh_from_db()
        assert batch.counts["total"]["met"] == 60 and batch.counts["total"].get("new", 0) == 0
        assert Person.objects.filter(name="周小明").count() == 60
    assert changed and person(card(905)).name == "周小明"
