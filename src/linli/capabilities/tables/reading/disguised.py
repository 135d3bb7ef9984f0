"""Files whose content is not what their name says: told what they are, and what to do (pure)."""

from __future__ import annotations

import zipfile
from pathlib import Path

from linli.kernel.acts.act import Refusal
from linli.kernel.files import books
from linli.ui.spoken import Spoken

_NEW = {".xlsx": "xl/workbook.xml", ".docx": "word/document.xml"}
_WORD = "WordDocument".encode("utf-16-le")
_KINDS = (
    (b"%PDF", Spoken("这个文件里面是 PDF，只是改了后缀，没有可以填写的格子。请向发表单位要 .xlsx 或 .docx 原表。")),
    (b"\x89PNG", Spoken("这个文件里面是一张图片，只是改了后缀。请向发表单位要 .xlsx 或 .docx 原表。")),
    (b"\xff\xd8\xff", Spoken("这个文件里面是一张图片，只是改了后缀。请向发表单位要 .xlsx 或 .docx 原表。")),
    (b"{\\rtf", Spoken("这个文件里面是旧版文字格式（.rtf），只是改了后缀。请用 Word 或 WPS 打开，另存为 .docx 再上传。")),
)  # fmt: skip
_OLD_BOOK = Spoken(
    "这个文件里面是旧格式的表格（.xls 或 .et），只是后缀写成了别的。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
)
_OLD_WORD = Spoken(
    "这个文件里面是旧格式的文档（.doc 或 .wps），只是后缀写成了别的。请用 Word 或 WPS 打开，另存为 .docx 再上传。"
)
_TEXT = Spoken(
    "这个文件里面是普通文本，只是改了后缀。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
)
_OTHER = Spoken("这个文件里面是 %(found)s，后缀却是 %(named)s。请把后缀改成 %(found)s 再上传。")


def unmask(file: Path, suffix: str) -> None:
    """Refuse a .xlsx or .docx that is something else inside; what is merely torn is left to its reader."""
    if suffix not in _NEW:
        return
    with file.open("rb") as raw:
        begun = raw.read(4096)
    if begun.startswith(books.ZIP):
        _zipped(file, suffix)
        return
    if begun.startswith(books.OLE):
        books.examine(file)
        raise _refused(_OLD_WORD if _WORD in file.read_bytes() else _OLD_BOOK)
    for sign, words in _KINDS:
        if begun.startswith(sign):
            raise _refused(words)
    if begun.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise books.dressed()
    if begun.strip() and _plain(begun):
        raise _refused(_TEXT)


def _zipped(file: Path, suffix: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        return
    for ending, part in _NEW.items():
        if ending != suffix and part in names and _NEW[suffix] not in names:
            raise _refused(_OTHER % {"found": ending, "named": suffix})


def _plain(begun: bytes) -> bool:
    """Whether bytes are a text in some Chinese encoding."""
    if b"\0" in begun:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):
            try:
                begun[: len(begun) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _refused(words: Spoken) -> Refusal:
    return Refusal(words, field="file", code="disguised")
