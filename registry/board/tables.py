"""The working copy of each week, every change that was made to it, and weeks kept as templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class RosterBoard(Table, table=True):
    """The working copy (排班台) of the week that begins on the Monday `week`; there is one a week.

    `problem_json` is the problem as the board knows it, with its pins and what they waive; `roster_json` the roster
    file without a result. `revision` counts the changes: whoever changes something names the revision that they saw.
    """

    __tablename__ = "roster_board"

    id: int | None = Field(default=None, primary_key=True)
    week: date = Field(unique=True)
    problem_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    roster_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    revision: int = 0
    seed: int = 1
    opened_by: int | None = Field(default=None, foreign_key="account.id")
    opened_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class BoardEdit(Table, table=True):
    """A change to a board: it made `revision`. `change_json` holds the entries and pins taken away and added, so
    that it can be undone, and of a repair what it made true; `cost_json` by how much each rule's cost rose. `reason` is
    the written reason of an override, `waived` the rules it waives. `undoes` is the revision that an undo took back.
    """

    __tablename__ = "board_edit"
    __table_args__: ClassVar[Any] = (UniqueConstraint("board_id", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="roster_board.id", index=True)
    revision: int
    kind: str = Field(max_length=20)
    change_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    cost_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    reason: str = Field(default="", max_length=500)
    waived: str = Field(default="", max_length=100)
    undoes: int | None = None
    made_by: int | None = Field(default=None, foreign_key="account.id")
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class BoardTrial(Table, table=True):
    """A what-if (试排): changes that somebody has stacked on a board to see what they would do together. An account
    has one a board. `changes_json` holds the changes as they were asked for, with the reason of an override and
    whether a conflict may stand; nothing of it is on the board until it is applied.
    """

    __tablename__ = "board_trial"
    __table_args__: ClassVar[Any] = (UniqueConstraint("board_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="roster_board.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    changes_json: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class WeekTemplate(Table, table=True):
    """A week kept under a name (周模板), to begin others from. `week` is the Monday of the week it was made of, `kind`
    whether of its board or of what was published. `roster_json` holds entries by weekday, `problem_json` the names and
    hours that these need to be told.
    """

    __tablename__ = "week_template"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40)
    week: date
    kind: str = Field(max_length=10)
    problem_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    roster_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    made_by: int = Field(foreign_key="account.id")
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
