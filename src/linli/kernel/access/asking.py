"""One small form on a page of its own: asked, refused with what was typed, or done and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from linli.kernel.access.doors import act_in
from linli.kernel.access.once import digest, once
from linli.kernel.acts import Refusal

Told = Callable[[forms.Form, Refusal], Mapping[str, Any]]


def at_its_field(form: forms.Form, refusal: Refusal) -> Mapping[str, Any]:
    """Show a refusal at its field, or above the form."""
    names = (refusal.field, f"{refusal.field}_")
    form.add_error(next((name for name in names if name in form.fields), None), str(refusal))
    return {}


def asked(
    request: HttpRequest,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str | None],
    *,
    title: Any,
    back: str,
    hint: Any = "",
    danger: bool = False,
    do: Any = "",
    template: str = "ui/asked.html",
    more: Mapping[str, Any] | None = None,
    told: Told = at_its_field,
) -> HttpResponse:
    """Show a form (with `more` in a `template` of its own), or do what it says; `run` returns where to go on, else it
    goes `back`. `told` shows a refusal, and says what else the page then needs.

    A form whose page carries its `token` as `once` does its work once however often it is sent, and leads to the same page.
    """
    token = _token(request)
    context: dict[str, Any] = {"form": form, "title": title, "back": back, "hint": hint}
    context |= {
        "token": token or uuid4(),
        "danger": danger,
        "do": do,
        "refused": None,
        **(more or {}),
    }
    if request.method == "POST" and form.is_valid():
        try:
            to = _done(request, token, lambda: run(form.cleaned_data) or back)
            return HttpResponseRedirect(to, status=303)
        except Refusal as refusal:
            context |= told(form, refusal)
    return render(request, template, context, status=422 if form.errors else 200)


def _token(request: HttpRequest) -> UUID | None:
    """What tells one showing of a form from another, where its page says so."""
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def _done(request: HttpRequest, token: UUID | None, run: Callable[[], str]) -> str:
    with transaction.atomic():  # what is refused may be sent again under the same token
        _status, answer = once(
            act_in(request), token, digest(request.path), lambda: (303, {"to": run()})
        )
    return str(answer["to"])


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; nothing for a page that is only asked for."""
    return request.POST if request.method == "POST" else None
