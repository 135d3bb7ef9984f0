"""The queue's and the clock's entrance to matters."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from linli.capabilities.matters.forms.desk import filters_from
from linli.capabilities.matters.services import exports, watch
from linli.kernel.access.hats import act_for
from linli.kernel.acts import system_act, under
from linli.kernel.policy import current


@app.task(queue="house", name="matters.export_rows")
def export_rows(export: int, account: int, hat: int | None, language: str = "") -> int:
    """Write a big export under the scope of whoever asked, in their language; returns how many rows."""
    act = act_for(account, hat)
    with under(act):
        made = exports.one(act, export)
    if made is None or made.file_id is not None or not act.may("matters.export"):
        return 0
    plain = {name: values[0] for name, values in parse_qs(made.query).items()}
    with translation.override(language or settings.LANGUAGE_CODE):
        exports.in_background(act, made, filters_from(plain, "open"))
    return made.total


@app.periodic(cron="*/10 * * * *")
@app.task(queue="house", name="matters.tick", queueing_lock="matters.tick")
def tick(timestamp: int) -> int:
    """Every ten minutes: warnings, escalations, what settles itself, new deadlines; returns how many were looked at."""
    return watch.tick(system_act(policy=current().id)).looked
