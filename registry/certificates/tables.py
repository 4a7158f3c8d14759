"""The register of certificates: what was certified to whom, under which number and code, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime


class Kind(StrEnum):
    """What a certificate says: hours of a volunteer's service, or that a child took part in a class."""

    SERVICE = "service"
    PARTICIPATION = "participation"


class Certificate(Table, table=True):
    """A certificate as it was issued (志愿服务记录证明, 参与证明). Nothing of it is edited: it is voided, and another
    one takes its place.

    `number` counts all certificates of a year from 1. `code` is what verifies it: whoever holds the paper has it, and
    nobody can guess one. `facts` are what it says; where it was drawn from may change afterwards.
    """

    __tablename__ = "certificate"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("year", "number"),
        CheckConstraint("(volunteer_id IS NULL) <> (child_id IS NULL)", name="one_holder"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    year: int
    number: int
    code: str = Field(unique=True, max_length=20)
    volunteer_id: int | None = Field(default=None, foreign_key="volunteer.id", index=True)
    child_id: int | None = Field(default=None, foreign_key="child.id", index=True)
    term_id: int = Field(foreign_key="term.id", index=True)
    class_run_id: int | None = Field(default=None, foreign_key="class_run.id", index=True)
    holder: str = Field(max_length=100)
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    issued_on: date
    issued_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    issued_by_id: int | None = Field(default=None, foreign_key="account.id")
    voided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    voided_by_id: int | None = Field(default=None, foreign_key="account.id")
    void_reason: str = Field(default="", max_length=200)
    replaced_by_id: int | None = Field(default=None, foreign_key="certificate.id")

    @property
    def state(self) -> str:
        """`valid`, `replaced` by another one, or `void`."""
        if self.voided_at is None:
            return "valid"
        return "void" if self.replaced_by_id is None else "replaced"

    @property
    def shown_number(self) -> str:
        """The number as it is printed: 2026-000017."""
        return f"{self.year}-{self.number:06d}"
