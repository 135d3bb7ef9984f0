"""Real bytes for tests: photos with EXIF, bombs, disguises."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from openpyxl import Workbook
from PIL import Image


def jpeg(
    size: tuple[int, int] = (320, 200), *, orientation: int = 1, gps: bool = False, tint: int = 90
) -> bytes:
    """A photo whose left half is red and right half blue, with EXIF."""
    image = Image.new("RGB", size, (200, tint, 0))
    image.paste((0, tint, 200), (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    if gps:
        block = exif.get_ifd(0x8825)
        block.update({1: "N", 2: (31.0, 34.0, 12.0), 3: "E", 4: (120.0, 18.0, 36.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=90, comment=b"SecretComment")
    return out.getvalue()


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture with transparency and a text chunk."""
    out = io.BytesIO()
    Image.new("RGBA", size, (10, 20, 30, 128)).save(out, "PNG")
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that would unpack to 2.5 thousand million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def workbook() -> bytes:
    """A spreadsheet as Excel reads it."""
    book = Workbook()
    book.create_sheet("工单", 0)["A1"] = "工单号"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**entries: bytes) -> bytes:
    """A zip file with some entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in entries.items():
            file.writestr(name.replace("__", "/"), body)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 300
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 300
