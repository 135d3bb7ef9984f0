"""When a message may go out and when to try again (pure)."""

from datetime import datetime, time, timedelta

TRIES_MOST = 6
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


def is_quiet(moment: time, opens: time, closes: time) -> bool:
    """Whether a local time lies in the quiet hours [opens, closes), which may span midnight."""
    if opens == closes:
        return False
    if opens < closes:
        return opens <= moment < closes
    return moment >= opens or moment < closes


def send_at(now: datetime, opens: time, closes: time, *, urgent: bool) -> datetime:
    """When a message of now (local, aware) may go out: at once, or when the quiet hours end."""
    if urgent or not is_quiet(now.time(), opens, closes):
        return now
    morning = now.replace(
        hour=closes.hour, minute=closes.minute, second=closes.second, microsecond=0
    )
    return morning if morning > now else morning + timedelta(days=1)


def retry_at(now: datetime, tries: int) -> datetime | None:
    """When to try again after so many failed tries; nothing when it is time to give up."""
    if tries >= TRIES_MOST:
        return None
    wait: timedelta = _FIRST_WAIT * 4 ** (tries - 1)
    return now + min(wait, _LONGEST_WAIT)
