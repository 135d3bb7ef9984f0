"""Work on the burden: begun, filled step by step, ended when nothing is lacking (R061, R083, R085, R086, R089, R099)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Step, Work
from linli.capabilities.admission.rules import Stopped
from linli.capabilities.admission.rules.gate import given_away
from linli.capabilities.admission.rules.works import Mark, again, draw, lacking, weight
from linli.capabilities.admission.selectors import burden
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.gate import Turned
from linli.capabilities.admission.services.rows import (
    locked,
    said,
    today,
    unit_coded,
    unit_of,
    waiting,
)
from linli.kernel.access import offices
from linli.kernel.access.models import Unit
from linli.kernel.acts import EVERYWHERE, Act, Denied, Refusal, action, crossing, note
from linli.kernel.calendar import SHANGHAI
from linli.kernel.files.services import check, keep
from linli.kernel.measures import months
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.kernel.tasks import services as tasks
from linli.ui.spoken import Spoken

DUTY, RECTIFY, OPINION = "admission.duty", "admission.rectify", "admission.opinion"
# Kept as they are written, whoever begins the work; said in the reader's language.
RECTIFIED_WITHIN = timedelta(days=366)
LISTS = (Spoken("依法履职事项清单公布"), Spoken("协助政府事项清单公布"))
LEGAL_OPINION = Spoken("合法性审查意见")
LACKING = {
    "lists": _("两份清单还没有都公布。"),
    "agreements": _("还有社区没有签协议。"),
    "weights": _("并入的指标权重加起来要正好 100，现在是 %(weight)s；可以点指标重新定权重。"),
    "findings": _("还有社区没有查，或者问题没有改完。"),
}
SAMPLE_MOST = 200


@dataclass(frozen=True, slots=True)
class Begun:
    """What is begun: the kind and what it says; what a kind does not need stays empty."""

    kind: str
    title: str
    basis: str = ""
    number: str = ""
    year: int | None = None
    start: date | None = None
    end: date | None = None
    every: str = ""
    adds: bool | None = None
    measure: str = ""
    target: int | None = None
    sample: int = 0


@action("admission.begin", title=_("开始一项减负工作"), codes=())
def begin(act: Act, *, begun: Begun) -> Work:
    """Begin a work with the steps its kind has; a department's own appraisal of communities is refused (R083)."""
    unit = unit_of(act)
    _granted(act, begun.kind, "begins")
    day = begun.start or today(act)
    _sane(act, begun, unit)
    if begun.kind == "appraisal":
        _no_veto(begun.title, begun.basis)
    row = Work.objects.create(
        kind=begun.kind,
        area_id=unit.area_id,
        unit=unit,
        title=said(begun.title, "title", 120, _("名称")),
        basis=begun.basis.strip()[:200],
        number=begun.number.strip()[:60],
        year=(begun.year or day.year) if begun.kind == "appraisal" else None,
        start=day,
        end=begun.end,
        every=begun.every,
        adds=begun.adds,
        measure=begun.measure,
        target=begun.target,
        baseline=_baseline(act, begun, unit, day) if begun.kind == "campaign" else None,
        by=act.actor,
        made=act.at,
    )
    _steps(act, row, begun)
    note(kind=row.kind)
    return row


def _granted(act: Act, kind: str, step: str) -> None:
    found = section().work_by_code.get(kind)
    if found is None:
        raise Refusal(_("没有这一类工作。"), field="kind", code="kind")
    if set(getattr(found, step)) & set(act.roles):
        return
    if kind == "appraisal" and step == "begins":
        raise Turned(section(), Stopped("forbidden", "N08"))
    raise not_yours(kind)


def _sane(act: Act, begun: Begun, unit: Unit) -> None:
    waiting(f"work:{begun.kind}:{unit.area_id}")
    held = Work.objects.filter(kind=begun.kind, area_id=unit.area_id)
    year = begun.year or today(act).year
    if begun.kind == "appraisal" and held.filter(year=year).exists():
        raise Refusal(_("这一年已经有统一考核，请把指标并进去。"), field="year", code="unified")
    if begun.kind == "interaction" and held.exists():
        raise Refusal(_("本街道已经建过政社互动。"), code="twice")
    if begun.kind == "document" and begun.adds is None:
        raise Refusal(_("请先答是不是给社区增加义务。"), field="adds", code="required")
    if begun.kind == "duty" and not begun.every:
        raise Refusal(_("请选多久一次。"), field="every", code="required")
    if begun.kind == "campaign" and not (begun.measure and begun.target):
        field = "target" if begun.measure else "measure"
        raise Refusal(_("请选减什么、减多少。"), field=field, code="required")
    if begun.end and begun.end < (begun.start or today(act)):
        raise Refusal(_("结束日期早于开始日期。"), field="end", code="order")


def _baseline(act: Act, begun: Begun, unit: Unit, day: date) -> Decimal:
    """The month before a campaign, as the burden index counted it (R089)."""
    before = months(day, 2)[0]
    found = burden.index(act, before, places.area(unit.area_id), 1)[0].load
    return Decimal(getattr(found, begun.measure))


def _steps(act: Act, row: Work, begun: Begun) -> None:
    below = _below(row.area_id)
    if row.kind == "interaction":
        _add(row, [(row.area_id, "list", title) for title in LISTS])
        for kind in ("agreement", "street_rates", "community_rates"):
            _add(row, [(area.pk, kind, area.name) for area in below])
    elif row.kind == "supervision":
        count = max(1, min(begun.sample or 5, SAMPLE_MOST))
        names = {area.pk: area.name for area in below}
        seed = f"{row.pk}:{row.start}"
        _add(row, [(key, "sample", names[key]) for key in draw(list(names), count, seed)], row.end)
    elif row.kind == "duty":
        (step,) = _add(row, [(row.area_id, "duty", row.title)], row.start)
        _todo(act, step, DUTY, row.title, row.unit_id)
    elif row.kind == "document" and row.adds:
        (step,) = _add(row, [(row.area_id, "opinion", LEGAL_OPINION)], row.end)
        reviewer = unit_coded(section().offices.review, _("合法性审查单位"))
        step.unit = reviewer
        with crossing(EVERYWHERE):
            step.save(update_fields=["unit"])
        _todo(act, step, OPINION, row.title, reviewer.pk)


def _below(area: int) -> list[Area]:
    return [a for a in places.descendants(area, Level.COMMUNITY) if a.until is None]


def _add(row: Work, lines: Sequence[tuple[int, str, str]], due: date | None = None) -> list[Step]:
    rows = [
        Step(
            work=row,
            area_id=area,
            kind=kind,
            title=title[:200],
            due=due,
            unit_id=row.unit_id,
            owner_id=row.unit_id,
        )
        for area, kind, title in lines
    ]
    with crossing(EVERYWHERE):
        return Step.objects.bulk_create(rows, batch_size=1000)


def _todo(act: Act, step: Step, kind: str, title: str, unit: int | None) -> None:
    due = datetime.combine(step.due, time(17, 30), SHANGHAI) if step.due else None
    tasks.add(act, step, kind=kind, title=title[:200], area=step.area_id, unit=unit, due=due)


@action("admission.propose", title=_("申报考核指标"), codes=())
def propose(act: Act, work: Work, *, title: str, weight: Decimal, source: str) -> Step:
    """A department asks for its indicator to be merged into the one appraisal; it has no appraisal of its own (R083)."""
    row = locked(Work, work.pk)
    if row.kind != "appraisal" or row.state != Work.State.OPEN:
        raise Refusal(_("考核已经定了，不能再加指标。"), code="state")
    if not 0 < weight <= 100:
        raise Refusal(_("权重请填 1 到 100。"), field="weight", code="number")
    unit, words = unit_of(act), said(source, "source", 500, _("从哪里取数"))
    name = said(title, "title", 200, _("指标名称"))
    _no_veto(name, words)
    with crossing(EVERYWHERE):
        return Step.objects.create(
            work=row,
            area_id=row.area_id,
            unit=unit,
            owner_id=row.unit_id,
            kind="indicator",
            title=name,
            value=weight,
            words=words,
        )


def _no_veto(*texts: str) -> None:
    """Refuse an appraisal that says, anywhere, that one thing decides all of it (R084)."""
    veto = next(each for each in section().forbidden if each.clause == "veto")
    if any(given_away(veto, text) for text in texts):
        raise Turned(section(), Stopped("veto"))


@action("admission.fill", title=_("登记一步"), codes=())
def fill(
    act: Act,
    step: Step,
    *,
    words: str,
    value: Decimal | None = None,
    due: date | None = None,
    evidence: UploadedFile[Any] | None = None,
) -> Step:
    """Do one step: with words, a number where its kind has one, perhaps a picture; what follows from it is asked for.

    A finding with a deadline becomes something to put right in that community (R085); a duty comes again (R099).
    """
    row = locked(Step, step.pk)
    work = row.work
    # What was merged into the one appraisal is weighed again until the whole is a hundred.
    again_ = row.kind == "indicator" and work.state == Work.State.OPEN
    if row.done and not again_ or work.state != Work.State.OPEN and work.kind != "interaction":
        raise Refusal(_("这一步已经办过。"), code="state")
    _granted(act, work.kind, "fills")
    _may(act, row)
    if row.kind.endswith("_rates") and (value is None or not 0 <= value <= 100):
        raise Refusal(_("请打 0 到 100 分。"), field="value", code="number")
    if due is not None and not today(act) <= due <= today(act) + RECTIFIED_WITHIN:
        raise Refusal(_("整改期限要在今天以后、一年以内。"), field="due", code="order")
    row.words = said(words, "words", 500, _("情况"))
    if row.kind == "indicator":
        _no_veto(row.words)
    row.value = row.value if value is None else value
    row.done, row.by = act.at, act.actor
    row.save(update_fields=["words", "value", "done", "by"])
    if evidence is not None:
        keep(act, check(evidence, "evidence"), owner=row, purpose="evidence")
    tasks.finish(act, row)
    _follows(act, work, row, due)
    note(work=work.pk, step=row.kind)
    return row


COMMUNITY = frozenset({"community_rates", "rectify"})


def _may(act: Act, row: Step) -> None:
    """Each side its own step: what communities say is said by them, what is found by whoever looks."""
    unit = unit_of(act)
    own = unit.kind == offices.COMMITTEE
    mine = row.kind in COMMUNITY or row.work.kind == "duty"
    if (row.kind in COMMUNITY) != own and not (row.work.kind == "duty" and row.unit_id == unit.pk):
        raise Refusal(_("这一步由另一方来办。"), code="not-yours")
    if mine and not act.sees(row.area_id):
        raise Refusal(_("这一步不在您的范围内。"), code="not-yours")


@action("admission.recur", title=_("定期工作再次到期"), codes=())
def recur(act: Act) -> int:
    """Put the next time of each duty whose last was missed on the list, beside what was missed; returns how many."""
    newest = Step.objects.filter(work=OuterRef("pk"), kind="duty").order_by("-due", "-pk")
    open_ = Work.objects.filter(kind="duty", state=Work.State.OPEN)
    last = open_.annotate(last=Subquery(newest.values("pk")[:1])).values("last")
    missed = Step.objects.filter(pk__in=last, done=None, due__lt=today(act))
    rows = list(missed.select_for_update(of=("self",)).select_related("work"))
    found = [row.pk for row in rows if _recurs(act, row)]
    note(steps=found)
    return len(found)


def _recurs(act: Act, row: Step) -> bool:
    """The next time of a duty, unless it stands there already or the duty ends before."""
    work = row.work
    day = again(row.due or today(act), work.every, today(act))
    later = Step.objects.filter(work=work, kind="duty", due__gt=row.due or day)
    if work.end is not None and day > work.end or later.exists():
        return False
    (step,) = _add(work, [(row.area_id, "duty", work.title)], day)
    _todo(act, step, DUTY, work.title, work.unit_id)
    return True


def _follows(act: Act, work: Work, row: Step, due: date | None) -> None:
    if row.kind == "duty":
        _recurs(act, row)
    if row.kind == "sample" and due is not None:
        (step,) = _add(work, [(row.area_id, "rectify", row.words)], due)
        committee = offices.unit_over(row.area_id, offices.COMMITTEE)
        _todo(act, step, RECTIFY, row.words, committee.pk if committee else None)


def may_end(act: Act, work: Work) -> bool:
    """Whether the actor ends this work; a document without duties is ended by whoever registers such."""
    kind = section().work_by_code[work.kind]
    roles = kind.begins if work.kind == "document" and not work.adds else kind.ends
    return act.may("admission.conclude") and bool(set(roles) & set(act.roles))


def not_yours(kind: str) -> Denied:
    """What whoever's post does not do this step is told."""
    title = section().work_by_code[kind].title
    return Denied(_("“%(title)s”这一步不由您的岗位办。") % {"title": title})


@action("admission.conclude", title=_("结束一项减负工作"), keep=("result",), codes=("upheld",))
def conclude(act: Act, work: Work, *, result: str, number: str = "", upheld: bool = True) -> Work:
    """End a work: only when nothing is lacking; a document that adds duties only with its legal opinion (R086)."""
    row = locked(Work, work.pk)
    if row.state != Work.State.OPEN:
        raise Refusal(_("这项工作已经结束。"), code="state")
    if not may_end(act, row):
        raise not_yours(row.kind)
    with crossing(EVERYWHERE):
        steps = list(Step.objects.filter(work=row))
    marks = [Mark(s.kind, s.done is not None, s.value) for s in steps]
    if found := lacking(row.kind, marks):
        raise Refusal(LACKING[found] % {"weight": f"{weight(marks).normalize():f}"}, code=found)
    if row.kind == "supervision" and not number.strip():
        raise Refusal(_("请填写通报文号。"), field="number", code="required")
    row.result = said(result, "result", 1000, _("结论"))
    row.number = number.strip()[:60] or row.number
    row.state = Work.State.CLOSED if upheld else Work.State.RETURNED
    row.closed = act.at
    with crossing(EVERYWHERE):
        row.save(update_fields=["result", "number", "state", "closed"])
        Step.objects.filter(work=row, kind="opinion", done=None).update(
            done=act.at, by=act.actor, words=row.result[:500]
        )
    tasks.finish_many(act, "admission.step", [step.pk for step in steps])
    return row
