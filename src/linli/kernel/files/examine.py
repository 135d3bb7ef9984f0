"""Judge an upload by its content and make it clean: the type is sniffed, images are drawn anew."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import filetype
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Refusal
from linli.kernel.files.picture import Picture, redraw
from linli.kernel.files.place import PlaceHint

MB = 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Largest upload in bytes per type; what is not here is refused.
LIMITS = {
    "image/jpeg": 20 * MB,
    "image/png": 20 * MB,
    "image/webp": 20 * MB,
    "application/pdf": 30 * MB,
    XLSX: 30 * MB,
    DOCX: 30 * MB,
}
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    XLSX: "xlsx",
    DOCX: "docx",
}
IMAGES = frozenset(kind for kind in LIMITS if kind.startswith("image/"))
_HEAD = 8192
_UNPACKED_MOST = 300 * MB
_HEIC = frozenset({"image/heic", "image/heif", "image/avif"})
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_NAME_MOST = 80


@dataclass(frozen=True, slots=True)
class Clean:
    """What will be stored: content without hidden data, its true type, a safe name."""

    content: bytes
    media_type: str
    name: str
    width: int | None = None
    height: int | None = None
    thumb: bytes | None = None
    hint: PlaceHint | None = None


def examine(
    stream: BinaryIO, size: int, name: str, field: str = "files", photo_megabytes: int = 0
) -> Clean:
    """Return what may be stored of an upload; Refusal in the user's words otherwise.

    The size is judged before the content is read; only allowed types are read whole. `photo_megabytes` is a limit
    for photos below that of their type.
    """
    if size <= 0:
        raise Refusal(_("这个文件是空的，请重新选择。"), field=field, code="empty")
    if size > max(LIMITS.values()):
        raise too_big(_most(_guessed(stream), photo_megabytes), field)
    media_type = sniff(stream, field)
    most = _most(media_type, photo_megabytes)
    if size > most:
        raise too_big(most, field)
    stream.seek(0)
    content = stream.read(most + 1)
    if len(content) > most:
        raise too_big(most, field)
    safe = safe_name(name, ENDINGS[media_type])
    if media_type not in IMAGES:
        return Clean(content, media_type, safe)
    picture: Picture = redraw(content, media_type, field)
    return Clean(
        picture.content,
        media_type,
        safe,
        picture.width,
        picture.height,
        picture.thumb,
        picture.hint,
    )


def _most(media_type: str, photo_megabytes: int) -> int:
    """The largest upload of a type, in bytes; of an unknown type the largest of all."""
    most = LIMITS.get(media_type, max(LIMITS.values()))
    return min(most, photo_megabytes * MB) if photo_megabytes and media_type in IMAGES else most


def _guessed(stream: BinaryIO) -> str:
    stream.seek(0)
    return filetype.guess_mime(stream.read(_HEAD)) or ""


def too_big(limit: int, field: str) -> Refusal:
    """The refusal of an upload over its limit (bytes)."""
    text = _("文件太大：最多 %(limit)s MB。照片可在手机相册里选“较小尺寸”后再传。")
    return Refusal(text % {"limit": limit // MB}, field=field, code="too-big")


def sniff(stream: BinaryIO, field: str = "files") -> str:
    """Return the allowed media type that the content is; Refusal with a remedy otherwise."""
    stream.seek(0)
    head = stream.read(_HEAD)
    guessed = filetype.guess_mime(head) or ""
    if head.startswith(b"PK\x03\x04"):
        return _office(stream, field)
    if guessed in LIMITS:
        return guessed
    if guessed in _HEIC:
        raise Refusal(
            _("这张照片是 HEIC 格式，暂不能打开。请在手机相机设置里选“兼容性最佳”，或截图后再传。"),
            field=field,
            code="heic",
        )
    if guessed.startswith("video/"):
        raise Refusal(_("暂不能上传视频，请传照片。"), field=field, code="video")
    raise Refusal(
        _(
            "打不开，或不是能上传的格式。可以传照片（JPG、PNG、WebP）、PDF、Word（docx）和 Excel（xlsx）。"
        ),
        field=field,
        code="type",
    )


def _office(stream: BinaryIO, field: str) -> str:
    refused = Refusal(
        _("不能上传压缩包，请把里面的文件一个一个上传。"), field=field, code="archive"
    )
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise refused from None
    names = {entry.filename for entry in entries}
    if (
        sum(entry.file_size for entry in entries) > _UNPACKED_MOST
        or "[Content_Types].xml" not in names
    ):
        raise refused
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refusal(_("文件里有宏，请另存为不带宏的文件后再传。"), field=field, code="macro")
    if "xl/workbook.xml" in names:
        return XLSX
    if "word/document.xml" in names:
        return DOCX
    raise refused


def safe_name(name: str, ending: str) -> str:
    """Return a name to show: no folders, no control characters, the ending of its true type."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = _UNSAFE.sub("", base).rsplit(".", 1)[0].strip(" .")
    return f"{stem[:_NAME_MOST] or 'file'}.{ending}"


def as_stream(content: bytes) -> BinaryIO:
    """Bytes as an upload's stream (imports, tests, attachments of other systems)."""
    return io.BytesIO(content)
