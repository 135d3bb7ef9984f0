"""The queue's entrance to the registry: files are tried out and imported while their people do other things."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from procrastinate.contrib.django import app

from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import filings, keeping
from linli.capabilities.registry.services.imports import (
    receiving,
    rehearse,
    run,
    shelf,
    widened,
)
from linli.kernel.access.hats import act_for
from linli.kernel.acts import Act, Refusal, system_act, under
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.kernel.policy import current

_log = logging.getLogger(__name__)


@app.periodic(cron="10 3 * * *")
@app.task(queue="house", name="registry.keep_days", queueing_lock="registry.keep_days")
def keep_days(timestamp: int) -> str:
    """Every night: who left longer ago than the pack keeps is no longer shown; returns the day."""
    act = system_act(policy=current().id)
    with under(act):
        return str(keeping.keep_days(act) or "")


@app.periodic(cron="20 3 * * *")
@app.task(queue="house", name="registry.forget_dead", queueing_lock="registry.forget_dead")
def forget_dead(timestamp: int) -> int:
    """Every night, where the pack says so: the numbers of whoever died long ago are erased; returns how many."""
    act = system_act(policy=current().id)
    with under(act):
        return keeping.forget_dead(act)


@app.periodic(cron="25 3 * * *")
@app.task(queue="house", name="registry.erase_ended", queueing_lock="registry.erase_ended")
def erase_ended(timestamp: int) -> dict[str, int]:
    """Every night, where the pack says so: what ended longer ago than it is kept; returns how many of each kind."""
    act = system_act(policy=current().id)
    with under(act):
        return keeping.erase_ended(act)


@app.periodic(cron="30 3 * * *")
@app.task(queue="house", name="registry.count_coverage", queueing_lock="registry.count_coverage")
def count_coverage(timestamp: int) -> int:
    """Every night: how far each community reaches those who are registered elsewhere; street by street."""
    act = system_act(policy=current().id)
    return sum(keeping.count_coverage(act, street) for street in places.at_level(Level.STREET))


@app.periodic(cron="40 3 * * *")
@app.task(queue="house", name="registry.report_posts", queueing_lock="registry.report_posts")
def report_posts(timestamp: int) -> int:
    """Every night: who came into a post that is filed by an import, or whose term ran out; returns how many."""
    act = system_act(policy=current().id)
    with under(act):
        return filings.report_all(act)


@app.task(queue="house", name="registry.import_rows")
def import_rows(batch: int, account: int, hat: int | None, language: str = "") -> str:
    """Import a confirmed file under the scope of whoever asked; told again it goes on where it was."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return imported(act_for(account, hat, channel="job"), batch)


def imported(act: Act, batch: int) -> str:
    """Run one batch to its end; returns its state. Why it stopped stands on its page."""
    with under(act):
        found = reads.batch(act, batch)
    if found is None:
        return "gone"
    try:
        with shelf.opened(receiving.waits(found), found.name) as file:
            run(widened(act, found), found, file)
    except Refusal as refusal:
        if refusal.code == "running":
            return "running"
        _stopped(act, batch, str(refusal))
    except Exception:
        _stopped(act, batch, _t("导入中断了。已导入的部分保留，可以继续导入。"))
        raise
    with under(act):
        found = reads.batch(act, batch)
        if found is not None and found.state in ("done", "cancelled"):
            receiving.finished(act, found)
    return found.state if found is not None else "gone"


def _stopped(act: Act, batch: int, why: str) -> None:
    with under(act):
        found = reads.batch(act, batch)
        if found is not None:
            receiving.stopped(found, why)


@app.task(queue="house", name="registry.import_read")
def import_read(batch: int, account: int, hat: int | None, language: str = "") -> str:
    """Find out the columns of a large file."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return looked_at(act_for(account, hat, channel="job"), batch)


def looked_at(act: Act, batch: int) -> str:
    """Find out one file's columns; returns the state of its batch."""
    with under(act):
        found = reads.batch(act, batch)
        return receiving.read(act, found).state if found is not None else "gone"


@app.task(queue="house", name="registry.import_trial")
def import_trial(batch: int, account: int, hat: int | None, language: str = "") -> str:
    """Find out what an import would do; nothing is written but the counts on its page."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return trial(act_for(account, hat, channel="job"), batch)


def trial(act: Act, batch: int) -> str:
    """Try one batch out; what was found stands beside its plan."""
    with under(act):
        found = reads.batch(act, batch)
    if found is None or not act.may("registry.import"):
        return "gone"
    told: dict[str, Any] = {"state": "done", "at": timezone.now().isoformat()}
    try:
        with shelf.opened(receiving.waits(found), found.name) as file:
            told["total"] = rehearse(widened(act, found), found, file)
    except Refusal as refusal:
        told |= {"state": "failed", "why": str(refusal)}
    except Exception:
        _log.exception("trial of batch %s", batch)
        told |= {"state": "failed", "why": _t("试算没有完成，请再试一次。")}
    with under(act):
        receiving.tried(found, told)
    return str(told["state"])
