"""One form on a page of its own: asked, refused with what was typed and what to do instead, or done and on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.services import Turned
from linli.kernel.access.doors import act_in
from linli.kernel.access.once import digest, once
from linli.kernel.acts import Act, Denied, Refusal


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
) -> HttpResponse:
    """Show a form, or do what it says; `run` returns where to go on, else it goes `back`.

    A form that is sent twice does its work once and leads to the same page both times.
    """
    refused: Refusal | None = None
    token = _token(request)
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(_done(request, token, form, run, back), status=303)
        except Refusal as refusal:
            refused = refusal
            if not isinstance(refusal, Turned):
                named = [n for n in (refusal.field, f"{refusal.field}_") if n in form.fields]
                form.add_error(named[0] if named else None, str(refusal))
            else:
                form.add_error(None, str(refusal.clause.title))
    context = {
        "form": form,
        "token": token,
        "download": False,
        "title": title,
        "back": back,
        "hint": hint,
        "danger": danger,
        "do": do,
        "refused": refused if isinstance(refused, Turned) else None,
    }
    status = 422 if form.errors else 200
    return render(request, "admission/form.html", context, status=status)


def _token(request: HttpRequest) -> UUID:
    """What tells one showing of a form from another."""
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid4()


def _done(
    request: HttpRequest,
    token: UUID,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str | None],
    back: str,
) -> str:
    def work() -> tuple[int, dict[str, Any]]:
        return 303, {"to": run(form.cleaned_data) or back}

    with transaction.atomic():  # what is refused may be sent again under the same token
        _status, answer = once(act_in(request), token, digest(request.path), work)
    return str(answer["to"])


def granted(act: Act, verb: str) -> None:
    """Refuse a step that the actor's post does not hold, before its form is shown."""
    if not act.may(verb):
        raise Denied(_("您没有这一步的权限。"))


def sent(request: HttpRequest) -> Any:
    """What was sent; nothing for a page that is only asked for."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> Any:
    """The files that were sent."""
    return request.FILES if request.method == "POST" else None
