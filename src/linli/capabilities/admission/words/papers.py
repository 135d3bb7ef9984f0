"""Official papers of this room: shown to be printed, or as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.words.showing import Do
from linli.kernel.files import papers
from linli.ui import scanning
from linli.ui.spoken import said


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a paper says, and where its page leads."""

    title: Any
    number: Any
    back: str
    body: Sequence[Any]
    facts: Sequence[tuple[Any, Any]]
    signed: Sequence[Any]
    to: Any = ""
    check: Any = ""
    scan: str = ""
    void: Any = ""
    actions: Sequence[Do] = ()
    formats: Sequence[str] = ("pdf", "docx")


def certificate(
    request: HttpRequest,
    c: Any,
    version: Any,
    *,
    back: str,
    code: str = "",
    actions: Sequence[Do] = (),
) -> Sheet:
    """A certificate with its number; whoever knows its code gives it away, and the picture that a phone scans."""
    asked = urlencode({"number": c.number, "code": code})
    return Sheet(
        title=said(c.title),
        number=c.number,
        back=back,
        body=[version.form if version else "", c.body],
        facts=[(_("姓名"), c.name), (_("用途"), c.purpose), (_("核实方式"), c.checked)],
        signed=[c.unit.name, timezone.localdate(c.at)],
        check=_("验证码 %(code)s，可在“证明验证”页核对。") % {"code": code} if code else "",
        scan=scanning.address(request, f"{reverse('admission:verify')}?{asked}") if code else "",
        void=_("已作废：%(why)s") % {"why": c.why} if c.void else "",
        actions=actions,
        formats=("pdf",),
    )


def shown(
    request: HttpRequest, sheet: Sheet, template: str = "admission/paper.html"
) -> HttpResponse:
    """The paper on a page, or as the file that is asked for; what is void is no file."""
    kind = request.GET.get("format", "")
    formats = () if sheet.void else sheet.formats
    if kind in formats:
        return papers.answer(_paper(sheet), kind)
    files = [
        Do(_("下载 %(format)s") % {"format": each.upper()}, f"?format={each}", "download")
        for each in formats
    ]
    picture = scanning.picture(sheet.scan) if sheet.scan else ""
    facts = [(name, value) for name, value in sheet.facts if value not in ("", None)]
    context = {
        "sheet": sheet,
        "facts": facts,
        "actions": [*files, *sheet.actions],
        "picture": picture,
    }
    return render(request, template, context)


def _paper(sheet: Sheet) -> papers.Paper:
    return papers.Paper(
        title=str(sheet.title),
        number=str(sheet.number),
        body=[str(each) for each in sheet.body],
        facts=[(str(name), str(value)) for name, value in sheet.facts if value not in ("", None)],
        signed=[str(each) for each in sheet.signed],
        to=str(sheet.to),
        note=str(sheet.check),
        scan=sheet.scan if scanning.reachable(sheet.scan) else "",
    )
