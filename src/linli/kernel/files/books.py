"""Workbooks from outside: those with a password, programs or a bomb inside are refused before they are opened."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from linli.kernel.acts.act import Refusal
from linli.ui.spoken import Spoken

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST, NOTICED, SHRUNK = 6 * 2**30, 256 * 2**20, 300
ZIP = b"PK"
_OLD = (b"\x09\x00", b"\x09\x02", b"\x09\x04")  # how the files of Excel 2 to 4 begin
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
# The stream of a workbook since Excel 97, and of one before: there Chinese is kept in a code page that no reader of ours knows.
_SINCE_97, _BEFORE = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")
_LOCAL = 30  # bytes before the name of a part of a zip
_BLOCK = 2**20
_STORED, _DEFLATED = 0, 8


def _refused(code: str, words: Spoken) -> Refusal:
    return Refusal(words, field="file", code=code)


def locked() -> Refusal:
    """The workbook has a password."""
    return _refused(
        "encrypted", Spoken("这个表格设了密码，打不开。请在 Excel 里去掉密码、另存后再上传。")
    )


def broken() -> Refusal:
    """The workbook cannot be read."""
    return _refused("broken", Spoken("这个表格已损坏或没有传完整，打不开。请重新导出一份再试。"))


def with_macros() -> Refusal:
    """The workbook carries programs."""
    return _refused(
        "macros", Spoken("这个表格带有宏。为了安全请在 Excel 里另存为“.xlsx（不带宏）”再上传。")
    )


def swollen() -> Refusal:
    """The workbook unpacks into far more than a table has."""
    return _refused(
        "bomb",
        Spoken("这个表格解开后大得不正常，没有读取。请在 Excel 里只留要用的表，另存后再试。"),
    )


def binary() -> Refusal:
    """A workbook of the binary kind, which is read by halves only."""
    return _refused(
        "binary", Spoken("这是二进制工作簿（.xlsb）。请在 Excel 里另存为 .xlsx 再上传。")
    )


def dressed() -> Refusal:
    """A page or an XML file under a workbook's name."""
    return _refused(
        "dressed",
        Spoken(
            "这个文件不是真正的 Excel 表格，是改了名的网页或 XML。请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传。"
        ),
    )


def outdated() -> Refusal:
    """A workbook from before 1997."""
    return _refused(
        "outdated",
        Spoken(
            "这个表格是很老的 Excel 格式，读不了。请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传。"
        ),
    )


def _swells(file: Path, archive: zipfile.ZipFile) -> bool:
    """Real tables shrink to a tenth or a fiftieth; what shrinks to a five-hundredth was made to fill the memory.

    What comes out is counted, since a file may declare what it likes.
    """
    packed, unpacked = file.stat().st_size, 0
    most = min(MOST, max(NOTICED, SHRUNK * packed))
    with file.open("rb") as stream:
        for each in archive.infolist():
            for size in _coming_out(stream, each):
                unpacked += size
                if unpacked > most:
                    return True
    return False


def _coming_out(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[int]:
    """How many bytes come out of a part, block by block; raises BadZipFile or zlib.error when it is none."""
    stream.seek(part.header_offset)
    head = stream.read(_LOCAL)
    if len(head) < _LOCAL or part.compress_type not in (_STORED, _DEFLATED):
        raise zipfile.BadZipFile(part.filename)
    stream.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    left, inflater = part.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and (block := stream.read(min(left, _BLOCK))):
        left -= len(block)
        if part.compress_type == _STORED:
            yield len(block)
            continue
        while block and not inflater.eof:
            yield len(inflater.decompress(block, _BLOCK))
            block = inflater.unconsumed_tail


def _sealed(file: Path) -> bool:
    """Whether an .ods has a password."""
    with zipfile.ZipFile(file) as archive:
        told = "META-INF/manifest.xml"
        return told in archive.namelist() and b"encryption-data" in archive.read(told)


def beginning(file: Path) -> bytes:
    """The first bytes of a file, by which its kind is known whatever it is called."""
    with file.open("rb") as stream:
        return stream.read(4096)


def is_book(head: bytes) -> bool:
    """Whether a file that begins so is a workbook, or is called one and can be read as nothing else."""
    if head.startswith(_OLD):
        raise outdated()
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise dressed()
    return head.startswith((OLE, ZIP)) or b"\0" in head


def examine(file: Path) -> None:
    """Refuse what carries a password or macros, swells, or is no workbook at all."""
    if beginning(file).startswith(OLE):
        _examine_old(file.read_bytes())
        return
    try:
        with zipfile.ZipFile(file) as archive:
            names, swells = archive.namelist(), _swells(file, archive)
    except (zipfile.BadZipFile, zlib.error, OSError):
        raise broken() from None
    if swells:
        raise swollen()
    if "content.xml" in names and _sealed(file):
        raise locked()
    if any(name.endswith("vbaProject.bin") for name in names):
        raise with_macros()
    if any(name.endswith("workbook.bin") for name in names):
        raise binary()


def _examine_old(content: bytes) -> None:
    if _ENCRYPTED in content:
        raise locked()
    if _MACROS in content:
        raise with_macros()
    if _BEFORE in content and _SINCE_97 not in content:
        raise outdated()
