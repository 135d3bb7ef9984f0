"""The clock's entrance to access."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.kernel.access.services.sweeping import sweep
from linli.kernel.acts import system_act


@app.periodic(cron="40 3 * * *")
@app.task(queue="house", name="access.sweep", queueing_lock="access.sweep")
def sweep_expired(timestamp: int) -> int:
    """Every night: drop sessions, codes, counted tries and kept answers whose time is over; returns how many."""
    return sum(sweep(system_act()).values())
