"""The queue's and the clock's entrance to files."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation
from procrastinate import JobContext
from procrastinate.contrib.django import app

from linli.kernel.access.hats import act_for
from linli.kernel.acts import system_act, under
from linli.kernel.acts.queue import forget_old
from linli.kernel.files import exports
from linli.kernel.files.models import Export
from linli.kernel.files.services import sweep


@app.periodic(cron="20 3 * * *")
@app.task(queue="house", name="files.sweep", queueing_lock="files.sweep")
def sweep_orphans(timestamp: int) -> int:
    """Every night: clear the shelf of exports, remove contents that no row names any more, and old jobs."""
    forget_old()
    exports.clear(system_act(), timezone.now())
    return sweep(system_act())


@app.task(queue="house", name=exports.WRITING, pass_context=True)
def write_export(
    context: JobContext, export: int, account: int, hat: int | None, language: str = ""
) -> int:
    """Write a big export under the scope of whoever asked; told again after a worker died, it is written anew."""
    return written(export, account, hat, language, context.job.attempts)


def written(export: int, account: int, hat: int | None, language: str = "", died: int = 0) -> int:
    """Write one export in the language of whoever asked; returns how many rows. Given up when too many workers died."""
    act = act_for(account, hat)
    with under(act):
        made = exports.one(act, export)
    if made is None or made.finished is not None or not act.may(exports.of(made).grant):
        return 0
    if died >= exports.TRIES_MOST:
        exports.end_export(act, made, state=Export.State.FAILED)
        return 0
    with translation.override(language or settings.LANGUAGE_CODE):
        exports.in_background(act, made)
    return made.total
