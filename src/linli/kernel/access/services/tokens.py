"""Keys of machine clients: issue one, take it back."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from linli.kernel.access.models import Account, ApiToken, Appointment
from linli.kernel.access.tokens import PREFIX, digest_of
from linli.kernel.acts import Act, Refusal, action, note

DAYS_MOST = 730


def new_key() -> str:
    """A fresh key, to be shown once."""
    return PREFIX + secrets.token_urlsafe(32)


@action("access.issue_token", title=_("签发接口令牌"), codes=("days",))
def issue_token(
    act: Act, account: Account, *, name: str, key: str, hat: int | None = None, days: int = 365
) -> ApiToken:
    """Let a machine act as an account under one of its hats (its first when none is named), for so many days."""
    if not name.strip():
        raise Refusal(_("请写明令牌的用途。"), field="name")
    if not 0 < days <= DAYS_MOST:
        raise Refusal(_("有效期为 1 至 %(n)s 天。") % {"n": DAYS_MOST}, field="days")
    posts = Appointment.objects.filter(account=account, until=None).order_by("id")
    worn = posts.filter(pk=hat).first() if hat else posts.first()
    if hat and worn is None:
        raise Refusal(_("这个账号没有该任职。"), field="hat")
    note(account=account.pk)
    return ApiToken.objects.create(
        account=account,
        hat=worn,
        name=name.strip()[:60],
        digest=digest_of(key),
        created=act.at,
        expires=act.at + timedelta(days=days),
    )


@action("access.revoke_token", title=_("吊销接口令牌"))
def revoke_token(act: Act, token: ApiToken) -> ApiToken:
    """Take a key back; it stops working at once."""
    token.revoked = token.revoked or act.at
    token.save(update_fields=["revoked"])
    return token
