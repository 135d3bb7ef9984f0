"""A list as a file: for everybody to take along, for a district to change in a spreadsheet and bring back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _t

from linli.capabilities.admission.selectors import lists as reads
from linli.capabilities.admission.selectors.lists import Filters
from linli.capabilities.admission.selectors.naming import written
from linli.capabilities.admission.selectors.speaking import title_of
from linli.capabilities.admission.words import NAMES
from linli.kernel.files import sheets

MOST = 5000
FORMATS = ("xlsx", "csv")


def heads() -> list[str]:
    """The headings of the file: code, list, and every value of an item."""
    return [_t("编号"), _t("目录"), *(str(name) for name in NAMES.values())]


def taken(day: date, f: Filters, format: str) -> HttpResponse:
    """The list as a file; the lists are public, so that nobody is asked why."""
    title = _t("社区工作准入目录")
    above = _t("%(title)s（%(day)s 有效）") % {"title": title, "day": day.isoformat()}
    content = sheets.written(format, above, heads(), _rows(day, f), title)
    answer = HttpResponse(content, content_type=sheets.MEDIA[format])
    answer["Content-Disposition"] = f'attachment; filename="admission-items-{day}.{format}"'
    return answer


def _rows(day: date, f: Filters) -> Iterator[list[object]]:
    for v in reads.listed(day, f, size=MOST).rows:
        values = (written(name, getattr(v, name)) for name in NAMES)
        yield [v.item.code, str(title_of(v.item.catalogue)), *values]
