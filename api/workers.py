"""A worker: on PostgreSQL, any number of machines take tasks from the same database by Procrastinate.

A job that Procrastinate hands out is only the news that there is a task. The task itself is taken by its lease and done
in a process of its own (`supervise.py`), as the runner inside `serve` does. A worker that is killed loses nothing: its
job counts as stalled once its heartbeat is as old as a lease, the next look of any other worker queues it again, and
whoever gets it goes on from what was kept.
"""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy, signals

from api.supervise import Spare, run_task
from registry.db import Sessions, make_engine, sessions
from registry.tasks.lanes import Lane
from registry.tasks.leases import lease_lasts
from registry.tasks.queue import is_open, waiting
from registry.tasks.wake import QUEUES, SCHEMA, WORK, drivers_url

LOOKS = "* * * * * */5"
"""When workers look for what the dead left: every five seconds (the sixth field counts seconds)."""
TRIES_AGAIN = 2
"""Seconds after which a job is tried again whose task is somebody else's, or was given back."""
ENDS_WITHIN = 0.5
"""Seconds that a task has to end in good order when its worker is stopped; it goes on elsewhere."""


class StillOpen(Exception):
    """The task has not ended: another holds it, or it was given back."""


def worker_app(url: str, spare: Spare) -> App:
    """The application of the workers of a database; `spare` does what somebody waits for."""
    opened = sessions(make_engine(url))
    app = App(
        connector=PsycopgConnector(conninfo=drivers_url(url), kwargs={"options": f"-c search_path=public,{SCHEMA}"})
    )

    @app.task(name=WORK, retry=RetryStrategy(wait=TRIES_AGAIN), pass_context=True)
    async def work(context: JobContext, task_id: int) -> None:
        is_prompt = context.job.queue == QUEUES[Lane.PROMPT]
        await _work(url, opened, task_id, spare if is_prompt else None)

    @app.periodic(cron=LOOKS)
    @app.task(name="qingzai.look", queue=QUEUES[Lane.PROMPT], queueing_lock="qingzai.look")
    async def look(timestamp: int) -> None:
        await _look(app, opened)

    return app


async def run_worker(url: str) -> None:
    """Work until Ctrl-C or SIGTERM, at one task of each lane at a time."""
    spare = Spare(url)
    app = worker_app(url, spare)
    try:
        async with app.open_async():
            lanes = [asyncio.create_task(_run_lane(app, lane)) for lane in Lane]
            with signals.on_stop(partial(_end_all, lanes)):
                await asyncio.to_thread(spare.get_ready)
                await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)  # by itself where the database is gone
            _end_all(lanes)
            for found in await asyncio.gather(*lanes, return_exceptions=True):
                if isinstance(found, Exception):
                    raise found
    finally:
        spare.close()


def _end_all(lanes: list[asyncio.Task[None]]) -> None:
    for lane in lanes:
        lane.cancel()


async def _run_lane(app: App, lane: Lane) -> None:
    lease = lease_lasts().total_seconds()
    await app.run_worker_async(
        queues=[QUEUES[lane]], name=lane.value, concurrency=1, delete_jobs="always", install_signal_handlers=False,
        update_heartbeat_interval=lease / 4, stalled_worker_timeout=2 * lease, shutdown_graceful_timeout=ENDS_WITHIN,
    )  # fmt: skip


async def _work(url: str, opened: Sessions, task_id: int, spare: Spare | None) -> None:
    """Do a task in a process of its own; where that has not ended it, be asked again."""
    if not await asyncio.to_thread(_is_open, opened, task_id):
        return
    ended, process = threading.Event(), None if spare is None else spare.take()
    doing = asyncio.create_task(asyncio.to_thread(run_task, url, task_id, ended, None, process))
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        ended.set()
        await doing
        raise
    if spare is not None:
        await asyncio.to_thread(spare.get_ready)
    if await asyncio.to_thread(_is_open, opened, task_id):
        raise StillOpen(task_id)


async def _look(app: App, opened: Sessions) -> None:
    """Queue again what dead workers had, and what has no job at all: tasks older than the workers' tables."""
    manager: Any = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=lease_lasts().total_seconds()):
        await manager.retry_job(job)
    known = {job.task_kwargs.get("task_id") for status in ("todo", "doing")
             for job in await manager.list_jobs_async(task=WORK, status=status)}  # fmt: skip
    for lane in Lane:
        for task_id in await asyncio.to_thread(_waiting, opened, lane):
            if task_id not in known:
                await app.configure_task(WORK, queue=QUEUES[lane]).defer_async(task_id=task_id)


def _is_open(opened: Sessions, task_id: int) -> bool:
    with opened() as session:
        return is_open(session, task_id)


def _waiting(opened: Sessions, lane: Lane) -> list[int]:
    with opened() as session:
        return waiting(session, lane)
