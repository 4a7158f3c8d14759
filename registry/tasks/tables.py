"""The table of tasks: long work that is queued, done by whoever takes it, and done once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class TaskStatus(StrEnum):
    """Where a task is on its way."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Task(Table, table=True):
    """A piece of long work (任务): of which kind, and with what. `payload_json` names rows, it never holds a person.

    `open_key` is `kind/key` while the task has not ended: it is unique, so that nothing is queued twice. Whoever works
    on a task holds a lease until `lease_until` and renews it; when it is over, anybody may take the task over.
    `attempts` counts who began. `progress_json` is what the kind tells of itself, `checkpoint_json` what a taken-over
    task goes on from, `failure_json` a code and facts.
    """

    __tablename__ = "task"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    key: str = Field(max_length=200, index=True)
    open_key: str | None = Field(default=None, max_length=230, unique=True)
    payload_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    status: str = Field(default=TaskStatus.QUEUED.value, max_length=20, index=True)
    progress_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    checkpoint_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    failure_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    attempts: int = 0
    holder: str | None = Field(default=None, max_length=100)
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    stop_asked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    queued_by: int | None = Field(default=None, foreign_key="account.id")
    queued_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
