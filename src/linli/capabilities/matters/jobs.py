"""The clock's entrance to matters."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.capabilities.matters.services import watch
from linli.kernel.acts import system_act
from linli.kernel.policy import current


@app.periodic(cron="*/10 * * * *")
@app.task(queue="house", name="matters.tick", queueing_lock="matters.tick")
def tick(timestamp: int) -> int:
    """Every ten minutes: warnings, escalations, what settles itself, new deadlines; returns how many were looked at."""
    return watch.tick(system_act(policy=current().id)).looked
