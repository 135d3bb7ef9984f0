"""Uploads are judged by their bytes; what is stored of an image hides nothing."""

import contextlib
import io
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from linli.kernel.acts import Refusal
from linli.kernel.files.examine import DOCX, XLSX, Clean, as_stream, examine, safe_name
from linli.kernel.files.place import PlaceHint, place_of
from linli.kernel.files.tests import bytes as samples

MB = 1024 * 1024


def judged(content: bytes, name: str = "photo.jpg") -> Clean:
    return examine(as_stream(content), len(content), name)


def refused(content: bytes, name: str = "photo.jpg") -> Refusal:
    with pytest.raises(Refusal) as refusal:
        judged(content, name)
    assert refusal.value.field == "files"
    assert str(refusal.value).endswith("。")
    return refusal.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (samples.HTML, "type"),
        (samples.SVG, "type"),
        (b"GIF89a" + b"\x00" * 200, "type"),
        (b"just words", "type"),
        (samples.HEIC, "heic"),
        (samples.MP4, "video"),
        (samples.archive(a=b"1"), "archive"),
        (b"PK\x03\x04" + b"\x00" * 200, "archive"),
        (
            samples.archive(**{"[Content_Types].xml": b"x", "ppt__presentation.xml": b"x"}),
            "archive",
        ),
        (
            samples.archive(
                **{
                    "[Content_Types].xml": b"x",
                    "xl__workbook.xml": b"x",
                    "xl__vbaProject.bin": b"x",
                }
            ),
            "macro",
        ),
        (samples.jpeg()[:900], "broken"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 500, "broken"),
        (samples.png()[:60], "broken"),
        (samples.bomb(), "pixels"),
    ],
)
def test_what_is_refused_whatever_its_name_says(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_a_zip_bomb_dressed_as_a_workbook_is_refused() -> None:
    content = samples.archive(
        **{"[Content_Types].xml": b"x", "xl__workbook.xml": b"0" * (301 * MB)}
    )
    assert len(content) < MB
    assert refused(content, "a.xlsx").code == "archive"


class Unread(io.BytesIO):
    """A stream that counts what is read from it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        got = super().read(size)
        self.taken += len(got)
        return got


@pytest.mark.parametrize(("size", "most"), [(40 * MB, 8192), (25 * MB, 8192)])
def test_a_huge_photo_is_refused_before_it_is_read(size: int, most: int) -> None:
    stream: BinaryIO = Unread(samples.jpeg() + b"\x00" * 20_000)
    with pytest.raises(Refusal) as refusal:
        examine(stream, size, "photo.jpg")
    assert refusal.value.code == "too-big"
    assert "最多 20 MB" in str(refusal.value)
    assert stream.taken <= most  # type: ignore[attr-defined]


def test_a_city_may_say_how_large_photos_are() -> None:
    with pytest.raises(Refusal) as refusal:
        examine(as_stream(samples.jpeg()), 6 * MB, "photo.jpg", photo_megabytes=5)
    assert "最多 5 MB" in str(refusal.value)
    paper = samples.PDF + b"\x00" * (6 * MB)
    assert examine(as_stream(paper), len(paper), "a.pdf", photo_megabytes=5).media_type


def test_a_size_that_lies_does_not_help() -> None:
    stream = as_stream(samples.PDF + b"\x00" * (31 * MB))
    with pytest.raises(Refusal) as refusal:
        examine(stream, 1000, "a.pdf")
    assert refusal.value.code == "too-big"


def test_nothing_hidden_is_left_in_a_photo() -> None:
    original = samples.jpeg(gps=True)
    assert b"SecretCamera" in original
    clean = judged(original)
    assert clean.media_type == "image/jpeg"
    for stored in (clean.content, clean.thumb or b""):
        assert b"SecretCamera" not in stored
        assert b"SecretComment" not in stored
        assert b"Exif" not in stored
        with Image.open(io.BytesIO(stored)) as image:
            assert not dict(image.getexif())


def test_the_place_of_a_photo_comes_back_as_a_proposal() -> None:
    assert judged(samples.jpeg(gps=True)).hint == PlaceHint(120.31, 31.57, "WGS-84")
    assert judged(samples.jpeg()).hint is None


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {1: "N", 2: (0, 0, 0), 3: "E", 4: (0, 0, 0)},
        {1: "N", 2: (95, 0, 0), 3: "E", 4: (10, 0, 0)},
        {1: "N", 2: "x", 3: "E", 4: None},
        {2: (1, 2), 4: (1, 2, 3)},
        {2: (float("nan"), 0, 0), 4: (1, 2, 3)},
    ],
)
def test_nonsense_is_no_place(gps: dict[int, object]) -> None:
    assert place_of(gps) is None


def test_the_other_half_of_the_world_is_negative() -> None:
    hint = place_of({1: "S", 2: (33, 30, 0), 3: "W", 4: (70, 0, 36)})
    assert hint == PlaceHint(-70.01, -33.5)


def test_a_photo_taken_sideways_stands_upright() -> None:
    clean = judged(samples.jpeg((320, 200), orientation=6))
    assert (clean.width, clean.height) == (200, 320)
    with Image.open(io.BytesIO(clean.content)) as image:
        top, bottom = image.getpixel((100, 20)), image.getpixel((100, 300))
    assert top[0] > 150 > top[2]  # type: ignore[index]
    assert bottom[2] > 150 > bottom[0]  # type: ignore[index]


def test_a_large_photo_is_made_smaller_and_gets_a_thumbnail() -> None:
    clean = judged(samples.jpeg((5000, 3000)))
    assert (clean.width, clean.height) == (2400, 1440)
    with Image.open(io.BytesIO(clean.thumb or b"")) as thumb:
        assert (thumb.format, max(thumb.size)) == ("WEBP", 480)


def test_a_picture_keeps_its_transparency() -> None:
    clean = judged(samples.png(), "sketch.png")
    assert clean.media_type == "image/png"
    with Image.open(io.BytesIO(clean.content)) as image:
        assert image.mode == "RGBA"


def test_a_script_behind_a_real_photo_is_gone() -> None:
    clean = judged(samples.jpeg() + samples.HTML)
    assert b"<script>" not in clean.content


def test_documents_are_known_by_content() -> None:
    assert judged(samples.workbook(), "清单.txt").media_type == XLSX
    assert judged(samples.workbook(), "清单.txt").name == "清单.xlsx"
    word = samples.archive(**{"[Content_Types].xml": b"x", "word__document.xml": b"x"})
    assert judged(word, "a.jpg").media_type == DOCX
    assert judged(samples.PDF, "notice.exe").name == "notice.pdf"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\a.JPG", "a.jpg"),
        ("/absolute/路灯.jpeg", "路灯.jpg"),
        ("a\x00b\r\nc.jpg", "abc.jpg"),
        ("..", "file.jpg"),
        ("", "file.jpg"),
        (".htaccess", "file.jpg"),
        ("gpj.\u202eexe.jpg", "gpj.exe.jpg"),
        ('<img src=x>".jpg', "img src=x.jpg"),
        ("长" * 300 + ".jpg", "长" * 80 + ".jpg"),
    ],
)
def test_names_are_only_names(name: str, safe: str) -> None:
    assert safe_name(name, "jpg") == safe


@settings(max_examples=60)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]),
)
def test_no_bytes_break_the_judge(tail: bytes, head: bytes) -> None:
    with contextlib.suppress(Refusal):
        judged(head + tail)


@settings(max_examples=60)
@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_damaged_photo_is_drawn_or_refused(position: int, value: int) -> None:
    content = bytearray(samples.jpeg())
    content[position % len(content)] = value
    try:
        judged(bytes(content))
    except Refusal as refusal:
        assert refusal.code in {"broken", "type", "pixels"}
