"""Queueing tasks, looking at them, asking one to stop. Who works on them: `leases.py`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select, update

from registry import clock
from registry.db import take_turns
from registry.tasks.lanes import PROMPT_KINDS, Lane, lane_of
from registry.tasks.tables import Task, TaskStatus
from registry.tasks.wake import wake


def open_task(session: Session, kind: str, key: str) -> Task | None:
    """The task of that kind and key that has not ended, None where there is none."""
    found: Task | None = session.exec(_light().where(Task.open_key == f"{kind}/{key}")).first()
    return found


def tasks_of(session: Session, kind: str, keys: list[str]) -> list[Task]:
    """All tasks of a kind with one of these keys, ended or not."""
    return list(session.exec(_light().where(Task.kind == kind, col(Task.key).in_(keys))))


def waiting(session: Session, lane: Lane | None = None) -> list[int]:
    """Tasks that anybody may take, of a lane or of all: those queued, and those whose holder let the lease run out.
    The oldest first."""
    is_over = col(Task.lease_until) < clock.now()
    wanted = select(col(Task.id)).where(
        or_(col(Task.status) == TaskStatus.QUEUED, (col(Task.status) == TaskStatus.RUNNING) & is_over)
    )
    if lane is not None:
        wanted = wanted.where(_is_in(lane))
    return [number for number in session.exec(wanted.order_by(col(Task.id))) if number is not None]


def is_open(session: Session, task_id: int) -> bool:
    """Whether a task has still to be done, by whomever."""
    return session.exec(select(Task.open_key).where(Task.id == task_id)).first() is not None


def ahead_of(session: Session, task: Task) -> int:
    """How many tasks of its lane are older and have not ended."""
    is_older = (col(Task.open_key).is_not(None), col(Task.id) < task.id)
    wanted = select(Task.id).where(*is_older, _is_in(lane_of(task.kind)))
    return len(session.exec(wanted).all())


def enqueue(session: Session, kind: str, key: str, payload: dict[str, Any], by: int | None = None) -> tuple[Task, bool]:
    """A task of that kind and key: the one that has not ended yet, else a new one, and whether it is new."""
    take_turns(session, f"task-{kind}-{key}")
    if (known := open_task(session, kind, key)) is not None:
        return known, False
    made = Task(
        kind=kind, key=key, open_key=f"{kind}/{key}", payload_json=payload, queued_by=by, queued_at=clock.now()
    )  # fmt: skip
    session.add(made)
    session.flush()
    wake(session, made.id or 0, lane_of(kind))
    return made, True


def ask_stop(session: Session, task: Task) -> None:
    """Ask whoever works on a task to be done with the best so far. They look once a second."""
    if task.open_key is not None and task.stop_asked_at is None:
        task.stop_asked_at = clock.now()
        session.add(task)
        session.flush()


def withdraw(session: Session, task: Task) -> bool:
    """End a task that nobody has ever begun; whether that was so."""
    untouched = update(Task).where(
        col(Task.id) == task.id, col(Task.status) == TaskStatus.QUEUED, col(Task.started_at).is_(None)
    )
    failure = {"code": "stopped_early", "facts": {}}
    change = untouched.values(
        status=TaskStatus.FAILED.value, open_key=None, ended_at=clock.now(), failure_json=failure
    )  # fmt: skip
    is_done = bool(session.connection().execute(change).rowcount == 1)
    session.refresh(task)
    return is_done


def _is_in(lane: Lane) -> ColumnElement[bool]:
    is_prompt = col(Task.kind).in_(PROMPT_KINDS)
    return is_prompt if lane is Lane.PROMPT else ~is_prompt


def _light() -> Any:
    """Tasks without what they would go on from, which may be megabytes."""
    return select(Task).options(defer(Task.checkpoint_json))  # type: ignore[arg-type]
