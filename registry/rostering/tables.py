"""Drafts of weekly rosters, each with everything that is needed to solve and check it again."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class DraftStatus(StrEnum):
    """Where a draft is on its way."""

    QUEUED = "queued"
    SOLVING = "solving"
    DONE = "done"
    FAILED = "failed"


class RosterDraft(Table, table=True):
    """A roster in the making (排班草稿) for the week that begins on the Monday `week`.

    `problem_json` is the problem as it was solved, `roster_json` the roster file with its result,
    `result_json` that result alone. `version` is the version of this software. A failed draft says why
    in `failure_json`: a code and facts. `scope_json` are the sites whose classes were free, None for the whole
    district; what the others had stands in `start_json`, a roster file. `made_by` is the account that asked for it.
    """

    __tablename__ = "roster_draft"

    id: int | None = Field(default=None, primary_key=True)
    week: date = Field(index=True)
    status: str = Field(default=DraftStatus.QUEUED.value, max_length=20)
    seed: int
    workers: int
    seconds: float
    version: str = Field(max_length=50)
    scope_json: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    problem_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    start_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    roster_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    result_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    failure_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    made_by: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
