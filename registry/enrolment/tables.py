"""Rounds and their places, applications and wishes, draws, waitlists, places, and the history of all of it."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field

from registry.db import Table, UtcDateTime
from registry.keys import EncryptedText


class Mode(StrEnum):
    """How a round gives its places."""

    LOTTERY = "lottery"
    FIRST_COME = "first_come"
    APPROVAL = "approval"


class ApplicationStatus(StrEnum):
    """Where an application is on its way (DOMAIN.md, Enrolment)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    REJECTED = "rejected"
    PLACED = "placed"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    ATTENDING = "attending"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    NO_SHOW = "no_show"


class PlaceStatus(StrEnum):
    """Where one place of an application is on its way."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    GIVEN_BACK = "given_back"


class PriorityGroup(Table, table=True):
    """A group that is served before others (优先群体), and its tier: 0 first. Never shown in a public list."""

    __tablename__ = "priority_group"

    code: str = Field(primary_key=True, max_length=30)
    name_zh: str = Field(max_length=50)
    name_en: str = Field(max_length=100)
    tier: int
    is_active: bool = True


class EnrolmentRound(Table, table=True):
    """A round of enrolment (报名轮次). Whether it is open follows from the clock; what was done to it is stored.

    `seed_commitment` is the SHA-256 of a secret seed, published before the round opens; `seed_event` instead names a
    public event after closing. `frozen_*` come when the applications are frozen, before the seed is known or revealed.
    """

    __tablename__ = "enrolment_round"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("season", "number"),
        CheckConstraint("opens_at < closes_at", name="in_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    season: int = Field(foreign_key="season.year")
    number: int
    name: str = Field(max_length=100)
    mode: str = Field(max_length=20)
    opens_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    closes_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    confirm_by: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    offer_hours: int = 24
    most_wishes: int = 5
    most_seats: int = 1
    order: str = Field(default="served-first", max_length=20)
    families: str = Field(default="prefer-together", max_length=20)
    waitlist_length: int = 20
    notes_zh: str = Field(default="", max_length=2000)
    notes_en: str = Field(default="", max_length=2000)
    seed_commitment: str | None = Field(default=None, max_length=64)
    seed_secret: str | None = Field(default=None, sa_column=Column(EncryptedText("enrolment_round.seed_secret")))
    seed_event: str | None = Field(default=None, max_length=200)
    announced_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    frozen_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    frozen_hash: str | None = Field(default=None, max_length=64)
    published_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    cancelled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class RoundClass(Table, table=True):
    """A class run that a round gives places of, and how many."""

    __tablename__ = "round_class"

    round_id: int = Field(primary_key=True, foreign_key="enrolment_round.id")
    class_run_id: int = Field(primary_key=True, foreign_key="class_run.id", index=True)
    places: int
    min_to_open: int


class ClassDay(Table, table=True):
    """How many places of a class run are taken on a weekday (1 to 5). The check is what no rush gets past."""

    __tablename__ = "class_day"
    __table_args__: ClassVar[Any] = (CheckConstraint("taken >= 0 AND taken <= places", name="not_oversold"),)

    class_run_id: int = Field(primary_key=True, foreign_key="class_run.id")
    weekday: int = Field(primary_key=True)
    places: int
    taken: int = 0


class Application(Table, table=True):
    """One child's application in one round (报名).

    `number` is the receipt's. `draw_name` is the child's name in draws: another one, known to the family alone,
    because a draw's list shows tiers and the public notice shows numbers beside masked names. `request_key` makes
    sending it again harmless. `version` grows with every change, so that two phones cannot overwrite each other unseen.
    """

    __tablename__ = "application"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("round_id", "child_id"),
        Index("ix_application_round_id_status", "round_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, max_length=20)
    draw_name: str = Field(default_factory=lambda: secrets.token_hex(6), unique=True, max_length=20)
    round_id: int = Field(foreign_key="enrolment_round.id")
    child_id: int = Field(foreign_key="child.id", index=True)
    guardian_id: int = Field(foreign_key="guardian.id", index=True)
    request_key: str | None = Field(default=None, unique=True, max_length=64)
    status: str = Field(default=ApplicationStatus.DRAFT.value, max_length=20)
    version: int = 1
    seats: int = 1
    weekdays: list[int] = Field(sa_column=Column(JSON, nullable=False))
    together: bool = True
    group_code: str | None = Field(default=None, foreign_key="priority_group.code", max_length=30)
    group_status: str = Field(default="none", max_length=20)
    group_verified_by: str = Field(default="", max_length=100)
    group_verified_on: date | None = None
    rejected_because: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    submitted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Wish(Table, table=True):
    """A class run that an application asks for; rank 1 is the dearest."""

    __tablename__ = "wish"
    __table_args__: ClassVar[Any] = (UniqueConstraint("application_id", "class_run_id"),)

    application_id: int = Field(primary_key=True, foreign_key="application.id")
    rank: int = Field(primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id", index=True)


class Place(Table, table=True):
    """A place of an application in a class run; `rank` is the wish's.

    `source`: draw, waitlist, first_come, approval.
    """

    __tablename__ = "place"
    __table_args__: ClassVar[Any] = (UniqueConstraint("application_id", "class_run_id"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    class_run_id: int = Field(foreign_key="class_run.id", index=True)
    rank: int
    source: str = Field(max_length=20)
    status: str = Field(max_length=20)
    offered_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    answer_by: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class WaitlistEntry(Table, table=True):
    """An application on the waitlist of a class run (候补), in the order of `position`; a gap says that somebody left.

    `state`: waiting, offered, placed, left.
    """

    __tablename__ = "waitlist_entry"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("class_run_id", "application_id"),
        Index("ix_waitlist_entry_class_run_id_position", "class_run_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    class_run_id: int = Field(foreign_key="class_run.id")
    application_id: int = Field(foreign_key="application.id", index=True)
    rank: int
    position: int
    state: str = Field(default="waiting", max_length=20)
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class ApplicationEvent(Table, table=True):
    """What happened to an application, as a code and facts: the history its family reads. Never changed or deleted
    before the application is."""

    __tablename__ = "application_event"

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id", index=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    code: str = Field(max_length=50)
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    account_id: int | None = Field(default=None, foreign_key="account.id")


class Draw(Table, table=True):
    """A draw of a round: what was frozen, what came out, and the certificate that anybody can verify.

    `status`: queued, solving, done, failed, published. Children in it are called by `Application.draw_name`.
    """

    __tablename__ = "draw"

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="enrolment_round.id", index=True)
    status: str = Field(default="queued", max_length=20)
    seed: str = Field(max_length=200)
    seed_source: str = Field(max_length=300)
    problem_json: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    result_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    certificate_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    reasons_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    progress_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    failure_json: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    stop_asked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    published_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    published_by_id: int | None = Field(default=None, foreign_key="account.id")


class PublicNotice(Table, table=True):
    """A public notice (公示): masked name, class, number, nothing else, as it was published."""

    __tablename__ = "public_notice"

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="enrolment_round.id", index=True)
    rows: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    published_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
