"""Accept, handle, verify, close: the middle of a matter's life (R132)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Evidence, Matter
from linli.capabilities.matters.rules import entry_of
from linli.capabilities.matters.services.move import advance, attach, lock, save
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.files.examine import Clean
from linli.kernel.flow import load


@action("matters.accept", title=_("受理"))
def accept(act: Act, matter: Matter) -> Matter:
    """Take a matter on: it lies with your post, and from now on the clock is yours."""
    held = advance(act, matter, "matters.accept")
    held.accepted = held.accepted or act.at
    held.assignee_id, held.post = act.actor, act.post or held.post
    held.receiver_id = held.receiver_id or act.actor
    return save(act, held)


@action("matters.refuse", title=_("不予受理"), keep=("reason",))
def refuse(act: Act, matter: Matter, *, reason: str) -> Matter:
    """Decline a matter, with a reason that the resident reads."""
    return save(act, advance(act, matter, "matters.refuse", reason=reason))


@action("matters.handle", title=_("办理完成"), keep=("outcome",), codes=("result",))
def handle(
    act: Act, matter: Matter, *, outcome: str, result: str = "solved", files: tuple[Clean, ...] = ()
) -> Matter:
    """Report the work as done, with what was done and evidence of it."""
    held = advance(
        act, matter, "matters.handle", outcome=outcome, evidence=[f.name for f in files] or None
    )
    held.handled, held.handler_id, held.outcome = act.at, act.actor, result
    saved = save(act, held)
    attach(act, saved, files, Evidence.Use.HANDLE)
    return saved


@action("matters.verify", title=_("核实通过"), keep=("words",), codes=("cause",))
def verify(
    act: Act,
    matter: Matter,
    *,
    words: str = "",
    cause: str | None = None,
    files: tuple[Clean, ...] = (),
) -> Matter:
    """Confirm on the spot that it is solved; never by whoever handled it."""
    held = save(act, advance(act, matter, "matters.verify"))
    attach(act, held, files, Evidence.Use.VERIFY)
    return held


@action("matters.rework", title=_("退回重办"), keep=("reason",))
def rework(act: Act, matter: Matter, *, reason: str, files: tuple[Clean, ...] = ()) -> Matter:
    """Send the work back: a new round begins, the old evidence stays."""
    held = advance(act, matter, "matters.rework", reason=reason)
    held.handled, held.outcome = None, ""
    saved = save(act, held)
    attach(act, saved, files, Evidence.Use.VERIFY)
    return saved


@action("matters.close", title=_("结案"), keep=("words",), codes=("cause",))
def close(act: Act, matter: Matter, *, words: str = "", cause: str | None = None) -> Matter:
    """Close a matter; the resident is then asked to rate it."""
    held = advance(act, matter, "matters.close", outcome=words or "closed")
    held.closed = act.at
    return save(act, held)


@action("matters.merge", title=_("并案"), codes=("into",), keep=("reason",))
def merge(act: Act, matter: Matter, *, into: int, reason: str = "") -> Matter:
    """Close a matter as the same thing as another open one; its reporter follows that one."""
    if into == matter.pk:
        raise Refusal(_("不能并入自己。"), field="into")
    target = Matter.objects.filter(pk=into, duplicate_of__isnull=True).first()
    if target is None or target.closed is not None:
        raise Refusal(_("要并入的诉求不存在、不在您的范围内或已办结。"), field="into")
    held = advance(act, matter, "matters.merge", reason=reason or _("重复反映"))
    held.duplicate_of, held.closed = target, act.at
    return save(act, held)


@action("matters.reclassify", title=_("调整类别"), codes=("code",), keep=("reason",))
def reclassify(act: Act, matter: Matter, *, code: str, reason: str) -> Matter:
    """Put a matter under another class; its promise is counted anew from its beginning."""
    held = advance(act, matter, "matters.reclassify", reason=reason)
    entry = entry_of(clocks.policy_of(held), code)
    if entry is None or not entry.open:
        raise Refusal(_("请选择一个在用的类别。"), field="code")
    note(was_code=held.code)
    held.code = code
    held.kind = Matter.Kind.EVENT if hasattr(entry, "emergency") else Matter.Kind.ITEM
    held.restricted = getattr(entry, "restricted", False)
    held.emergency = getattr(entry, "emergency", False)
    clocks.set_clocks(held, load(held.position), act.at)
    return save(act, held)


@action("matters.reach", title=_("完成阶段"), codes=("stage",))
def reach(act: Act, matter: Matter, *, stage: str) -> Matter:
    """Note that one of the staged deadlines of a class has been met."""
    held = lock(matter)
    if f"matters.reach.{stage}" not in clocks.flow(held).actions:
        raise Refusal(_("没有这个阶段。"), field="stage")
    return save(act, advance(act, matter, f"matters.reach.{stage}"))
