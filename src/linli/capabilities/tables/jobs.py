"""The queue's entrance to tables: known values are counted while people do other things."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.capabilities.tables.services import gaps
from linli.kernel.acts import system_act
from linli.kernel.policy import current


@app.task(queue="house", name="tables.open_round")
def open_round(round_id: int) -> int:
    """Find what nobody knows of every sheet of a round; told again, it goes on where it was."""
    return gaps.opened(system_act(policy=current().id), round_id)
