"""Small drawings in place of photographs, each marked 示意; drawn anew for every city from its seed."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw

from linli.kernel.files.examine import Clean, as_stream, examine

COUNT, WIDTH, HEIGHT = 24, 640, 480
_SKIES = ((214, 228, 240), (233, 226, 214), (205, 216, 224), (226, 234, 222))
_WALLS = ((196, 178, 158), (168, 182, 190), (206, 200, 188), (180, 160, 150))
_DOTS = 27
_MARK = (
    (
        0x0000000,
        0x0000000,
        0x0000000,
        0x07FFFF0,
        0x07FFFF0,
        0x0000000,
        0x0000000,
        0x0000000,
        0x0000000,
        0x0000000,
        0x1FFFFFC,
        0x1FFFFFC,
        0x0007000,
        0x0007000,
        0x0007000,
        0x01871C0,
        0x03870E0,
        0x0307060,
        0x0707030,
        0x0607038,
        0x0E07018,
        0x1C0701C,
        0x380700C,
        0x0007008,
        0x007F000,
        0x007E000,
        0x0000000,
    ),
    (
        0x0006000,
        0x0FFFFF8,
        0x0FFFFF8,
        0x00C0180,
        0x0060300,
        0x0060300,
        0x1FFFFFC,
        0x1FFFFFC,
        0x0000000,
        0x0000000,
        0x03FFFE0,
        0x0300060,
        0x0300060,
        0x03FFFE0,
        0x0300060,
        0x0300060,
        0x03FFFE0,
        0x0008000,
        0x000E000,
        0x0367860,
        0x0661830,
        0x0E60198,
        0x0C6010C,
        0x387FF06,
        0x003FF00,
        0x0000000,
        0x0000000,
    ),
)


def drawings(seed: int) -> list[Clean]:
    """The drawings of a city, cleaned like any upload."""
    return [_clean(number, seed) for number in range(COUNT)]


def _clean(number: int, seed: int) -> Clean:
    dice = Random(f"picture:{seed}:{number}")
    image = Image.new("RGB", (WIDTH, HEIGHT), dice.choice(_SKIES))
    pen = ImageDraw.Draw(image)
    _houses(pen, dice)
    ground = 330 + dice.randint(-20, 20)
    pen.rectangle((0, ground, WIDTH, HEIGHT), fill=(150, 152, 150))
    pen.polygon([(0, HEIGHT), (220, ground), (420, ground), (WIDTH, HEIGHT)], fill=(112, 116, 120))
    _thing(pen, dice, number % 6)
    _marked(pen)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    content = out.getvalue()
    return examine(as_stream(content), len(content), f"示意图{number + 1}.jpg")


def _houses(pen: ImageDraw.ImageDraw, dice: Random) -> None:
    at = -20
    while at < WIDTH:
        width, top = dice.randint(90, 170), dice.randint(60, 170)
        pen.rectangle((at, top, at + width, 350), fill=dice.choice(_WALLS))
        for y in range(top + 16, 330, 34):
            for x in range(at + 12, at + width - 18, 28):
                pen.rectangle((x, y, x + 14, y + 18), fill=(92, 108, 122))
        at += width + dice.randint(4, 40)


def _thing(pen: ImageDraw.ImageDraw, dice: Random, kind: int) -> None:
    x, y = dice.randint(240, 400), dice.randint(350, 400)
    if kind == 0:  # a heap of rubbish
        for _bag in range(9):
            dx, dy = dice.randint(-60, 60), dice.randint(-16, 26)
            shade = dice.randint(40, 110)
            pen.ellipse((x + dx, y + dy, x + dx + 44, y + dy + 34), fill=(shade, shade, shade + 16))
    elif kind in (1, 2):
        _lamp_or_puddle(pen, x, y, lamp=kind == 1)
    elif kind == 3:  # a manhole
        pen.ellipse((x - 56, y, x + 56, y + 44), fill=(58, 58, 58), outline=(30, 30, 30), width=4)
    else:
        _car_or_fence(pen, x, y, car=kind == 4)


def _lamp_or_puddle(pen: ImageDraw.ImageDraw, x: int, y: int, *, lamp: bool) -> None:
    if lamp:
        pen.rectangle((x, 120, x + 8, y + 40), fill=(70, 74, 78))
        pen.ellipse((x - 18, 104, x + 26, 132), fill=(238, 226, 150))
    else:
        pen.ellipse((x - 120, y, x + 130, y + 70), fill=(128, 152, 176))


def _car_or_fence(pen: ImageDraw.ImageDraw, x: int, y: int, *, car: bool) -> None:
    if car:
        pen.rounded_rectangle((x - 90, y - 10, x + 90, y + 40), 16, fill=(172, 62, 54))
        pen.rounded_rectangle((x - 52, y - 44, x + 50, y), 14, fill=(196, 208, 216))
        for wheel in (-56, 40):
            pen.ellipse((x + wheel - 18, y + 22, x + wheel + 18, y + 58), fill=(34, 34, 34))
        return
    for post in range(-110, 120, 26):
        pen.rectangle((x + post, y - 30, x + post + 8, y + 50), fill=(206, 170, 66))
    pen.rectangle((x - 114, y - 12, x + 124, y - 2), fill=(206, 170, 66))


def _marked(pen: ImageDraw.ImageDraw) -> None:
    """示意 in the corner, drawn from dots, so that no font is needed."""
    pen.rectangle((14, 14, 14 + 2 * 62, 14 + 66), fill=(255, 255, 255), outline=(180, 60, 50))
    for number, glyph in enumerate(_MARK):
        for row, bits in enumerate(glyph):
            for column in range(_DOTS):
                if bits >> (_DOTS - 1 - column) & 1:
                    x, y = 22 + number * 58 + column * 2, 20 + row * 2
                    pen.rectangle((x, y, x + 1, y + 1), fill=(180, 60, 50))
