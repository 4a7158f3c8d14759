"""Who works on a task: a lease that is renewed while they live. Each step compares and sets, so that a task ends once.

The clocks of the machines that share a database may differ by a few seconds: a lease is several times longer. Where
they differ by more, two may work on a task for a while; still only one can end it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Update, or_
from sqlmodel import Session, col, select, update

from registry import clock
from registry.db import Sessions
from registry.errors import Conflict, Refused
from registry.tasks.tables import Task, TaskStatus

USUAL_SECONDS = 15.0
"""Renewed once a second. A machine that is too busy to renew it in this time loses the task to another."""
MOST_ATTEMPTS = 5
"""What killed so many processes is not tried again by itself."""


@dataclass(frozen=True)
class Held:
    """A task that one works on: what it is, and what an earlier holder left."""

    task_id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    checkpoint: dict[str, Any] | None
    progress: dict[str, Any] | None


class LeaseLost(Conflict):
    """Somebody else has the task, or it has ended."""


def lease_lasts() -> timedelta:
    """How long a holder may be silent: the seconds in QINGZAI_LEASE_SECONDS, by default `USUAL_SECONDS`.

    Raises:
        Refused: `setting_invalid`, not a number from 2 to 600.
    """
    text = os.environ.get("QINGZAI_LEASE_SECONDS") or f"{USUAL_SECONDS:g}"
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", text) or not 2 <= float(text) <= 600:
        raise Refused("setting_invalid", name="QINGZAI_LEASE_SECONDS", value=text)
    return timedelta(seconds=float(text))


def take(sessions: Sessions, task_id: int, holder: str) -> Held | None:
    """Take a task that waits or whose lease is over: not None for exactly one of all who try at a time."""
    now = clock.now()
    is_free = or_(
        col(Task.status) == TaskStatus.QUEUED,
        (col(Task.status) == TaskStatus.RUNNING) & (col(Task.lease_until) < now),
    )
    with sessions() as session:
        taking = update(Task).where(col(Task.id) == task_id, is_free)
        values = {"status": TaskStatus.RUNNING.value, "holder": holder, "lease_until": now + lease_lasts()}
        if not _changed(session, taking.values(**values, attempts=col(Task.attempts) + 1)):
            return None
        task = session.get_one(Task, task_id)
        task.started_at = task.started_at or now
        session.add(task)
        return Held(
            task_id, task.kind, task.payload_json, task.attempts, task.checkpoint_json, task.progress_json
        )  # fmt: skip


def renew(sessions: Sessions, task_id: int, holder: str, progress: dict[str, Any] | None = None) -> bool:
    """Hold a task for longer and tell how far it is; whether somebody asked for the best so far.

    Raises:
        LeaseLost.
    """
    told = {} if progress is None else {"progress_json": progress}
    with sessions() as session:
        _set(session, task_id, holder, lease_until=clock.now() + lease_lasts(), **told)
        return session.exec(select(Task.stop_asked_at).where(Task.id == task_id)).one() is not None


def keep(sessions: Sessions, task_id: int, holder: str, checkpoint: dict[str, Any]) -> None:
    """Keep what whoever takes the task over goes on from.

    Raises:
        LeaseLost.
    """
    with sessions() as session:
        _set(session, task_id, holder, checkpoint_json=checkpoint)


def end(
    session: Session, task_id: int, holder: str, failure: dict[str, Any] | None = None,
    progress: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """End a task, in the unit of work that stores what came of it: both are stored, or neither. `progress` is what was
    told last and no renewal has stored.

    Raises:
        LeaseLost.
    """
    status, told = TaskStatus.DONE if failure is None else TaskStatus.FAILED, {}
    if progress is not None:
        told["progress_json"] = progress
    _set(
        session, task_id, holder, status=status.value, failure_json=failure, open_key=None, holder=None,
        lease_until=None, checkpoint_json=None, ended_at=clock.now(), **told,
    )  # fmt: skip


def give_back(sessions: Sessions, task_id: int, holder: str, *, counts: bool) -> bool:
    """Queue a task again whose holder has ended without ending it; whether it was theirs. An orderly end of the machine
    does not count as an attempt."""
    with sessions() as session:
        change = _mine(task_id, holder).values(
            status=TaskStatus.QUEUED.value, holder=None, lease_until=None,
            attempts=col(Task.attempts) - (0 if counts else 1),
        )  # fmt: skip
        return _changed(session, change)


def _set(session: Session, task_id: int, held_by: str, /, **values: Any) -> None:
    if not _changed(session, _mine(task_id, held_by).values(**values)):
        raise LeaseLost("lease_lost", task=task_id)


def _mine(task_id: int, holder: str) -> Update:
    return update(Task).where(
        col(Task.id) == task_id, col(Task.status) == TaskStatus.RUNNING, col(Task.holder) == holder
    )  # fmt: skip


def _changed(session: Session, change: Update) -> bool:
    return bool(session.connection().execute(change).rowcount == 1)
