"""The clock's entrance to files."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.kernel.acts import system_act
from linli.kernel.files.services import sweep


@app.periodic(cron="20 3 * * *")
@app.task(queue="house", name="files.sweep", queueing_lock="files.sweep")
def sweep_orphans(timestamp: int) -> int:
    """Every night: remove contents that no row names any more."""
    return sweep(system_act())
