"""The queue's entrance to admission: items end by their date, duties come again, the burden is counted anew."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.capabilities.admission import services
from linli.kernel.acts import system_act
from linli.kernel.measures import months
from linli.kernel.policy import current

MONTHS = 2


@app.periodic(cron="40 0 * * *")
@app.task(queue="house", name="admission.weigh", queueing_lock="admission.weigh")
def weigh(timestamp: int) -> int:
    """Every night: the burden of this month and the last is counted anew, whatever moved; returns how many rows."""
    act = system_act(policy=current().id)
    return services.weigh(act, months=months(timezone.localdate(act.at), MONTHS))


@app.periodic(cron="20 0 * * *")
@app.task(queue="house", name="admission.expire", queueing_lock="admission.expire")
def expire(timestamp: int) -> int:
    """Every night: items whose last day is over are no longer usable; returns how many."""
    return services.expire(system_act(policy=current().id))


@app.periodic(cron="10 0 * * *")
@app.task(queue="house", name="admission.recur", queueing_lock="admission.recur")
def recur(timestamp: int) -> int:
    """Every night: a duty that was missed comes again at its time all the same; returns how many."""
    return services.recur(system_act(policy=current().id))
