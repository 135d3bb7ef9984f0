"""The clock's entrance to notices."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.kernel.acts import system_act
from linli.kernel.notices.carry import plan, send


@app.periodic(cron="* * * * *")
@app.task(queue="notices", name="notices.carry", queueing_lock="notices.carry")
def carry(timestamp: int) -> int:
    """Every minute: plan new notices and send what is due, until nothing is left; returns how many were sent."""
    while plan(system_act()):
        pass
    total = 0
    while tried := send(system_act()):
        total += tried
    return total
