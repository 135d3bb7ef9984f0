"""The queue's and the clock's entrance to files."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from linli.kernel.access.hats import act_for
from linli.kernel.acts import system_act, under
from linli.kernel.files import exports
from linli.kernel.files.services import sweep


@app.periodic(cron="20 3 * * *")
@app.task(queue="house", name="files.sweep", queueing_lock="files.sweep")
def sweep_orphans(timestamp: int) -> int:
    """Every night: clear the shelf of exports, remove contents that no row names any more."""
    exports.clear(system_act(), timezone.now())
    return sweep(system_act())


@app.task(queue="house", name="files.write_export")
def write_export(export: int, account: int, hat: int | None, language: str = "") -> int:
    """Write a big export under the scope of whoever asked, in their language; returns how many rows."""
    act = act_for(account, hat)
    with under(act):
        made = exports.one(act, export)
    if made is None or made.finished is not None or not act.may(exports.of(made).grant):
        return 0
    with translation.override(language or settings.LANGUAGE_CODE):
        exports.in_background(act, made)
    return made.total
