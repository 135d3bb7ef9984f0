"""The queue's entrance to admission: items end by their date."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.capabilities.admission import services
from linli.kernel.acts import system_act
from linli.kernel.policy import current


@app.periodic(cron="20 0 * * *")
@app.task(queue="house", name="admission.expire", queueing_lock="admission.expire")
def expire(timestamp: int) -> int:
    """Every night: items whose last day is over are no longer usable; returns how many."""
    return services.expire(system_act(policy=current().id))
