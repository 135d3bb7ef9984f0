"""Writes of notices: tell people, mark read, choose channels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import validate_email
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, Refusal, Span, action, crossing
from linli.kernel.notices.kinds import kind_of
from linli.kernel.notices.models import Mailbox, Notice, Preference

# No RETURNING: a notice is visible to its reader only, not to the one who caused it.
_TELL = """
INSERT INTO notices_notice
    (account, area, kind, subject_type, subject_id, params, urgent, robot, created, planned)
SELECT told.account, %s, %s, %s, %s, %s::jsonb, %s, %s AND told.place = 1, %s, false
FROM unnest(%s::bigint[]) WITH ORDINALITY AS told(account, place)
"""


def tell(
    act: Act,
    accounts: Iterable[int],
    kind: str,
    subject: models.Model | None = None,
    params: Mapping[str, Any] | None = None,
) -> int:
    """Put a notice into the inbox of every named account (one statement); returns how many.

    Part of the verb or listener that calls it: it leaves no fact of its own. The one who acts is not told.
    """
    told = sorted({account for account in accounts if account > 1 and account != act.actor})
    if not told:
        return 0
    spec = kind_of(kind)
    area = _area(subject)
    values = [
        area,
        kind,
        subject._meta.label_lower if subject is not None else "",
        subject.pk if subject is not None else 0,
        json.dumps(dict(params or {}), cls=DjangoJSONEncoder, ensure_ascii=False, default=str),
        spec.urgent,
        spec.robot,
        act.at,
        told,
    ]
    with crossing(Span(area, area + 1)), connection.cursor() as cursor:
        cursor.execute(_TELL, values)
    return len(told)


def _area(subject: models.Model | None) -> int:
    for name in ("area_id", "area"):
        value = getattr(subject, name, None)
        if isinstance(value, int):
            return value
    return 0


def mark_read(act: Act, pk: int) -> bool:
    """Mark one notice of one's own as read; tells whether it was unread."""
    mine = Notice.objects.filter(pk=pk, account=act.actor, read_at__isnull=True)
    return mine.update(read_at=act.at) > 0


def mark_all_read(act: Act) -> int:
    """Mark every notice of one's own as read; returns how many were unread."""
    return Notice.objects.filter(account=act.actor, read_at__isnull=True).update(read_at=act.at)


@action("notices.choose", title=_("设置消息方式"), codes=("kind", "sms", "email"), guard=False)
def choose(act: Act, *, kind: str = "", sms: bool = True, email: bool = True) -> None:
    """Choose for oneself by which channels a kind arrives (empty: every kind not chosen apart)."""
    _signed_in(act)
    Preference.objects.update_or_create(
        account=act.actor, kind=kind, defaults={"sms": sms, "email": email}
    )


@action("notices.set_mailbox", title=_("设置收信邮箱"), guard=False)
def set_mailbox(act: Act, *, address: str) -> None:
    """Say where one wants e-mail; empty takes it back."""
    _signed_in(act)
    plain = address.strip()
    if not plain:
        Mailbox.objects.filter(account=act.actor).delete()
        return
    try:
        validate_email(plain)
    except ValidationError:
        raise Refusal(_("邮箱地址不完整，请核对。"), field="address", code="email") from None
    Mailbox.objects.update_or_create(account=act.actor, defaults={"address": plain})


def _signed_in(act: Act) -> None:
    if not act.signed_in:
        raise Refusal(_("请先登录。"), code="signed-out")
