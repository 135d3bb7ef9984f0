"""Word documents for tests, put together from a few lines of XML."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<w:document xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"><w:body>'
)
SONG = '<w:rPr><w:rFonts w:eastAsia="宋体"/><w:sz w:val="24"/></w:rPr>'
BOLD = '<w:rPr><w:b/><w:rFonts w:eastAsia="黑体"/></w:rPr>'


def run(text: str, look: str = SONG) -> str:
    """A run of letters that look alike."""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(*runs: str, wide: int = 1, down: str = "") -> str:
    """A cell with one paragraph; an empty one says only how it will look."""
    span = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
    merge = f'<w:vMerge w:val="{down}"/>' if down else ""
    look = f'<w:pPr><w:jc w:val="center"/>{SONG}</w:pPr>'
    box = f'<w:tcPr><w:tcW w:w="1200"/>{span}{merge}</w:tcPr>'
    return f'<w:tc>{box}<w:p w14:paraId="0A0B0C0D">{look}{"".join(runs)}</w:p></w:tc>'


def row(*cells: str) -> str:
    """A row of some height."""
    return f'<w:tr w14:paraId="01020304"><w:trPr><w:trHeight w:val="500"/></w:trPr>{"".join(cells)}</w:tr>'


def table(rows: Sequence[str]) -> str:
    """A table with borders."""
    return f"<w:tbl><w:tblPr><w:tblBorders/></w:tblPr><w:tblGrid/>{''.join(rows)}</w:tbl>"


def paragraph(text: str) -> str:
    """A line of text."""
    return f"<w:p>{run(text, BOLD)}</w:p>"


def document(file: Path, *blocks: str) -> Path:
    """Write a document with a picture and a header beside it."""
    body = HEAD + "".join(blocks) + "<w:sectPr/></w:body></w:document>"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": body,
        "word/header1.xml": f'<w:hdr xmlns:w="{W}"><w:p>{run("内部资料")}</w:p></w:hdr>',
        "word/media/image1.png": "not really a picture",
    }
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


BOX = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>照片</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
CONTROL = (
    '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>"
)
CARD = (
    paragraph("居民信息登记卡"),
    table(
        [
            row(cell(run("姓名")), cell(), cell(run("性别")), cell(run("□男  □"), run("女"))),
            row(cell(run("出生日期")), cell(run("    年   月   日")), cell(run("婚姻状况")),
                cell(CONTROL, run("未婚 "), CONTROL, run("已婚"))),
            row(cell(run("身份证号")), cell(wide=2), cell(BOX)),
            row(cell(run("现住地址")), cell(wide=3)),
        ]
    ),
    paragraph("本人签名：________"),
)  # fmt: skip
LIST_HEADS = ("序号", "姓名", "性别", "身份证号码", "血型")


def roster(file: Path, rows: int = 2) -> Path:
    """A list of residents with some rows drawn and a line for the total."""
    heads = row(*(cell(run(each, BOLD)) for each in LIST_HEADS))
    drawn = [row(cell(run(str(at + 1))), *(cell() for _ in LIST_HEADS[1:])) for at in range(rows)]
    total = row(cell(run("合计"), wide=2), cell(), cell(), cell())
    return document(
        file, paragraph("居民花名册"), table([heads, *drawn, total]), paragraph("制表人：")
    )
