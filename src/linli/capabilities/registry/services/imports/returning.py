"""Refused rows as a file: what stood in the row and, beside it, why it was not taken."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, BatchRow
from linli.capabilities.registry.reading import REASONS
from linli.capabilities.registry.services.imports.keeping import FLAWED, REFUSED
from linli.kernel.acts import Act, action, note
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.reasons import REASONS as READING

WHY = "未导入原因"
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def words(code: str) -> str:
    """A reason in the user's words: which item, and why."""
    element, __, reason = code.partition(":")
    known = dictionary.elements().get(element)
    said = str(REASONS.get(reason) or READING.get(reason) or reason)
    return f"{known.label}：{said}" if known else said


@action("registry.import_return_rows", title=_("取回未导入的行"))
def refused(act: Act, batch: Batch, *, flawed: bool = True) -> str:
    """The rows that were refused (and those taken with something left out) as CSV, to be mended and sent again."""
    states = (REFUSED, FLAWED) if flawed else (REFUSED,)
    kept = BatchRow.objects.filter(batch=batch, state__in=states).order_by("line")
    heads = [each["heading"] for each in batch.plan["columns"]]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["行号", *heads, WHY])
    count = 0
    for row in kept.iterator(chunk_size=2000):
        cells = json.loads(row.values.open()) if row.values else {}
        said = "；".join(words(code) for code in row.reasons)
        writer.writerow([row.line, *_safe(cells.get(head, "") for head in heads), said])
        count += 1
    note(rows=count)
    return "\ufeff" + out.getvalue()


def _safe(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet would compute."""
    return [f"'{cell}" if cell.startswith(_RUNS) and len(cell) > 1 else cell for cell in cells]
