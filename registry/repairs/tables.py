"""Repairs of boards and the stand-bys of versions, each asked for, worked out by another process, then decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class State(StrEnum):
    """Where something that another process works out is on its way; the last two are of repairs alone."""

    QUEUED = "queued"
    SOLVING = "solving"
    DONE = "done"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


WAITING = (State.QUEUED.value, State.SOLVING.value)
"""A task has still to be done for it, by whomever."""


class BoardRepair(Table, table=True):
    """A repaired draft (修补方案) of a board: what happened, the board as it was, what comes out of it.

    `causes_json` lists what happened, `without_json` the volunteers who must not be disturbed. `problem_json` is the
    problem that is solved, with the board's roster at `revision` as the published one; `roster_json` the roster with
    its five levels and their bounds. `people_json` tells who is disturbed and who lost something impossible.
    `sites_json` are the sites that it concerns: where it happened and, once it is worked out, where entries change.
    How far it is, and whether the best so far is wanted, stands in its task.
    """

    __tablename__ = "board_repair"

    id: int | None = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="roster_board.id", index=True)
    revision: int
    status: str = Field(default=State.QUEUED.value, max_length=20, index=True)
    seed: int
    another_of: int | None = Field(default=None, foreign_key="board_repair.id")
    causes_json: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    without_json: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    sites_json: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    problem_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    roster_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    people_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    failure_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    asked_by: int | None = Field(default=None, foreign_key="account.id")
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    decided_by: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class StandbyPlan(Table, table=True):
    """The stand-bys (候补) of a published version: for each weekday who should be ready, and what nothing covers."""

    __tablename__ = "standby_plan"

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="roster_version.id", unique=True)
    status: str = Field(default=State.QUEUED.value, max_length=20, index=True)
    days_json: list[Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    failure_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    asked_by: int | None = Field(default=None, foreign_key="account.id")
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
