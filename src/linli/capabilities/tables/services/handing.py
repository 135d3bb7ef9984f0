"""A unit's own form filled at once for its own area, without a round: nobody is asked, blanks stay blank."""

from __future__ import annotations

import io
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Form
from linli.capabilities.tables.reading import open_book
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.selectors.words import understood, words
from linli.capabilities.tables.services.cards import fill_cards
from linli.capabilities.tables.services.editions import MEDIA, Taken
from linli.capabilities.tables.services.filling import fill
from linli.capabilities.tables.services.forms import file_of
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Query
from linli.kernel.dictionary.offers.conditions import groups_of
from linli.kernel.files import store
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area

ROWS_MOST = 20_000
REASON_LEAST = 2
ZIP = "application/zip"


def handed(act: Act, form: Form, area: Area, *, reason: str) -> Taken:
    """A confirmed form filled from what is held of an area, as a file; a card as a bundle of one for each person.

    Whoever takes it needs the rights that an export of the same rows needs, and the fact names everybody in it. A
    Refusal without a reason, beyond 20,000 rows, or where the file can only be read.
    """
    why, plan, kept = " ".join(reason.split())[:300], Plan.of(form.plan), file_of(form)
    if form.state != Form.State.CONFIRMED or kept is None:
        raise Refusal(_("请先确认这张表的每一列。"), code="draft")
    if len(why) < REASON_LEAST:
        raise Refusal(_("请写明下载的用途。"), field="reason", code="reason")
    _small(act, plan, area)
    file, told = store.path_of(kept.digest), words(timezone.localdate(act.at))
    _form, mapped = understood(open_book(file, form.name), told)
    out, cards = io.BytesIO(), any(part.shape == "card" for part in plan.parts)
    (fill_cards if cards else fill)(
        act, area, file=file, out=out, mapped=mapped, words=told, reason=why, name=form.name,
        settled=plan,
    )  # fmt: skip
    ending = "zip" if cards else Path(form.name).suffix.lower().removeprefix(".")
    return Taken(f"{form.title} {area.name}.{ending}", MEDIA.get(ending, ZIP), out.getvalue())


def _small(act: Act, plan: Plan, area: Area) -> None:
    """Refuse what takes longer than one waits for."""
    for part in plan.parts:
        if part.record_set not in offers.known():
            continue
        query = Query(
            part.record_set, conditions=groups_of(part.conditions), spans=(places.span(area),)
        )
        if offers.count(act, query, ROWS_MOST + 1) > ROWS_MOST:
            words_ = _("超过 %(most)s 行，请选小一些的范围，或加条件。") % {"most": ROWS_MOST}
            raise Refusal(words_, field="area", code="many")
