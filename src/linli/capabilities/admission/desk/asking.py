"""One form on a page of its own: asked, refused with what was typed and what to do instead, or done and on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.services import Turned
from linli.kernel.access import asking
from linli.kernel.access.asking import at_its_field
from linli.kernel.access.asking import sent as sent
from linli.kernel.acts import Act, Denied, Refusal


def _told(form: forms.Form, refusal: Refusal) -> Mapping[str, Any]:
    """The gate's no stands above the form with its clause and what to do instead; any other at its field."""
    if not isinstance(refusal, Turned):
        return at_its_field(form, refusal)
    form.add_error(None, str(refusal.clause.title))
    return {"refused": refusal}


asked = partial(asking.asked, template="admission/form.html", more={"download": False}, told=_told)


def judged(
    request: HttpRequest,
    form: forms.Form,
    ask: Callable[[dict[str, Any]], Turned | str],
    *,
    back: str,
    **page: Any,
) -> HttpResponse:
    """Ask at the gate: `ask` gives the address to go on to, or the gate's no, which is kept and stands above the form.

    What was typed stays in the form, so that it can be put right and asked again.
    """
    kept: list[Turned] = []

    def do(data: dict[str, Any]) -> str:
        answer = ask(data)
        if isinstance(answer, str):
            return answer
        kept.append(answer)
        return reverse("admission:ticket", kwargs={"pk": answer.ticket}) if answer.ticket else back

    answer = asked(request, form, do, back=back, **page)
    if not kept:
        return answer
    # The key that was sent has done its work: what is put right is another asking.
    blank = {"hint": "", "do": "", "danger": False, "download": False}
    context = {**blank, **page, "form": form, "token": uuid4(), "back": back}
    context |= _told(form, kept[0])
    return render(request, "admission/form.html", context, status=422)


def granted(act: Act, verb: str) -> None:
    """Refuse a step that the actor's post does not hold, before its form is shown."""
    if not act.may(verb):
        raise Denied(_("您没有这一步的权限。"))


def files(request: HttpRequest) -> Any:
    """The files that were sent."""
    return request.FILES if request.method == "POST" else None
