"""Sessions that know whose they are, so that one may end them everywhere and staff hold only a few."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from linli.kernel.access.hats import Person
from linli.kernel.access.hats import session as read_session


class Session(AbstractBaseSession):
    """A signed-in browser: whose, since when, on what device."""

    account = models.BigIntegerField(null=True)
    device = models.CharField(max_length=40, blank=True)
    started = models.DateTimeField(null=True)
    touched = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["account"], name="session_account", condition=~models.Q(account=None)
            )
        ]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """The store that reads these rows."""
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's database sessions, with the account beside the data; the person is read along with them."""

    who: Person | None = None

    def load(self) -> dict[str, Any]:
        """The data of the session, and in the same statement who is behind it."""
        found = read_session(str(self.session_key)) if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        data, self.who = found
        decoded: dict[str, Any] = json.loads(_proven(data))
        return decoded

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.account = data.get("account")
        row.device = str(data.get("device", ""))[:40]
        began = data.get("began")
        row.started = datetime.fromisoformat(began) if began else None
        row.touched = timezone.now()
        return row


@lru_cache(maxsize=4096)
def _proven(data: str) -> str:
    """The data behind a signature that was checked; a session's data stand still from page to page."""
    return json.dumps(SessionStore().decode(data))


def sweep(now: datetime) -> int:
    """Drop the sessions that ended before a moment; returns how many."""
    gone, _each = Session.objects.filter(expire_date__lt=now).delete()
    return gone
