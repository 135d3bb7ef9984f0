"""What the residents' pages share: words told once, who reads a matter, uploads that wait, the sending."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.selectors.evidence import judged
from linli.kernel.access.doors import act_in
from linli.kernel.access.hats import guest_act
from linli.kernel.acts import Act, Refusal, holding
from linli.kernel.calendar.labels import term_words
from linli.kernel.files.examine import Clean
from linli.kernel.files.staging import stage, staged

RECEIPT_SECONDS = 30 * 60
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def tell(request: HttpRequest, text: object, tone: str = "good", draft: str = "") -> None:
    """Words for the next page, and the draft on the device that has been taken with it."""
    request.session["told"] = [{"text": str(text), "tone": tone, "draft": draft}]


def draw(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the portal, with the words that wait for it."""
    told = request.session.pop("told", []) if "told" in request.session else []
    given = {"messages": told, "term_words": term_words, **context}
    return render(request, f"matters/portal/{name}.html", given, status=status)


def see(address: str) -> HttpResponse:
    """After a POST: go and look (303)."""
    return HttpResponseRedirect(address, status=303)


@contextmanager
def reading(request: HttpRequest, number: str) -> Iterator[tuple[Act, Any]]:
    """Who reads a matter and the matter: oneself, or whoever came in by number and code; 404 for others."""
    act = act_in(request)
    matter = selectors.find(act, number)
    key = request.session.get("visitor")
    if matter is None and act.signed_in and key:
        guest = guest_act(channel=act.channel, at=act.at).on(key=UUID(key))
        with holding(guest):
            matter = selectors.find(guest, number)
            if matter is None:
                raise Http404
            yield guest, matter
        return
    if matter is None:
        raise Http404
    yield act, matter


def to_query(number: str) -> HttpResponse:
    """A guest without the code is asked for it; the page says nothing of what exists."""
    query = f"?number={number}" if number.replace("-", "").isalnum() else ""
    return HttpResponseRedirect(reverse("matters:query") + query)


def waiting(request: HttpRequest, token: str) -> list[dict[str, Any]]:
    """The uploads that wait for the form of a token."""
    kept = request.session.get("staged") or {}
    return list(kept.get("files", [])) if kept.get("token") == token else []


def take_photos(request: HttpRequest, form: forms.Form, token: str, most: int) -> list[Clean]:
    """Judge what was sent, keep the good ones in waiting, say at the field what was refused."""
    wanted = set(request.POST.getlist("staged"))
    kept = [f for f in waiting(request, token) if f["digest"] in wanted]
    cleans = [clean for f in kept if (clean := staged(f)) is not None]
    fresh = form.cleaned_data.get("photos") or [] if hasattr(form, "cleaned_data") else []
    for upload in fresh:
        clean = _judged(form, upload)
        if clean is None:
            continue
        if len(cleans) < most:
            one = stage(clean)
            if one["digest"] not in {f["digest"] for f in kept}:  # the same photo twice is one
                cleans.append(clean)
                kept.append(one)
        else:
            form.add_error("photos", _("最多 %(most)s 张照片。") % {"most": most})
            break
    if kept or request.session.get("staged"):
        request.session["staged"] = {"token": token, "files": kept}
    return cleans


def _judged(form: forms.Form, upload: UploadedFile[Any]) -> Clean | None:
    try:
        return judged(upload, "photos")
    except Refusal as refusal:
        form.add_error("photos", str(refusal))
        return None


def query_code(token: UUID, length: int) -> str:
    """The query code of a form sent without an account: the same form gives the same code."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"code:" + token.bytes, hashlib.sha256)
    return "".join(_ALPHABET[b % len(_ALPHABET)] for b in digest.digest()[:length])


def send(request: HttpRequest, act: Act, intake: services.Intake) -> Any:
    """Record it: as oneself, or as a guest who follows it by number and code. Returns the matter."""
    try:
        if act.signed_in and not intake.anonymous:
            found = services.report(act, intake=replace(intake, reporter=act.actor))
        else:
            found = _send_as_guest(request, act, intake)
    except IntegrityError:
        raise Refusal(_("这件事已经提交过了，请刷新页面后再试。"), code="sent") from None
    request.session.pop("staged", None)
    return found


def _send_as_guest(request: HttpRequest, act: Act, intake: services.Intake) -> Any:
    assert intake.token is not None
    code = query_code(intake.token, selectors.names().policy.query.code_length)
    key = services.visitor_key(code)
    guest = guest_act(channel=act.channel, at=act.at).on(key=key)
    with holding(guest):
        found = services.report(guest, intake=intake, query_code=code)
    request.session["visitor"] = str(key)
    until = int(act.at.timestamp()) + RECEIPT_SECONDS
    request.session["receipt"] = {"number": found.number, "code": code, "until": until}
    return found


def receipt_code_of(request: HttpRequest, act: Act, number: str) -> str:
    """The query code of what was just sent from this browser, for half an hour."""
    kept = request.session.get("receipt") or {}
    fresh = kept.get("number") == number and kept.get("until", 0) > act.at.timestamp()
    return str(kept["code"]) if fresh else ""
