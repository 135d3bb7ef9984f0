"""Official papers of this room: shown to be printed, or as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.words.showing import Do
from linli.kernel.files import papers
from linli.ui import scanning


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


def shown(request: HttpRequest, sheet: Sheet) -> HttpResponse:
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
    return render(request, "admission/paper.html", context)


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
