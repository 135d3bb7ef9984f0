"""Editions as they were frozen: their file, whether it is still the same, what changed from one to another."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _t

from linli.capabilities.tables.models import Edition, Gap
from linli.capabilities.tables.reading import Book, open_book
from linli.capabilities.tables.reading.shapes import Shape
from linli.capabilities.tables.rules.differences import Difference, Frozen, differences
from linli.capabilities.tables.selectors.words import understood, words
from linli.kernel.acts import EVERYWHERE, Act, crossing
from linli.kernel.files import store
from linli.kernel.files.models import File

OWNER, ROWS = "tables.edition", "edition-rows"
HEADS_MOST = 8  # more rows than these would leave a page no room


def edition(act: Act, pk: int) -> Edition | None:
    """One edition in sight."""
    return Edition.objects.filter(pk=pk).select_related("round", "round__form").first()


def of_round(round_id: int) -> list[Edition]:
    """The editions of a round in sight, newest first."""
    return list(Edition.objects.filter(round=round_id).order_by("-number"))


def before(found: Edition) -> Edition | None:
    """The edition of the same form that was frozen last before this one."""
    rows = Edition.objects.filter(round__form=found.round.form_id, pk__lt=found.pk)
    return rows.select_related("round", "round__form").order_by("-pk").first()


def kind(found: Edition) -> str:
    """In which format it was frozen."""
    return Path(found.round.form.name).suffix.lower().removeprefix(".")


def content(found: Edition) -> bytes | None:
    """The frozen file; None where it is gone."""
    try:
        return store.path_of(found.digest).read_bytes()
    except FileNotFoundError:
        return None


def intact(found: Edition) -> bool:
    """Whether the file is as it was frozen."""
    held = content(found)
    return held is not None and hashlib.sha256(held).hexdigest() == found.digest


def book(found: Edition) -> Book:
    """The frozen file as sheets of cells; read where it is kept, so that no copy of it lies anywhere."""
    return open_book(store.path_of(found.digest), found.round.form.name)


def heads(found: Edition) -> dict[str, int]:
    """Down to which row the headings of each sheet's first list go, so that printed pages have them on top."""
    form, _mapped = understood(book(found), words(timezone.localdate(found.made)))
    bottoms: dict[str, int] = {}
    for region in form.regions:
        if region.shape is not Shape.CARD:
            bottoms.setdefault(region.sheet, region.head[1])
    return {sheet: bottom for sheet, bottom in bottoms.items() if bottom <= HEADS_MOST}


def left_blank(found: Edition) -> list[tuple[str, int]]:
    """Why cells of an edition are blank, as its communities said, and how many of each; the edition must be in sight."""
    said = (Gap.State.NONE, Gap.State.UNKNOWN, Gap.State.DECLINED, Gap.State.OPEN)
    with crossing(EVERYWHERE):
        asked = Gap.objects.filter(sheet__round=found.round_id, state__in=said).order_by()
        many = dict(asked.values_list("state").annotate(many=Count("pk")))
    titles = {**{each: each.label for each in said}, Gap.State.OPEN: _t("没有补上")}
    return [(str(titles[each]), many[each]) for each in said if many.get(each)]


def rows(found: Edition) -> list[Frozen]:
    """What each list held when it was frozen, record by record; the edition itself must be in sight."""
    with crossing(EVERYWHERE):
        kept = File.objects.filter(
            owner_type=OWNER, owner_id=found.round_id, purpose=ROWS, name=f"{found.number}.json"
        ).first()
    if kept is None:
        return []
    raw = json.loads(store.path_of(kept.digest).read_bytes())
    return [Frozen.of(each) for each in raw["parts"]] if raw["digest"] == found.digest else []


def changes(earlier: Edition, later: Edition) -> list[Difference]:
    """What changed from one edition to another of the same form."""
    return differences(rows(earlier), rows(later))
