"""Files that cannot be taken, at every form of matters: said in words at the field, and what was typed stays."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.capabilities.matters import services
from linli.capabilities.matters.models import Evidence, Matter
from linli.capabilities.matters.tests.test_desk import entered, lamp
from linli.capabilities.matters.tests.visitors import photo, visitor, words
from linli.kernel.acts import under
from linli.kernel.files.tests.bytes import bomb, jpeg
from tests.town import Town

TYPED = "门卫说昨晚就这样了"
BIG = b"\xff\xd8\xff\xe0" + b"\x00" * (41 * 1024 * 1024)
CASES = {
    "big": (BIG, "文件太大"),
    "exe": (b"MZ\x90\x00" + b"\x00" * 4000, "打不开，或不是能上传的格式"),
    "cut": (jpeg((900, 700))[:3000], "不完整或已损坏"),
    "bomb": (bomb(), "像素太多"),
    "empty": (b"", "空的"),
}


def sent(kind: str) -> SimpleUploadedFile:
    """One bad file that calls itself a photo."""
    return SimpleUploadedFile("灯.jpg", CASES[kind][0], "image/jpeg")


def window(town: Town, files: list[Any]) -> Any:
    """The window's form."""
    given = {"part": "submit", "code": "0901", "title": "楼道灯坏了", "body": TYPED}
    given |= {
        "area": str(town.area("甲社区").pk),
        "token": str(uuid4()),
        "name": "王小梅",
        "sure": "on",
    }
    return entered(town, "chen").post("/desk/window/", {**given, "photos": files})


def portal(town: Town, files: list[Any]) -> Any:
    """A resident's report."""
    client = visitor(town, "wang")
    return client.post("/report/", {**words(body=TYPED), "seen": "1", "photos": files})


def message(town: Town, files: list[Any]) -> Any:
    """A resident's word on a matter."""
    given = {"do": "message", "message-body": TYPED, "message-photos": files}
    return visitor(town, "wang").post(f"/matters/{lamp(town).number}/", given)


def handled(town: Town, files: list[Any]) -> Any:
    """A step at the desk."""
    matter = services.accept(town.act("chen"), lamp(town))
    given = {"outcome": TYPED, "result": "solved", "photos": files}
    return entered(town, "chen").post(f"/desk/matters/{matter.number}/handle/", given)


def field(town: Town, files: list[Any]) -> Any:
    """The field page, sent without a script."""
    grid = town.area("甲社区第一网格").pk
    given = {"token": str(uuid4()), "title": "井盖松动", "code": "0901", "area": grid}
    return entered(town, "sun").post("/field/report/", {**given, "body": TYPED, "photos": files})


FORMS = {f.__name__: f for f in (window, portal, message, handled, field)}


@pytest.mark.row("R101")
@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("form", FORMS)
def test_a_bad_file_is_refused_in_words_and_nothing_typed_is_lost(
    town: Town, form: str, kind: str
) -> None:
    answer = FORMS[form](town, [sent(kind)])
    page = answer.content.decode()
    assert answer.status_code == 422, page[:300]
    assert CASES[kind][1] in page and "灯.jpg" in page
    assert TYPED in page
    with under(town.act("feng")):
        assert not Evidence.objects.exists()


@pytest.mark.parametrize("kind", CASES)
def test_the_api_says_the_same(town: Town, kind: str) -> None:
    answer = entered(town, "sun").post("/api/v1/photos", {"file": sent(kind)})
    assert answer.status_code in (413, 422), answer.content
    assert CASES[kind][1] in answer.json()["message"]


def test_a_photo_of_fifty_megapixels_is_made_smaller(town: Town) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8200, 6100), "#bf4712").save(out, "JPEG", quality=60)
    answer = field(town, [SimpleUploadedFile("大.jpg", out.getvalue(), "image/jpeg")])
    assert answer.status_code == 302
    with under(town.act("sun")):
        file = Evidence.objects.select_related("file").get().file
    assert max(file.width or 0, file.height or 0) == 2400


def closed(town: Town, matter: Matter) -> Matter:
    """The whole way to the end, by others, in the meantime."""
    chen = town.act("chen")
    matter = services.handle(chen, services.accept(chen, matter), outcome="换了灯泡")
    matter = services.verify(town.act("he"), matter)
    return services.close(town.act("he"), matter)


def test_whoever_says_it_is_not_solved_shows_how_it_looks_now(town: Town) -> None:
    matter = closed(town, lamp(town))
    client, address = visitor(town, "wang"), f"/matters/{matter.number}/"
    assert 'name="reopen-photos"' in client.get(address).content.decode()
    given = {"do": "reopen", "reopen-reason": TYPED}
    refused = client.post(address, {**given, "reopen-photos": [sent("cut")]})
    assert refused.status_code == 422 and TYPED in refused.content.decode()
    assert client.post(address, {**given, "reopen-photos": [photo()]}).status_code == 303
    with under(town.act("feng")):
        shown = Evidence.objects.get()
    assert (shown.round, shown.use) == (2, Evidence.Use.REPORT)


STEPS: dict[str, dict[str, Any]] = {
    "accept": {},
    "refuse": {"reason": TYPED},
    "transfer": {"reason": TYPED},
    "assign": {},
    "handle": {"outcome": TYPED, "result": "solved"},
    "verify": {"words": TYPED},
    "rework": {"reason": TYPED},
    "close": {"words": TYPED},
    "ask": {"reason": TYPED},
    "answer": {"body": TYPED},
    "contact": {"words": TYPED},
    "escalate": {"reason": TYPED},
    "ask_extension": {"amount": "1", "reason": TYPED},
    "explain_delay": {"reason": TYPED},
    "reclassify": {"code": "0902", "reason": TYPED},
    "withdraw": {"reason": TYPED},
    "urge": {"words": TYPED},
}


@pytest.mark.row("R107")
@pytest.mark.parametrize("step", STEPS)
def test_a_step_on_a_matter_closed_meanwhile_says_so_and_keeps_what_was_typed(
    town: Town, step: str
) -> None:
    matter = closed(town, lamp(town))
    client: Client = entered(town, "chen")
    given = {"to": town.unit("municipal").pk, "account": town.account("lin").pk, **STEPS[step]}
    answer = client.post(f"/desk/matters/{matter.number}/{step}/", given)
    page = answer.content.decode()
    assert answer.status_code == 422, page[:200]
    assert "已结案" in page or "已办结" in page, "how it stands now"
    if TYPED in STEPS[step].values():
        assert TYPED in page


@pytest.mark.parametrize("do", ["message", "answer", "urge", "withdraw"])
def test_a_resident_s_word_on_a_matter_closed_meanwhile(town: Town, do: str) -> None:
    matter = closed(town, lamp(town))
    client = visitor(town, "wang")
    given = {f"{do}-{name}": TYPED for name in ("body", "reason")}
    answer = client.post(f"/matters/{matter.number}/", {"do": do, **given}, follow=True)
    page = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert do == "message" or "已结案" in page or "已办结" in page
    assert do == "urge" or TYPED in page
