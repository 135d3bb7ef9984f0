"""A community's own ledgers: saved from what is on the screen, changed, ended, former editions read."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from linli.capabilities.tables.desk.ledgers.opening import Opened, live, opened, panel
from linli.capabilities.tables.forms.ledgers import EndForm, OwnForm
from linli.capabilities.tables.selectors import ledgers
from linli.capabilities.tables.services import ledgers as services
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers.conditions import groups_of


@needs("tables.make_ledger")
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is on the screen as a ledger of the community, or as the next edition of its own."""
    sent = request.method == "POST"
    raw = (request.POST.get("query", "") if sent else request.GET.urlencode())[:4000]
    found = live(request, key, QueryDict(raw))
    changes = found.view.own and found.act.may("tables.change_ledger")
    given = {"query": found.query, "was": found.view.version}
    given["title"] = found.view.title if changes else ""
    form = OwnForm(request.POST if sent else None, initial=given)
    if sent and form.is_valid():
        try:
            made = _saved(
                found, form.cleaned_data, again=bool(changes) and "new" not in request.POST
            )
            return HttpResponseRedirect(
                reverse("tables:ledger", args=[f"own-{made.pk}"]), status=303
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    query, heads, _hidden = ledgers.narrowed(found.act, found.view, found.asked)
    context = {
        "v": found.view,
        "form": form,
        "changes": changes,
        "words": offers.words(query.with_(spans=(), on=None, text="")),
        "heads": [head.title for head in heads if head.element],
    }
    title = _t("保存台账") if changes else _t("存为本社区的台账")
    return panel(request, "save", title, context, 422 if form.errors else 200)


def _saved(found: Opened, said: dict[str, Any], *, again: bool) -> Any:
    query, _heads, _hidden = ledgers.narrowed(found.act, found.view, found.asked)
    plain = query.with_(spans=(), on=None, text="")
    if again:
        was = said.get("was") or 0
        return services.change(
            found.act, ledger=found.view.own, title=said["title"], query=plain, was=was
        )
    return services.make(found.act, title=said["title"], query=plain)


@needs("tables.end_ledger")
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Take a community's own ledger out of the list, with the reason."""
    found = opened(request, key)
    if not found.view.own:
        raise Http404(_t("目录里的台账不能停用。"))
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end(found.act, ledger=found.view.own, reason=form.cleaned_data["reason"])
            return HttpResponseRedirect(f"{reverse('tables:ledgers')}?done=ended#own", status=303)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"v": found.view, "form": form}
    return panel(request, "end", _t("停用台账"), context, 422 if form.errors else 200)


@require_POST
@needs("tables.restore_ledger")
def restore(request: HttpRequest, key: str) -> HttpResponse:
    """Take an ended ledger back; one click undoes the ending."""
    number = key.removeprefix("own-")
    try:
        services.restore(act_in(request), ledger=int(number) if number.isdecimal() else 0)
    except Refusal as refusal:
        return panel(request, "refused", _t("恢复台账"), {"refused": str(refusal)}, 422)
    return HttpResponseRedirect(reverse("tables:ledger", args=[key]), status=303)


@require_safe
@needs(LEDGERS.code)
def editions(request: HttpRequest, key: str) -> HttpResponse:
    """The editions of a community's own ledger: who wrote each, when, which columns, under which conditions."""
    found = opened(request, key)
    if not found.view.own:
        raise Http404(_t("目录里的台账没有自己的版本。"))
    known = selectors.elements()
    rows = [
        {
            "edition": each,
            "columns": [known[code].label for code in each.body["columns"] if code in known],
            "words": offers.conditions_said(groups_of(each.body["conditions"])),
        }
        for each in ledgers.editions(found.act, found.view.own)
    ]
    return render(request, "tables/ledgers/editions.html", {"v": found.view, "rows": rows})
