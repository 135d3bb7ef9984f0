"""Sessions that know whose they are, so that one may end them everywhere and staff hold only a few."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


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
    """Django's database sessions, with the account beside the data."""

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
