"""One person: everything the actor may know, each value with its source."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from linli.capabilities.registry.desk.people.steps import STEPS, offered
from linli.capabilities.registry.selectors import dossier, looking, telling
from linli.capabilities.registry.selectors.dossier import Change
from linli.capabilities.registry.selectors.telling import FIELDS, TABLES, value, words
from linli.capabilities.registry.services.undoing import UNDONE
from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import verbs
from linli.ui.entries import Entry

PLAIN = (
    "ethnic",
    "native_place",
    "marital",
    "education",
    "political",
    "employment",
    "workplace",
)
UNTOLD = frozenset({"sources", "changed", "pinyin", "account_id", "id"})


@require_safe
@needs(READ.code)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's page."""
    act = act_in(request)
    found = dossier.opened(act, pk)
    if found is None:
        raise Http404(_t("没有这个人，或不在您的范围内。"))
    done, left = request.GET.get("done", ""), request.GET.get("left", "").split(",")
    context = {
        "d": found,
        "p": found.person,
        "words": words(),
        "identity": telling.values(found, ("sex", "born", "document_kind", "document", "phone")),
        "more": telling.values(found, PLAIN),
        "tags": telling.tags(found),
        "can": offered(act, found),
        "rights": telling.rights(found),
        "left": _t("、").join(str(FIELDS[name]) for name in left if name in FIELDS),
        "ends": telling.policy().retention_by_code.get("death"),
        "done": STEPS[done].title if done in STEPS else _t("登记") if done == "register" else "",
    }
    return render(request, "registry/people/person.html", context)


@require_safe
@needs(READ.code)
def around(request: HttpRequest, pk: int) -> HttpResponse:
    """Ties, posts, consents and objections: asked for after the page is drawn."""
    act = act_in(request)
    found = dossier.person(act, pk)
    if found is None:
        raise Http404(_t("没有这个人，或不在您的范围内。"))
    context = {"p": found, "a": dossier.around(act, found), "words": words(), "act": act}
    return _part(request, "around", _t("房屋、职务、同意和异议"), context)


@require_safe
@needs(READ.code)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was changed, by whom, what stood there before; who looked at protected values and why."""
    act = act_in(request)
    found = dossier.person(act, pk)
    if found is None:
        raise Http404(_t("没有这个人，或不在您的范围内。"))
    lines = [line(change) for change in dossier.history(act, found)]
    looks = looking.looks(act, found)
    deeds = looking.undoable(act, found, UNDONE) if act.may("registry.undo") else []
    undo = [(deed, verbs()[deed.verb].title) for deed in deeds]
    context = {"p": found, "lines": lines, "looks": looks, "fields": FIELDS, "undo": undo}
    return _part(request, "history", _t("变更记录"), context)


def line(change: Change) -> Entry:
    """One change as an entry of a timeline."""
    if change.verb:
        known = verbs().get(change.verb)
        title = str(known.title) if known else change.verb
        fields = [str(FIELDS.get(name, name)) for name in change.before.get("fields", ())]
        return Entry(title, change.at, change.who, _t("、").join(fields), "info")
    told = {n: v for n, v in change.before.items() if n not in UNTOLD and not n.endswith("_index")}
    text = _t("；").join(
        f"{FIELDS.get(n, n)}{_t('：')}{value(n.removesuffix('_id'), v)}" for n, v in told.items()
    )
    title = _t("%(what)s原为") % {"what": TABLES.get(change.table, change.table)}
    return Entry(title, change.at, change.who, text)


def _part(request: HttpRequest, part: str, title: str, context: dict[str, Any]) -> HttpResponse:
    """A part by itself for htmx, or as a page."""
    if getattr(request, "htmx", False):
        return render(request, f"registry/people/_{part}.html", context)
    whole = {**context, "panel_title": title, "part": f"registry/people/_{part}.html"}
    return render(request, "registry/people/panel.html", whole)
