"""Files that are no form, dropped at the real address: a sentence that says what to do, the file kept, never a fault."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import openpyxl
import pytest
from django.test import Client

from linli.capabilities.admission.tests.offices import open_offices
from linli.capabilities.tables.models import Form
from linli.capabilities.tables.tests.test_forms import LIST, book, upload
from linli.capabilities.tables.tests.test_ledgers import entered
from linli.kernel.acts import system_act, under
from tests.families import settle
from tests.town import Town

pytestmark = [pytest.mark.django_db, pytest.mark.row("R008")]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def mei(town: Town) -> Client:
    settle()
    open_offices()
    return entered(town, "mei")


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(held: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return made.getvalue()


def kept_files() -> dict[str, tuple[bytes, str]]:
    """Files that are kept, with what their page says."""
    good = book(*LIST)
    held = parts(good)
    hidden = held["xl/workbook.xml"].replace(b'state="visible"', b'state="hidden"')
    return {
        "截断.xlsx": (packed({**held, SHEET: held[SHEET][: len(held[SHEET]) // 2]}), "已损坏"),
        "缺表.xlsx": (packed({k: v for k, v in held.items() if k != SHEET}), "已损坏"),
        "半个.xlsx": (good[: len(good) // 2], "已损坏"),
        "隐藏.xlsx": (packed({**held, "xl/workbook.xml": hidden}), "取消隐藏，保存后再上传"),
        "金山.xlsx": (OLE, "旧格式的表格（.xls 或 .et）"),
        "金山.docx": (OLE + "WordDocument".encode("utf-16-le"), "旧格式的文档（.doc 或 .wps）"),
        "加密.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "设了密码"),
        "扫描.xlsx": (b"%PDF-1.4" + b"x" * 500, "里面是 PDF"),
        "照片.xlsx": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "一张图片"),
        "改名.xlsx": ("姓名,性别,住址".encode("gb18030"), "里面是普通文本"),
        "网页.xls": (b"<html><table></table></html>", "网页另存成的表格"),
        "另存.xlsx": (b"<html></html>", "改了名的网页"),
        "表格.docx": (good, "后缀改成 .xlsx"),
        "富文本.docx": (b"{\\rtf1 x}", ".rtf"),
        "文字.csv": (good, "不是普通的文本表格"),
        "编码.csv": ("姓名,性别".encode("utf-16"), "不是普通的文本表格"),
    }  # fmt: skip


def said(client: Client, where: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", unescape(client.get(where).content.decode()))


def test_what_cannot_be_read_is_kept_and_told(mei: Client) -> None:
    for name, (content, words) in kept_files().items():
        answer = mei.post("/desk/forms/new/", {"file": upload(content, name)})
        assert answer.status_code == 303, name
        text = said(mei, answer["Location"])
        assert re.sub(r"\s", "", words) in text and "没有丢" in text, (name, text[-600:])


REFUSED = {"表.ods": "另存为.xlsx", "表.doc": "另存为.docx", "表.pdf": "PDF", "表.exe": "", "空.xlsx": "空的"}  # fmt: skip


def test_what_is_refused_at_the_door_says_why(mei: Client) -> None:
    with under(system_act()):
        before = Form.objects.count()
    for name, words in REFUSED.items():
        content = b"" if name.startswith("空") else book(*LIST)
        answer = mei.post("/desk/forms/new/", {"file": upload(content, name)})
        text = re.sub(r"<[^>]+>|\s+", "", unescape(answer.content.decode()))
        assert answer.status_code == 422 and words in text, (name, text[-600:])
    with under(system_act()):
        assert Form.objects.count() == before


def test_formulas_without_results_and_plain_text_are_read(mei: Client) -> None:
    made, held = openpyxl.Workbook(), io.BytesIO()
    page = made.worksheets[0]
    page.append(["姓名", "性别", "年龄", "合计"])
    page.append([None, None, '=DATEDIF(E2,TODAY(),"Y")', "=SUM(C2:C2)"])
    made.save(held)
    plain = "姓名,性别,身份证号,联系电话\n,,,\n".encode("gb18030")
    for name, content in (("公式.xlsx", held.getvalue()), ("名单.csv", plain)):
        answer = mei.post("/desk/forms/new/", {"file": upload(content, name)})
        text = said(mei, answer["Location"])
        assert answer.status_code == 303 and "待确认" in text and "性别" in text, name
