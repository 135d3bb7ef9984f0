"""One small form on a page of its own: asked, refused with what was typed, or done and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from linli.kernel.acts import Refusal


def asked(
    request: HttpRequest,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str | None],
    *,
    title: Any,
    back: str,
    hint: Any = "",
    danger: bool = False,
    template: str = "registry/form.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show a form (with `more` in a `template` of its own), or do what it says; `run` returns where to go on, else it goes `back`."""
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(run(form.cleaned_data) or back, status=303)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, "title": title, "back": back, "hint": hint, "danger": danger}
    return render(
        request, template, {**context, **(more or {})}, status=422 if form.errors else 200
    )


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; nothing for a page that is only asked for."""
    return request.POST if request.method == "POST" else None
