"""What people say to a public notice, and the recorded answers (R066)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Application, Comment, PublicNotice
from linli.capabilities.admission.services.rows import locked, said, waiting
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note
from linli.kernel.tasks import services as tasks

MOST_WAITING = 3
PRESSED_TWICE = timedelta(minutes=1)
REPLY = "admission.reply"


@action("admission.comment", title=_("对公示提意见"))
def comment(act: Act, *, application: int, words: str) -> Comment:
    """Say something to a notice while it is open; signed in or not, it is answered and then public without a name."""
    notice = PublicNotice.objects.filter(application=application).first()
    if notice is None:
        raise Refusal(_("没有这条公示。"), code="gone")
    if not notice.open or act.at > notice.until:
        raise Refusal(_("公示已经结束，不再收意见。"), code="closed")
    text = said(words, "words", 500, _("意见"))
    note(application=application)
    waiting(f"comment:{application}")
    with crossing(EVERYWHERE):
        account = act.actor or None
        mine = Comment.objects.filter(application_id=application, account=account)
        just = mine.filter(words=text, at__gt=act.at - PRESSED_TWICE).first()
        if just is not None:
            return just
        if account and mine.filter(replied=None).count() >= MOST_WAITING:
            raise Refusal(_("您已经提过几条意见了，请等答复。"), field="words", code="many")
        made = Comment.objects.create(
            application_id=application, account=account, words=text, at=act.at
        )
        applied = Application.objects.get(pk=application)
    tasks.add(act, made, kind=REPLY, title=notice.title, area=applied.area_id, unit=applied.unit_id)
    return made


@action("admission.reply", title=_("答复意见"))
def reply(act: Act, comment: Comment, *, words: str) -> Comment:
    """Answer a comment; question and answer then stand on the public page."""
    row = locked(Comment, comment.pk)
    applied = Application.objects.get(pk=row.application_id)
    if act.unit not in (applied.unit_id, applied.reviewer_id):
        raise Refusal(_("由申请单位或审查单位答复。"), code="not-yours")
    if row.replied is not None:
        raise Refusal(_("这条意见已经答复。"), code="replied")
    row.reply, row.replied = said(words, "words", 500, _("答复")), act.at
    row.save(update_fields=["reply", "replied"])
    tasks.finish(act, row)
    notice = PublicNotice.objects.select_for_update().get(application=row.application_id)
    told = {"words": row.words, "reply": row.reply, "at": timezone.localdate(row.at).isoformat()}
    notice.replies = [*notice.replies, told]
    notice.save(update_fields=["replies"])
    return row
