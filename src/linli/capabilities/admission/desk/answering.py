"""One answer for several demands at once: each is answered by itself, and what was refused is said with its reason."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from linli.capabilities.admission import services
from linli.capabilities.admission.desk.asking import granted
from linli.capabilities.admission.forms import ReasonForm, StepForm
from linli.capabilities.admission.selectors import demands as reads
from linli.capabilities.admission.verbs import READ
from linli.capabilities.admission.words.showing import Cell, Do, Note, Page, Table, heads, key_of
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Refusal

MOST = 200
ANSWERS = {
    "accept": ("admission.accept", services.accept, StepForm, _("承接"), "check"),
    "decline": ("admission.decline", services.decline, ReasonForm, _("不予承接"), "hand-stop"),
    "reconsider": (
        "admission.reconsider",
        services.reconsider,
        StepForm,
        _("撤回答复"),
        "arrow-back-up",
    ),
}


def offered(act: Act, states: set[str]) -> list[Do]:
    """The answers that may be given to picked demands in these states."""
    open_ = {"accept", "decline"} if "received" in states else set()
    open_ |= {"reconsider"} if states & {"accepted", "declined"} else set()
    return [
        Do(title, reverse("admission:demands_answer", kwargs={"answer": code}), icon)
        for code, (verb, _run, _form, title, icon) in ANSWERS.items()
        if code in open_ and act.spans and act.may(verb)
    ]


@require_POST
@needs(READ.code)
def answer(request: HttpRequest, answer: str) -> HttpResponse:
    """Ask once what the answer needs, then give it to every picked demand."""
    if answer not in ANSWERS:
        raise Http404(_t("没有这一步。"))
    verb, run, kind, title, _icon = ANSWERS[answer]
    act, back = act_in(request), reverse("admission:demands")
    granted(act, verb)
    keys = [key for text in request.POST.getlist("pick")[:MOST] if (key := key_of(text))]
    rows = reads.some(act, keys)
    if not rows:
        return HttpResponseRedirect(back, status=303)
    asked = "reason" in request.POST or not kind.base_fields
    form = kind(request.POST if asked else None)
    if asked and form.is_valid():
        return _report(
            request, title, [(row, _one(act, run, row, form.cleaned_data)) for row in rows]
        )
    hint = _("一共 %(n)s 件：%(titles)s") % {
        "n": len(rows),
        "titles": _t("、").join(dict.fromkeys(row.title for row in rows[:5])),
    }
    context = {"form": form, "title": title, "back": back, "hint": hint, "picked": keys}
    context |= {"do": title, "refused": None, "token": "", "download": False, "danger": False}
    return render(request, "admission/form.html", context, status=422 if asked else 200)


def _one(act: Act, run: Any, row: Any, data: dict[str, Any]) -> str:
    try:
        run(act, row, **data)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _report(request: HttpRequest, title: Any, found: list[tuple[Any, str]]) -> HttpResponse:
    """What was done, and what was not with its reason; all done leads back to the list with a word of it."""
    done = sum(not why for _row, why in found)
    told = _("%(answer)s：%(done)s 件办好，%(left)s 件没有办。") % {
        "answer": title,
        "done": done,
        "left": len(found) - done,
    }
    page = Page(
        title,
        back=reverse("admission:demands"),
        notes=[Note(told, "good" if done == len(found) else "warn")],
        tables=[
            Table(
                heads(_("名称"), _("社区"), _("结果")),
                [
                    [
                        Cell(row.title, reverse("admission:demand", kwargs={"pk": row.pk})),
                        row.area.name,
                        Cell(why) if why else Cell(_("办好了"), tone="good"),
                    ]
                    for row, why in found
                ],
            )
        ],
    )
    return render(request, "admission/list.html", {"p": page})
