"""One tag on many people: one by one through the service, with a report of what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.people.lists import back_to, panel
from linli.capabilities.registry.desk.people.tying import CHOOSE
from linli.capabilities.registry.forms.people import MarkForm, keys
from linli.capabilities.registry.selectors import dossier, roll
from linli.capabilities.registry.selectors.roll import Line
from linli.capabilities.registry.selectors.telling import tag_choices
from linli.capabilities.registry.verbs import SENSITIVE
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal

MOST = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one picked person; `why` is empty when it was done."""

    person: int
    name: str
    why: str


@require_POST
@needs("registry.mark")
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask which tag and on what basis, then give it to everybody picked who may have it."""
    act, query = act_in(request), request.POST.get("query", "")[:600]
    picked = keys(request.POST)[:MOST]
    if not picked:
        return HttpResponseRedirect(back_to(query), status=303)
    rows = roll.picked(act, picked)
    offered = tag_choices(act.roles, sensitive=act.sensitive and act.may(SENSITIVE.code))
    form = MarkForm(request.POST if request.POST.get("sure") else None, code=[CHOOSE, *offered])
    context = {"rows": rows, "query": query, "form": form}
    if not form.is_valid():
        return panel(request, "bulk", _t("批量添加标签"), context, 422 if form.is_bound else 200)
    people = {row.person: row for row in rows}
    outcomes = [_one(act, row, form) for row in people.values()]
    told = {
        "done": [o for o in outcomes if not o.why],
        "refused": [o for o in outcomes if o.why],
        "missing": len(picked) - len(rows),
        "back": back_to(query),
    }
    return render(request, "registry/people/bulk_report.html", told)


def _one(act: Act, row: Line, form: MarkForm) -> Outcome:
    person = dossier.person(act, row.person)
    try:
        if person is None:
            raise Refusal(_t("找不到这个人，或不在您的范围内。"))
        data = form.cleaned_data
        services.marks.mark(
            act, person=person, code=data["code"], basis=data["basis"], since=data["since"]
        )
    except Refusal as refusal:
        return Outcome(row.person, row.name, str(refusal))
    return Outcome(row.person, row.name, "")
