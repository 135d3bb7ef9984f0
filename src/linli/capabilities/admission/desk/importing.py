"""A place brings its own list as a spreadsheet: tried row by row, then in force from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission import services
from linli.capabilities.admission.desk.asking import asked, files, sent
from linli.capabilities.admission.forms import ListForm, StepForm
from linli.capabilities.admission.selectors import lists, speaking
from linli.capabilities.admission.services import Given, Trial
from linli.capabilities.admission.words import NAMES
from linli.capabilities.admission.words.showing import Cell, Do, Note, Page, Table, heads
from linli.capabilities.admission.workbook import Line, lines_of
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal
from linli.kernel.files.examine import Clean
from linli.kernel.files.staging import stage, staged

KEPT = "admission.list"
OUTCOMES = {
    "wrong": (_("要改"), "bad"),
    "new": (_("新增"), "good"),
    "changed": (_("有变化"), "info"),
    "ended": (_("到期结束"), "warn"),
    "same": (_("没有变化"), "neutral"),
}


def _lines(content: bytes) -> list[Line]:
    return lines_of(content, {"code": str(_("编号")), "catalogue": str(_("目录"))} | _labels())


def _labels() -> dict[str, str]:
    return {code: str(label) for code, label in NAMES.items() if code != "start"}


@needs("admission.import_list")
def bring(request: HttpRequest) -> HttpResponse:
    """Choose the file, the list, the day and the decision; the rows are tried before anything is done."""
    act = act_in(request)
    catalogues = [("", "—"), *((each.code, each.title) for each in lists.section().catalogues)]
    form = ListForm(sent(request), files(request), catalogue=catalogues)

    def do(data: dict[str, Any]) -> str:
        upload = data["file"]
        content = upload.read()
        given = Given(data["catalogue"], data["start"], data["document"], data["rest"])
        services.tried(act, _lines(content), given)
        request.session[KEPT] = {
            "file": stage(Clean(content, "application/octet-stream", upload.name)),
            "catalogue": given.catalogue,
            "start": given.start.isoformat(),
            "document": given.document,
            "rest": given.rest,
        }
        return reverse("admission:list_trial")

    hint = _("先试一遍，看过每一行再实行。可以先导出现在的目录，在表里改好传回来。")
    back = reverse("admission:items")
    return asked(request, form, do, title=_("导入目录"), back=back, hint=hint, do=_("先试一遍"))


def _kept(request: HttpRequest) -> tuple[list[Line], Given] | None:
    """What was brought and not yet put in force; None when it is no longer there."""
    kept = request.session.get(KEPT)
    clean = staged(kept["file"]) if kept else None
    if not kept or clean is None:
        return None
    day = date.fromisoformat(kept["start"])
    given = Given(kept["catalogue"], day, kept["document"], kept["rest"])
    return _lines(clean.content), given


@require_safe
@needs("admission.import_list")
def trial(request: HttpRequest) -> HttpResponse:
    """What each row would do; nothing has been done yet."""
    act, again = act_in(request), reverse("admission:list_import")
    kept = _kept(request)
    if kept is None:
        return HttpResponseRedirect(again, status=303)
    lines, given = kept
    try:
        found = services.tried(act, lines, given)
    except Refusal as refusal:  # the day has passed, or the list is gone, since it was brought
        page = Page(_("导入目录：试一遍"), back=again, notes=[Note(str(refusal), "bad")])
        return render(request, "admission/list.html", {"p": page})
    page = Page(
        _("导入目录：试一遍"),
        lead=_("还没有写入。%(document)s，从 %(day)s 起实行。")
        % {"document": given.document, "day": given.start.isoformat()},
        back=again,
        notes=[_verdict(found)],
        facts=_counted(found),
        tables=[_table(found)],
    )
    if not found.wrong and found.of("same") < len(found.rows):
        page.actions = [Do(_("确认实行"), reverse("admission:list_apply"), "check", "primary")]
    return render(request, "admission/list.html", {"p": page})


def _verdict(found: Trial) -> Note:
    if found.wrong:
        words = _("有 %(n)s 行要改，改好再传一次；没有一行会先写入。") % {"n": found.wrong}
        return Note(words, "bad", _("还不能实行"))
    if found.of("same") == len(found.rows):
        return Note(_("和现在的目录一样，没有要写入的。"), "info")
    return Note(_("每一行都看过了，可以实行。"), "good", _("试过了"))


def _counted(found: Trial) -> list[tuple[Any, Any]]:
    told = _("%(now)s 项 → %(then)s 项") % {"now": found.now, "then": found.then}
    counted = [(words, found.of(code)) for code, (words, _tone) in OUTCOMES.items()]
    return [(_("这些目录的事项数"), told), *((words, n) for words, n in counted if n)]


def _table(found: Trial) -> Table:
    order = list(OUTCOMES)
    rows = sorted(found.rows, key=lambda row: (order.index(row.outcome), row.line))
    return Table(
        heads(_("事项"), _("目录"), _("表里第几行"), _("结果"), _("说明"), nums=(2,)),
        [
            [
                Cell(row.title, note=row.code),
                speaking.title_of(row.catalogue),
                row.line or "",
                Cell(OUTCOMES[row.outcome][0], tone=OUTCOMES[row.outcome][1]),
                " · ".join(str(NAMES.get(each, each)) for each in row.words),
            ]
            for row in rows
        ],
        title=_("逐行"),
    )


@needs("admission.import_list")
def apply(request: HttpRequest) -> HttpResponse:
    """Put what was tried in force."""
    act, kept = act_in(request), _kept(request)
    if kept is None:
        return HttpResponseRedirect(reverse("admission:list_import"), status=303)
    lines, given = kept

    def do(_data: dict[str, Any]) -> None:
        _run(request, act, lines, given)

    hint = _("从 %(day)s 起实行，版本留底，不能改写。") % {"day": given.start.isoformat()}
    back = reverse("admission:items")
    return asked(request, StepForm(sent(request)), do, title=_("确认实行"), back=back, hint=hint)


def _run(request: HttpRequest, act: Act, lines: list[Line], given: Given) -> None:
    services.import_list(act, lines, given=given)
    del request.session[KEPT]
