"""The list of filings as a file: with a reason, a watermark and a fact."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Filing
from linli.capabilities.registry.selectors import filings as reads
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.filings import Wanted
from linli.kernel.acts import Act, action, under
from linli.kernel.files import exports
from linli.kernel.files.models import Export

KIND = "registry.filings"
DIRECT_MOST, MOST = 2000, 100_000


@action(
    "registry.export_filings", title=_("导出任职备案"), keep=("reason",), codes=("format", "state")
)
def export(
    act: Act, *, reason: str, format: str, state: str = "", area: int | None = None
) -> Export:
    """Note an export of filings before a single row leaves: which, how many, why."""
    total = reads.asked(act, Wanted(state, area)).count()
    more = {"state": state, "area": area}
    return exports.begin(
        act,
        KIND,
        total=total,
        most=MOST,
        reason=reason,
        query=f"state={state}&area={area or ''}",
        format=format,
        more=more,
    )


def _heads(made: Export) -> list[object]:
    return [
        _t("姓名"),
        _t("职务"),
        _t("组织"),
        _t("辖区"),
        _t("任职自"),
        _t("任职到"),
        _t("报送事项"),
        _t("报送时间"),
        _t("情况"),
        _t("备案号"),
        _t("备案日期"),
        _t("退回理由"),
    ]


def _rows(act: Act, made: Export) -> Iterator[list[object]]:
    wanted = Wanted(made.more["state"], made.more["area"])
    with under(act):
        found = list(reads.every(act, wanted))
    yield from (cells(each) for each in found)


def cells(row: Filing) -> list[object]:
    """One filing as cells."""
    held = row.holding
    days = [day.isoformat() if day else "" for day in (held.since, held.until, row.on)]
    known = kinds.section().post_by_code.get(held.post)
    return [
        held.name,
        known.title if known else held.post,
        held.organisation.name,
        row.area.full_name,
        days[0],
        days[1],
        row.get_about_display(),
        timezone.localdate(row.at).isoformat(),
        row.get_state_display(),
        row.number,
        days[2],
        row.reason,
    ]


exports.declare(
    exports.Exporter(
        KIND, _("任职备案"), "registry.export_filings", "registry:filings", _heads, _rows
    )
)
