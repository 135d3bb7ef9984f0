"""Tags on people: only what the pack knows, on a basis, for a purpose, until a day; sensitive ones by permission."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Mark, Person
from linli.capabilities.registry.policy import RegistryPolicy, Tag
from linli.capabilities.registry.rules.days import months_after, not_before
from linli.capabilities.registry.rules.people import age_on, tag_visible
from linli.capabilities.registry.services.batches import by_hand
from linli.capabilities.registry.services.corrections import home_area
from linli.capabilities.registry.services.people import alive, locked, ours
from linli.capabilities.registry.services.rows import not_born, past_day, today
from linli.capabilities.registry.services.undoing import one_deed
from linli.capabilities.registry.verbs import SENSITIVE
from linli.kernel.acts import Act, Denied, Refusal, action
from linli.kernel.policy import current

BASIS_MOST = 200


@action("registry.mark", title=_("添加标签"), codes=("source",))
def mark(
    act: Act,
    *,
    person: Person,
    code: str,
    basis: str = "",
    since: date | None = None,
    source: str = "window",
) -> Mark:
    """Put a tag of the pack on somebody; its purpose and its end follow from the tag.

    The fact is about the mark, not the person: whoever may not see a sensitive mark learns of none.
    """
    policy = current().section(RegistryPolicy)
    tag = policy.tag_by_code.get(code)
    if tag is None:
        raise Refusal(_("请选择标签。"), field="code", code="no-tag")
    _permitted(act, tag)
    row = locked(person)
    ours(row)
    alive(row)
    day = past_day(act, since)
    not_born(row, day)
    _fits(row, tag, day)
    until = _end(tag, day, today(act))
    in_force = Q(until__isnull=True) | Q(until__gt=day)
    if Mark.objects.filter(in_force, person=row, code=code).exists():
        raise Refusal(_("这个标签已经在了。"), field="code", code="marked")
    return Mark.objects.create(
        person=row,
        account_id=row.account_id,
        area_id=home_area(act, row),
        code=code,
        sensitive=tag.is_sensitive,
        basis=(basis.strip() or str.__str__(tag.basis))[:BASIS_MOST],
        purpose=tag.purpose,
        since=day,
        until=until,
        sources={"*": by_hand(act, source).pk},
    )


def _permitted(act: Act, tag: Tag) -> None:
    cleared = act.sensitive and act.may(SENSITIVE.code)
    if not tag_visible(
        sensitive=tag.is_sensitive, may_sensitive=cleared, roles=tag.seen_by, held=act.roles
    ):
        raise Denied(_("这个标签须由有权限的人员添加。"))


def _fits(person: Person, tag: Tag, day: date) -> None:
    if tag.ages is None or person.born is None:
        return
    youngest, oldest = tag.ages
    if not youngest <= age_on(person.born, day) <= oldest:
        raise Refusal(
            _("此人的年龄不符合“%(tag)s”。") % {"tag": tag.title}, field="code", code="age"
        )


def _end(tag: Tag, since: date, today: date) -> date | None:
    """Until when a tag holds by itself; one that would have ended by now is refused: nobody would see it."""
    until = months_after(since, tag.valid_months) if tag.valid_months else None
    if until is not None and until <= today:
        raise Refusal(
            _("“%(tag)s”有效 %(months)s 个月，从这一天算起 %(until)s 就已到期，请核对日期。")
            % {"tag": tag.title, "months": tag.valid_months, "until": until.isoformat()},
            field="since",
            code="over",
        )
    return until


@action("registry.unmark", title=_("取消标签"), keep=("reason",), codes=("mistake",))
def unmark(
    act: Act, mark: Mark, *, reason: str, on: date | None = None, mistake: bool = False
) -> Mark:
    """End a mark on a day, with the reason; one that was given by mistake held on no day."""
    row = Mark.objects.select_for_update(of=("self",)).filter(pk=mark.pk).first()
    if row is None:
        raise Refusal(_("找不到这个标签，或不在您的范围内。"), code="gone")
    day = row.since if mistake else past_day(act, on, "on")
    if row.until is not None and row.until <= day:
        raise Refusal(_("这个标签已经取消。"), code="ended")
    if not reason.strip():
        raise Refusal(_("请写明取消的原因。"), field="reason", code="reason")
    not_before(day, row.since)
    with one_deed():
        row.until = day
        row.save(update_fields=["until"])
    return row
