"""The queue's entrance to tables: known values are counted while people do other things; periods follow by date."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from linli.capabilities.tables.selectors import forms as reads
from linli.capabilities.tables.services import editions, forms, gaps, periods, recounting, tallies
from linli.kernel.access.hats import act_for
from linli.kernel.acts import system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.policy import current


@app.task(queue="house", name="tables.open_round")
def open_round(round_id: int) -> int:
    """Find what nobody knows of every sheet of a round; told again, it goes on where it was."""
    return gaps.opened(system_act(policy=current().id), round_id)


@app.task(queue="house", name="tables.recount_sheets")
def recount_sheets(area: int) -> int:
    """After an import, bring the open sheets of its area up to date; returns how many were looked at."""
    return recounting.recounted(system_act(policy=current().id), places.span(area))


@app.task(queue="house", name="tables.read_form")
def read_form(form_id: int, account: int, hat: int | None, language: str = "") -> str:
    """Read a large form under the scope of whoever brought it; returns its state."""
    act = act_for(account, hat, channel="job")
    with translation.override(language or settings.LANGUAGE_CODE), under(act):
        form = reads.form(act, form_id)
        return forms.read(act, form).state if form is not None else "gone"


@app.task(queue="house", name="tables.freeze_round")
def freeze_round(round_id: int, account: int, hat: int | None) -> int:
    """Freeze a large round for whoever asked; told again, it gives back the edition that is there."""
    return editions.freeze_round(act_for(account, hat, channel="job"), round_id)


@app.periodic(cron="40 5 * * *")
@app.task(queue="house", name="tables.next_rounds", queueing_lock="tables.next_rounds")
def next_rounds(timestamp: int) -> int:
    """Every morning: rounds whose next period has begun go through the gate again; returns how many were sent."""
    return periods.due(system_act(policy=current().id))


@app.periodic(cron="55 0 * * *")
@app.task(queue="house", name="tables.count_all", queueing_lock="tables.count_all")
def count_all(timestamp: int) -> int:
    """Every night: entries are counted anew by month and community; returns how many rows."""
    with under(system_act(policy=current().id)):
        return tallies.recount()
