"""Verbs of filing 任职备案: the level above records who was appointed, what changed, who left (R026)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import notices
from linli.capabilities.registry.models import Filing, Holding
from linli.capabilities.registry.policy import Filed
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.colleagues import clerks_of
from linli.capabilities.registry.selectors.organisations import present
from linli.capabilities.registry.services import rows
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.acts.act import SYSTEM
from linli.kernel.notices.services import tell
from linli.kernel.tasks import services as tasks

FILE, MEND = "registry.file_post", "registry.mend_filing"
REPORTER = "community_head"
FIRST_YEAR = 1949
NOT_NOW = {
    Filing.State.WAITING: _("这一件还没有备案。"),
    Filing.State.FILED: _("这一件已经备案，请刷新后再看。"),
    Filing.State.RETURNED: _("这一件已经退回，等重新报送后再办。"),
}


def follow(act: Act, held: Holding, about: str, *, told: bool = True) -> Filing | None:
    """Have the level above record what became of a holder, where the pack says so; part of the deed that did it.

    What is not recorded yet stays one row: an appointment that ended before it was filed is filed as ended.
    """
    rule = kinds.filed(held.organisation, held.post, rows.today(act))
    if rule is None:
        return None
    Holding.objects.select_for_update().get(pk=held.pk)  # two deeds at once open one row
    row = held.filings.exclude(state=Filing.State.FILED).first()
    if row is None:
        row = Filing(area_id=held.area_id, holding=held, about=about)
    elif about == Filing.About.ENDED:
        row.about = about
    row.state, row.by, row.at = (
        Filing.State.WAITING,
        act.actor if act.actor > SYSTEM else None,
        act.at,
    )
    row.save()
    _ask(act, rule, row, told=told)
    return row


def _ask(act: Act, rule: Filed, row: Filing, *, told: bool) -> None:
    """A task for whoever files there, and a notice to each of them."""
    at = kinds.files_at(rule, row.area_id)
    tasks.finish(act, row, MEND)
    tasks.add(act, row, kind=FILE, title=row.holding.organisation.name, area=at, post=rule.by)
    if told:
        people = clerks_of(at, rows.today(act), [rule.by])
        tell(act, people, notices.TO_FILE.code, row, {"place": row.holding.organisation.name})


@action("registry.organisation.report_post", title=_("报送任职备案"))
def report(act: Act, held: Holding) -> Filing:
    """Send a holder to the level above to be filed: anew after a return, or for the first time."""
    last = held.filings.order_by("-pk").first()
    if last is not None and last.state != Filing.State.RETURNED:
        raise Refusal(_("这条任职已经报送。"), code="reported")
    row = follow(act, held, last.about if last else Filing.About.APPOINTED)
    if row is None:
        raise Refusal(_("这个职务不用备案。"), code="unfiled")
    return row


@action("registry.file_post", title=_("备案任职"))
def file(act: Act, filing: Filing, *, number: str, on: date | None = None) -> Filing:
    """Record a holder under a number and a day; of two at once one records, the other is told."""
    row = _locked(filing, Filing.State.WAITING)
    _numbered(act, row, number, on)
    tasks.finish(act, row, FILE)
    _answer(act, row, notices.POST_FILED.code)
    return row


@action("registry.correct_filing", title=_("更正备案号和日期"))
def correct(act: Act, filing: Filing, *, number: str, on: date | None = None) -> Filing:
    """Mend the number or the day of what is filed; the former ones stay in the history."""
    row = _locked(filing, Filing.State.FILED)
    _numbered(act, row, number, on)
    return row


@action("registry.return_filing", title=_("退回任职备案"))
def hand_back(act: Act, filing: Filing, *, reason: str) -> Filing:
    """Give a holder back to whoever reported it, with the reason; a task of theirs until it is reported anew."""
    row = _locked(filing, Filing.State.WAITING)
    why = rows.said(reason, "reason", 200, _("退回理由"))
    rows.changed(row, {"state": Filing.State.RETURNED, "reason": why})
    tasks.finish(act, row, FILE)
    title, area = row.holding.organisation.name, row.area_id
    post = "" if row.by else REPORTER
    tasks.add(act, row, kind=MEND, title=title, area=area, account=row.by, post=post)
    _answer(act, row, notices.POST_RETURNED.code)
    return row


def _locked(filing: Filing, state: str) -> Filing:
    found = Filing.objects.select_for_update(of=("self",)).filter(pk=filing.pk)
    row = found.select_related("holding__organisation").first()
    if row is None:
        raise Refusal(_("找不到这一件备案，或不在您的范围内。"), code="gone")
    if row.state != state:
        raise Refusal(NOT_NOW[Filing.State(row.state)], code="state")
    return row


def _numbered(act: Act, row: Filing, number: str, on: date | None) -> None:
    day = rows.past_day(act, on, "on")
    if day.year < FIRST_YEAR:
        raise Refusal(_("日期不对，请核对。"), field="on", code="year")
    kept = {"number": rows.said(number, "number", 60, _("备案号")), "on": day, "reason": ""}
    rows.changed(row, {**kept, "state": Filing.State.FILED})


def _answer(act: Act, row: Filing, code: str) -> None:
    """Tell whoever reported it; what was found at night is told to the community's head."""
    people = [row.by] if row.by else clerks_of(row.area_id, rows.today(act), [REPORTER])
    tell(act, people, code, row, {"place": row.holding.organisation.name})


@action("registry.report_posts", title=_("补报任职备案"), guard=False)
def report_all(act: Act) -> int:
    """Report who came in by an import, or whose term ran out, and was not reported yet; returns how many."""
    day = rows.today(act)
    filings = Filing.objects.filter(holding=OuterRef("pk"))
    asked = Holding.objects.filter(post__in=kinds.filed_posts())
    asked = asked.select_related("organisation__parent").order_by("pk")
    fresh = asked.filter(present(day), ~Exists(filings))
    over = asked.filter(
        Q(until__lte=day), Exists(filings), ~Exists(filings.filter(about=Filing.About.ENDED))
    )
    done: list[Any] = [
        follow(act, each, about, told=False)
        for found, about in ((fresh, Filing.About.APPOINTED), (over, Filing.About.ENDED))
        for each in list(found)
    ]
    reported = sum(each is not None for each in done)
    note(count=reported)
    return reported
