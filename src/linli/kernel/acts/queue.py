"""The queue of jobs beside the belt: whether anybody works it, and what a worker that died left undone."""

from __future__ import annotations

from datetime import UTC, datetime

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

# A worker says every ten seconds that it lives.
SILENT_SECONDS = 30.0
# A job whose worker died so often is what the worker dies of.
TRIES_MOST = 4
KEPT_HOURS = 24 * 14


def beat() -> float | None:
    """Seconds since any worker last said that it lives; None when nobody ever did, or the last one left in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers"
        )
        row = cursor.fetchone()
        return None if row[0] is None else float(row[0])


def waits(task: str, name: str, value: int) -> bool:
    """Whether a job of this task, told this number by this name, is still to be done or being done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s"
            " AND status IN ('todo', 'doing') AND args ->> %s = %s)",
            [task, name, str(value)],
        )
        return bool(cursor.fetchone()[0])


def take_up() -> int:
    """Put the jobs of dead workers back into the queue; returns how many. Every job goes on where it was, or anew."""
    return async_to_sync(_take_up)(JobManager(DjangoConnector()))


async def _take_up(jobs: JobManager) -> int:
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in stalled:
        assert job.id is not None
        try:
            if job.attempts < TRIES_MOST:
                await jobs.retry_job_by_id_async(job.id, retry_at=datetime.now(UTC))
                continue
        except ConnectorException:
            pass  # the clock has asked for the same again meanwhile: one of them is enough
        await jobs.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
    return len(stalled)


def forget_old() -> None:
    """Remove what ended a fortnight ago, however it ended."""
    async_to_sync(JobManager(DjangoConnector()).delete_old_jobs)(
        KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
