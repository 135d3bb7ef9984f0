"""Carry notices out of the house: plan their channels, then send what is due, with retries.

Plan and outcome are each one transaction; a delivery is claimed (tries and due moved on) before it is sent, so that
a worker killed in between sends it again later, with the same key, and never loses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone, translation

from linli.kernel.access.models import Account
from linli.kernel.acts import Act, under
from linli.kernel.notices import channels
from linli.kernel.notices.kinds import filled
from linli.kernel.notices.models import Delivery, Mailbox, Notice, Preference
from linli.kernel.notices.rules import retry_at, send_at
from linli.kernel.policy import NoPolicy, NoSuchSection, current
from linli.kernel.policy.shapes import NoticesPolicy

BATCH = 200
_LEASE = timedelta(minutes=10)
# Our proposal where no pack speaks: half past nine in the evening to eight in the morning.
DEFAULT_QUIET = (time(21, 30), time(8, 0))


def quiet_hours() -> tuple[time, time, bool]:
    """Quiet hours of the pack in force: from, to, and whether emergencies pass."""
    try:
        quiet = current().section(NoticesPolicy).quiet
    except (NoPolicy, NoSuchSection):
        return (*DEFAULT_QUIET, True)
    return (
        time.fromisoformat(str(quiet.opens)),
        time.fromisoformat(str(quiet.closes)),
        quiet.except_emergency,
    )


def plan(act: Act, batch: int = BATCH) -> int:
    """Choose channels for new notices; returns how many notices were planned."""
    opens, closes, pass_urgent = quiet_hours()
    now = timezone.localtime(act.at)
    with under(act):
        fresh = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(planned=False)
            .order_by("id")[:batch]
        )
        chosen = _choices({n.account for n in fresh})
        mailed = set(
            Mailbox.objects.filter(account__in={n.account for n in fresh}).values_list(
                "account", flat=True
            )
        )
        deliveries = [
            Delivery(
                notice=notice,
                channel=channel,
                due=send_at(now, opens, closes, urgent=notice.urgent and pass_urgent),
            )
            for notice in fresh
            for channel in _channels(notice, chosen, notice.account in mailed)
        ]
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        Notice.objects.filter(pk__in=[n.pk for n in fresh]).update(planned=True)
    return len(fresh)


def _choices(accounts: Iterable[int]) -> dict[tuple[int, str], Preference]:
    return {(p.account, p.kind): p for p in Preference.objects.filter(account__in=accounts)}


def _channels(
    notice: Notice, chosen: dict[tuple[int, str], Preference], mailed: bool
) -> list[Delivery.Channel]:
    choice = chosen.get((notice.account, notice.kind)) or chosen.get((notice.account, ""))
    wanted = []
    if notice.spec.sms and (choice is None or choice.sms):
        wanted.append(Delivery.Channel.SMS)
    if mailed and (choice is None or choice.email):
        wanted.append(Delivery.Channel.EMAIL)
    if notice.robot:
        wanted.append(Delivery.Channel.ROBOT)
    return wanted


def send(act: Act, batch: int = BATCH) -> int:
    """Send deliveries that are due; returns how many were tried."""
    with under(act):
        due = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=Delivery.State.WAITING, due__lte=act.at)
            .select_related("notice")
            .order_by("due")[:batch]
        )
        for delivery in due:
            delivery.tries += 1
            delivery.due = act.at + _LEASE
        Delivery.objects.bulk_update(due, ["tries", "due"])
    for delivery in due:
        with under(act):
            _send(act.at, delivery)
    return len(due)


def _send(now: datetime, delivery: Delivery) -> None:
    try:
        _post(delivery)
    except channels.NoChannel as error:
        delivery.state, delivery.error = Delivery.State.SKIPPED, str(error)[:300]
    except channels.NotSent as error:
        again = retry_at(now, delivery.tries)
        delivery.error = str(error)[:300]
        if again is None:
            delivery.state = Delivery.State.FAILED
        else:
            delivery.due = again
    else:
        delivery.state, delivery.sent_at, delivery.error = Delivery.State.SENT, now, ""
    delivery.save(update_fields=["state", "due", "sent_at", "error"])


def _post(delivery: Delivery) -> None:
    notice, key = delivery.notice, f"notice-{delivery.pk}"
    # The language of the house: a message leaves it without knowing its reader's screen.
    with translation.override("zh-hans"):
        if delivery.channel == Delivery.Channel.SMS:
            account = Account.objects.filter(pk=notice.account, active=True).first()
            phone = account.phone.open() if account and account.phone else ""
            channels.sms(phone, filled(notice.spec.sms, notice.params), key)
        elif delivery.channel == Delivery.Channel.EMAIL:
            box = Mailbox.objects.filter(pk=notice.account).first()
            address = box.address.open() if box and box.address else ""
            channels.email(address, notice.title, notice.body, key)
        else:
            # A group reads it: the plain line of the text message, nothing personal.
            channels.robot(
                str(notice.spec.title).split("%(")[0], filled(notice.spec.sms, notice.params)
            )
