"""Every night what has run out goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from linli.kernel.access.jobs import sweep_expired
from linli.kernel.access.models import DemoMessage, LoginCode, Once, Throttle
from linli.kernel.access.services.sweeping import sweep
from linli.kernel.access.sessions import Session
from linli.kernel.acts import system_act, under
from tests.town import Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_what_has_run_out_goes_and_the_rest_stays(town: Town) -> None:
    now = timezone.now()
    with under(system_act()):
        for key, ends in (("old", now - HOUR), ("new", now + HOUR)):
            Session.objects.create(session_key=key, session_data="", expire_date=ends)
            Throttle.objects.create(key=key, count=1, until=ends)
        for age in (2 * DAY, HOUR):
            LoginCode.objects.create(phone_index=b"x", digest="", expires=now - age, sent=now - age)
            DemoMessage.objects.create(phone_index=b"x", body="1", sent=now - age)
        for age in (31 * DAY, DAY):
            Once.objects.create(account=1, key=uuid4(), digest="", at=now - age)
    gone = sweep(system_act(at=now))
    assert gone == {"sessions": 1, "codes": 1, "messages": 1, "tries": 1, "answers": 1}
    with under(system_act()):
        assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
        assert list(
            Throttle.objects.filter(key__in=["old", "new"]).values_list("key", flat=True)
        ) == ["new"]
        assert LoginCode.objects.count() == DemoMessage.objects.count() == Once.objects.count() == 1
    assert sweep_expired(0) == 0
