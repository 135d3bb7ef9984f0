"""Draw an image anew: upright, at most 2400 px, without anything hidden in it."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from linli.kernel.acts import Refusal
from linli.kernel.files.place import GPS_IFD, PlaceHint, place_of

LONGEST = 2400
THUMB = 480
MOST_PIXELS = 60_000_000
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A redrawn image with its thumbnail (WebP) and the place it had noted."""

    content: bytes
    width: int
    height: int
    thumb: bytes
    hint: PlaceHint | None


def redraw(content: bytes, media_type: str, field: str) -> Picture:
    """Return the image drawn anew; Refusal when it is broken or too many pixels."""
    form = _FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_many(field)
            return _redraw(image, form)
    except Image.DecompressionBombError:
        raise _too_many(field) from None
    except _BROKEN:
        raise Refusal(
            _("这张照片不完整或已损坏，请重新拍一张，或重新选择。"), field=field, code="broken"
        ) from None


def _too_many(field: str) -> Refusal:
    return Refusal(
        _("这张图的像素太多，打不开。请用手机截图或缩小后再传。"), field=field, code="pixels"
    )


def _redraw(image: Image.Image, form: str) -> Picture:
    hint = place_of(image.getexif().get_ifd(GPS_IFD))
    if form == "JPEG":
        image.draft("RGB", (LONGEST, LONGEST))  # decodes a large photo at half or quarter size
    upright = ImageOps.exif_transpose(image) or image
    plain = _plain(upright, form)
    plain.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    small = plain.copy()
    small.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    return Picture(_saved(plain, form), plain.width, plain.height, _saved(small, "WEBP"), hint)


def _plain(image: Image.Image, form: str) -> Image.Image:
    """A new image holding pixels only, in sRGB."""
    image.load()
    clear = form != "JPEG" and ("A" in image.getbands() or "transparency" in image.info)
    mode = "RGBA" if clear else "RGB"
    pixels = _srgb(image, mode)
    plain = Image.new(mode, pixels.size)
    plain.paste(pixels)
    return plain


def _srgb(image: Image.Image, mode: str) -> Image.Image:
    profile = image.info.get("icc_profile")
    converted = image.convert(mode)
    if not profile or image.mode not in {"RGB", "RGBA"}:
        return converted
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        drawn = ImageCms.profileToProfile(converted, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return converted  # a broken profile costs some colour, not the photo
    return drawn or converted


def _saved(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    if form == "PNG":
        image.save(out, form, compress_level=6)
    else:
        image.save(out, form, quality=85 if form == "JPEG" else 80)
    return out.getvalue()
