"""A search for a substitute, and the people whom it asks in order."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class SearchStatus(StrEnum):
    """How a search stands: open; filled; exhausted, nobody is left or it is too late; stopped by somebody; outdated,
    the published week has changed there."""

    OPEN = "open"
    FILLED = "filled"
    EXHAUSTED = "exhausted"
    STOPPED = "stopped"
    OUTDATED = "outdated"


class AskStatus(StrEnum):
    """How somebody on the list stands: waiting for the turn; asked; has accepted, declined or let the deadline pass;
    passed over, as the rules did not allow it any more; spared, as the search ended before."""

    WAITING = "waiting"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    PASSED = "passed"
    SPARED = "spared"


class SubstituteSearch(Table, table=True):
    """A search for somebody who takes places of one class on one day.

    `places_json` are entries of the roster file without the person. `instead_of_id` is the volunteer whose entries they
    are in the version in force, None for places that are open there. `version` is the one that filling them made.
    """

    __tablename__ = "substitute_search"

    id: int | None = Field(default=None, primary_key=True)
    week: date = Field(index=True)
    day: date
    class_run_id: int = Field(foreign_key="class_run.id")
    places_json: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    instead_of_id: int | None = Field(default=None, foreign_key="volunteer.id")
    minutes: int
    status: str = Field(default=SearchStatus.OPEN.value, max_length=10, index=True)
    version: int | None = None
    begun_by_id: int | None = Field(default=None, foreign_key="account.id")
    begun_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class SubstituteAsk(Table, table=True):
    """Somebody on the list of a search. `source` of an answer is page, link or desk."""

    __tablename__ = "substitute_ask"
    __table_args__ = (UniqueConstraint("search_id", "volunteer_id"),)

    id: int | None = Field(default=None, primary_key=True)
    search_id: int = Field(foreign_key="substitute_search.id", index=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    rank: int
    status: str = Field(default=AskStatus.WAITING.value, max_length=10, index=True)
    source: str = Field(default="", max_length=10)
    asked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    answer_by: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
