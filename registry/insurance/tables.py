"""Lists of persons insured, as they were handed to the insurer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime
from registry.keys import EncryptedText


class InsuranceList(Table, table=True):
    """A list of a term, or of one day of it, once it was made final (投保名单). It is never changed: what is different
    afterwards stands in the next one, as additions and removals.

    `scope` is the day, or `term`; `number` counts its lists. `rows` are the persons as JSON, encrypted; they are gone
    some time after the cover, while figures and `digest` stay. A second person approves a list before it is taken.
    """

    __tablename__ = "insurance_list"
    __table_args__: ClassVar[Any] = (UniqueConstraint("term_id", "scope", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    term_id: int = Field(foreign_key="term.id", index=True)
    scope: str = Field(max_length=10)
    number: int
    covered_until: date
    persons: int
    added: int
    removed: int
    digest: str = Field(max_length=64)
    rows: str | None = Field(default=None, sa_column=Column(EncryptedText("insurance_list.rows")))
    note: str = Field(default="", max_length=200)
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    made_by_id: int = Field(foreign_key="account.id")
    approved_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    approved_by_id: int | None = Field(default=None, foreign_key="account.id")
