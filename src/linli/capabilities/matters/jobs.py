"""The clock's entrance to matters."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.capabilities.matters.services import tallies, watch
from linli.kernel.acts import system_act, under
from linli.kernel.policy import current


@app.periodic(cron="*/10 * * * *")
@app.task(queue="house", name="matters.tick", queueing_lock="matters.tick")
def tick(timestamp: int) -> int:
    """Every ten minutes: warnings, escalations, what settles itself, new deadlines; returns how many were looked at."""
    return watch.tick(system_act(policy=current().id)).looked


@app.periodic(cron="* * * * *")
@app.task(queue="house", name="matters.count", queueing_lock="matters.count")
def count(timestamp: int) -> int:
    """Every minute: the months and places in which something moved are counted anew; returns how many rows."""
    with under(system_act(policy=current().id)) as act:
        return tallies.recount(act)


@app.periodic(cron="50 0 * * *")
@app.task(queue="house", name="matters.count_all", queueing_lock="matters.count_all")
def count_all(timestamp: int) -> int:
    """Every night: every month is counted anew, whatever moved; returns how many rows."""
    with under(system_act(policy=current().id)) as act:
        return tallies.recount(act, whole=True)
