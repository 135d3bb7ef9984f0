"""The clock's entrance to access."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.kernel.access.sessions import sweep
from linli.kernel.acts import system_act, under


@app.periodic(cron="50 3 * * *")
@app.task(queue="house", name="access.sweep_sessions", queueing_lock="access.sweep_sessions")
def sweep_sessions(timestamp: int) -> int:
    """Every night: drop sessions that have run out; returns how many."""
    act = system_act()
    with under(act):
        return sweep(act.at)
