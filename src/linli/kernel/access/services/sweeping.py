"""What has run out is not kept: sessions, codes sent to phones, counted tries, answers to repeated requests."""

from __future__ import annotations

from datetime import timedelta

from linli.kernel.access.models import DemoMessage, LoginCode, Throttle
from linli.kernel.access.once import forget_old
from linli.kernel.access.sessions import Session
from linli.kernel.acts import Act, under

# Somebody may still ask tomorrow why a code did not arrive; a phone's index is not kept longer than that.
CODES_KEPT = timedelta(days=1)


def sweep(act: Act) -> dict[str, int]:
    """Delete what has run out, for the system; returns how many rows of each kind."""
    with under(act):
        old = act.at - CODES_KEPT
        return {
            "sessions": Session.objects.filter(expire_date__lt=act.at).delete()[0],
            "codes": LoginCode.objects.filter(expires__lt=old).delete()[0],
            "messages": DemoMessage.objects.filter(sent__lt=old).delete()[0],
            "tries": Throttle.objects.filter(until__lt=act.at).delete()[0],
            "answers": forget_old(act.at),
        }
