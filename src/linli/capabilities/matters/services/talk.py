"""Between the resident and the office: ask, answer, urge, rate, reopen."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Evidence, Follower, Matter, Message, PublicMatter
from linli.capabilities.matters.services.move import advance, attach, lock, save
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.calendar import SHANGHAI, Term, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.files.examine import Clean

WORDS_MOST = 1000


def _speak(act: Act, matter: Matter, side: Message.Side, body: str) -> Message:
    text = body.strip()
    if not text:
        raise Refusal(_("请写下要说的话。"), field="body", code="empty")
    if len(text) > WORDS_MOST:
        raise Refusal(_("最多 %(most)s 字。") % {"most": WORDS_MOST}, field="body", code="too-long")
    return Message.objects.create(
        matter=matter, side=side, account_id=act.actor or None, body=text, at=act.at
    )


def _side(act: Act, matter: Matter) -> Message.Side:
    own = act.actor and act.actor == matter.reporter_id
    if own or (act.key and act.key == matter.visitor):
        return Message.Side.RESIDENT
    return Message.Side.OFFICE


@action("matters.message", title=_("留言"), codes=("internal",))
def message(
    act: Act,
    matter: Matter,
    *,
    body: str,
    internal: bool = False,
    files: tuple[Clean, ...] = (),
) -> Matter:
    """Say something to the other side, or leave a remark that only the office reads."""
    held = advance(act, matter, "matters.message")
    side = _side(act, held)
    if internal and side is Message.Side.OFFICE:
        side = Message.Side.INTERNAL
    _speak(act, held, side, body)
    saved = save(act, held)
    attach(act, saved, files, Evidence.Use.MESSAGE)
    note(side=side.value)
    return saved


@action("matters.contact", title=_("已联系反映人"), keep=("words",))
def contact(act: Act, matter: Matter, *, words: str = "") -> Matter:
    """Note that the resident has been spoken to (the hotline's contact deadline)."""
    return save(act, advance(act, matter, "matters.contact"))


@action("matters.ask", title=_("请居民补充"), keep=("reason",))
def ask(act: Act, matter: Matter, *, reason: str) -> Matter:
    """Ask the resident for something; the clock rests until the answer."""
    held = advance(act, matter, "matters.ask", question=reason)
    _speak(act, held, Message.Side.OFFICE, reason)
    return save(act, held)


@action("matters.answer", title=_("补充说明"))
def answer(act: Act, matter: Matter, *, body: str, files: tuple[Clean, ...] = ()) -> Matter:
    """Give what was asked for; the clock goes on."""
    held = advance(act, matter, "matters.answer", answer=body.strip())
    _speak(act, held, _side(act, held), body)
    saved = save(act, held)
    attach(act, saved, files, Evidence.Use.MESSAGE)
    return saved


@action("matters.urge", title=_("催办"), keep=("words",))
def urge(act: Act, matter: Matter, *, words: str = "") -> Matter:
    """Remind the holder; at most once a day."""
    held = lock(matter)
    last = held.position.get("done", {}).get("matters.urge", {}).get("at")
    if last and timezone.localdate(datetime.fromisoformat(last)) == timezone.localdate(act.at):
        raise Refusal(_("今天已经催过了，承办人会看到。"), code="urged-today")
    held = advance(act, matter, "matters.urge")
    held.urged += 1
    if words.strip():
        _speak(act, held, _side(act, held), words)
    return save(act, held)


@action("matters.withdraw", title=_("撤回"), keep=("reason",))
def withdraw(act: Act, matter: Matter, *, reason: str = "") -> Matter:
    """Take a matter back."""
    return save(act, advance(act, matter, "matters.withdraw", reason=reason or _("反映人撤回")))


@action("matters.rate", title=_("评价"), codes=("value", "solved"), keep=("words",))
def rate(
    act: Act, matter: Matter, *, value: int, solved: bool | None = None, words: str = ""
) -> Matter:
    """Say how satisfied one is with a closed matter; once, within the term of the pack."""
    held = advance(act, matter, "matters.rate")
    policy = clocks.policy_of(held)
    grade = next((g for g in policy.ratings.grades if g.value == value), None)
    if grade is None:
        raise Refusal(_("请选择一个满意程度。"), field="value")
    if grade.reason_needed and not words.strip():
        raise Refusal(_("请说说哪里不满意，我们会据此改进。"), field="words")
    if held.rating is not None:
        raise Refusal(_("已经评价过了，谢谢。"), code="rated")
    _within(act, held, policy.clock.rate.term, _("评价期已过。"))
    held.rating, held.solved, held.rated = value, solved, act.at
    held.rating_words = words.strip()[:300]
    return save(act, held)


@action("matters.reopen", title=_("没解决，重新办理"), keep=("reason",))
def reopen(act: Act, matter: Matter, *, reason: str, files: tuple[Clean, ...] = ()) -> Matter:
    """Bring a closed matter back because it is not solved: a new round, with photos of how it looks now."""
    held = lock(matter)
    closed = held.closed
    held = advance(act, matter, "matters.reopen", reason=reason)
    held.closed = closed
    _within(
        act,
        held,
        clocks.policy_of(held).clock.reopen.term,
        _("已超过可以重新办理的期限，请另行提交。"),
    )
    held.closed = held.handled = None
    held.on_time = held.rating = held.rated = held.solved = None
    held.outcome, held.rating_words = "", ""
    saved = save(act, held)
    attach(act, saved, files, Evidence.Use.REPORT)
    return saved


def _within(act: Act, matter: Matter, term: Term, words: object) -> None:
    if matter.closed is None:
        return
    end = due_at(matter.closed, term, calendar(), office(), SHANGHAI)
    if end is not None and act.at > end:
        raise Refusal(str(words), code="too-late")


@action("matters.follow", title=_("我也遇到"), guard=False)
def follow(act: Act, *, number: int) -> Follower:
    """Join a neighbour's open matter instead of reporting the same thing again."""
    if not act.signed_in:
        raise Refusal(_("请先登录，办结时我们会告诉您。"), code="sign-in")
    shown = PublicMatter.objects.filter(pk=number, closed__isnull=True)
    if not shown.exists():
        raise Refusal(_("这件诉求已经办结或不公开，请直接提交您的诉求。"), code="not-public")
    kept, made = Follower.objects.get_or_create(
        matter_id=number, account_id=act.actor, defaults={"at": act.at}
    )
    if made:
        shown.update(followers=F("followers") + 1)
    note(matter=number)
    return kept
