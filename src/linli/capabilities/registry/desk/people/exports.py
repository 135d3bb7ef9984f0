"""Export of the roll: ask why, then give the file with its watermark; protected values stay masked."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.desk.people.lists import chips, filters_of, panel
from linli.capabilities.registry.forms.people import ExportForm, refuse
from linli.capabilities.registry.selectors import roll
from linli.capabilities.registry.selectors.roll import Line
from linli.capabilities.registry.selectors.telling import COLUMNS, words
from linli.capabilities.registry.services import exports
from linli.kernel.access import offices
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.files import sheets


@needs("registry.export")
def export(request: HttpRequest) -> HttpResponse:
    """The reason is asked for first; the fact is written before a row leaves."""
    act = act_in(request)
    sent = request.method == "POST"
    query = request.POST.get("query", "") if sent else request.GET.urlencode()
    f = filters_of(query)
    form = ExportForm(request.POST) if sent else ExportForm()
    if sent and form.is_valid():
        data = form.cleaned_data
        try:
            rows = exports.export(
                act, filters=f, query=f.query(), reason=data["reason"], format=data["format"]
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _file(act, rows, data["reason"], data["format"])
    context = {
        "form": form,
        "query": f.query(),
        "rows": roll.total(act, f, exports.MOST + 1),
        "most": exports.MOST,
        "chips": chips(act, f),
        "show": words()["shows"].get(f.show, ""),
    }
    return panel(request, "export", str(_("导出")), context, 422 if form.errors else 200)


def _file(act: Act, rows: Sequence[Line], reason: str, kind: str) -> HttpResponse:
    unit = offices.unit(act.unit)
    mark = _t("导出人：%(who)s 时间：%(at)s 用途：%(why)s 仅限内部使用") % {
        "who": f"{unit.name if unit else ''}{act.name}",
        "at": timezone.localtime(act.at).strftime("%Y-%m-%d %H:%M"),
        "why": reason,
    }
    heads = [_t("姓名"), *(str(title) for title in COLUMNS.values())]
    content = sheets.written(kind, mark, heads, (cells(row) for row in rows), _t("人口"))
    response = HttpResponse(content, content_type=sheets.MEDIA[kind])
    name = f"{_t('人口')}-{timezone.localtime(act.at):%Y%m%d-%H%M}.{kind}"
    disposition = content_disposition_header(True, name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response


def cells(row: Line) -> list[object]:
    """One line as cells in the order of the columns; numbers and phones as they are shown, masked."""
    said = words()
    shown = {
        "sex": said["sex"].get(row.sex, ""),
        "kind": said["kind"].get(row.kind, row.kind),
        "relation": said["relation"].get(row.relation, ""),
        "tags": _t("、").join(said["tags"].get(tag, tag) for tag in row.tags),
        "phone": str(row.phone or ""),
        "document": str(row.document or ""),
        "education": said["education"].get(row.education, ""),
        "employment": said["employment"].get(row.employment, ""),
        "political": said["political"].get(row.political, ""),
        "since": row.since.isoformat() if row.since else "",
    }
    return [row.name, *(shown.get(name, getattr(row, name)) for name in COLUMNS)]
