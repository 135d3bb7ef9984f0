"""Official papers: the notice, the agreement, the certificate; printed, as files, checked by a phone (R070, R071, R079)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from linli.capabilities.admission import services
from linli.capabilities.admission.services import Bargain, Wanted
from linli.capabilities.admission.tests.offices import open_offices
from linli.capabilities.admission.tests.test_pages import entered, text_of
from linli.kernel.files import papers
from tests.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices_(town: Town) -> Town:
    open_offices()
    return town


def words_of(docx: bytes) -> str:
    """Every text of a document, as a word processor reads it."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        tree = ElementTree.fromstring(archive.read("word/document.xml"))
    return "".join(tree.itertext())


@pytest.mark.row("R071", "R073")
def test_an_agreement_is_read_by_both_parties_and_printed(offices_: Town) -> None:
    bargain = Bargain(
        area=offices_.area("甲社区").pk,
        title="老旧小区<楼道>清理",
        fee=Decimal(3000),
        budget="2026年城管专项",
        start=date(2026, 1, 1),
        end=date(2099, 12, 31),
        acceptance="双方现场验收",
    )
    made = services.agree(offices_.act("mei"), bargain=bargain)
    page = reverse("admission:agreement", kwargs={"pk": made.pk})
    for who in ("mei", "chen"):
        assert "双方现场验收" in text_of(entered(offices_, who).get(page)), who
    assert entered(offices_, "zhou").get(page).status_code == 404
    chen, paper = entered(offices_, "chen"), reverse("admission:agreement_paper", args=[made.pk])
    shown = text_of(chen.get(paper))
    assert "不是目标责任书" in shown and "甲方（盖章）" in shown
    text = words_of(chen.get(paper, {"format": "docx"}).content)
    for part in ("老旧小区<楼道>清理", "3000", "2026年城管专项", "双方现场验收", made.number):
        assert part in text
    file = chen.get(paper, {"format": "pdf"})
    assert file.content.startswith(b"%PDF") and file["Content-Type"] == "application/pdf"
    settle = reverse("admission:agreement_settle", args=[made.pk])
    assert settle in text_of(entered(offices_, "mei").get(page))
    assert settle not in text_of(chen.get(page)), "who delivers does not pay"


@pytest.mark.row("R079")
def test_a_certificate_is_checked_by_scanning_it(offices_: Town) -> None:
    wanted = Wanted(offices_.area("甲社区").pk, "C03", "王小梅", "楼栋长", "备案", "看记录")
    made = services.certify(offices_.act("chen"), wanted=wanted)
    assert made.code is not None
    chen, paper = entered(offices_, "chen"), reverse("admission:certificate", args=[made.number])
    assert 'class="official-code"' in text_of(chen.get(paper))
    assert chen.get(paper, {"format": "pdf"}).content.startswith(b"%PDF")
    where = reverse("admission:verify")
    asked = urlencode({"number": made.number, "code": made.code.open()})
    good = text_of(Client().get(f"{where}?{asked}"))
    assert "是真的" in good and "王小梅" not in good
    wrong = urlencode({"number": made.number, "code": "WRONG23456"})
    assert "没有查到" in text_of(Client().get(f"{where}?{wrong}"))
    services.void(offices_.act("chen").on(verbs=frozenset({"admission.void"})), made, why="写错了")
    assert not chen.get(paper, {"format": "pdf"}).content.startswith(b"%PDF"), "void is no file"


def test_a_long_paper_goes_on_over_pages() -> None:
    paper = papers.Paper(
        "通知", "1号", ["很长的一段。" * 400] * 3, [("名称", "值\n两行")], ["单位", "日期"]
    )
    assert papers.pdf(paper).count(b"/Type /Page\n") >= 2
    assert "两行" in words_of(papers.docx(paper))
