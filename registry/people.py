"""Volunteers: who they are, when and what they can do, where they must not be, whether they are cleared."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from registry.db import Table

KINDS = (
    "university_student", "teacher", "expert", "medical_staff", "social_worker",
    "community_cadre", "parent", "pupil", "other",
)  # fmt: skip
ADULT_AGE = 18
YOUNGEST_AGE = 14
FROM_WORKBOOK = "workbook"


class Volunteer(Table, table=True):
    """A volunteer (志愿者). `born_on` is the first day of the birth month: no more is asked for.

    The home is the sub-district named; where that is lies is worked out from its sites when it is needed.
    """

    __tablename__ = "volunteer"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("name", "phone"),
        CheckConstraint("preferred_segments <= max_segments", name="preferred_within_max"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100, index=True)
    sex: str = Field(max_length=10)
    born_on: date
    phone: str | None = Field(default=None, max_length=20)
    kind: str = Field(max_length=30)
    organisation: str = Field(default="", max_length=200)
    is_lead: bool = False
    is_assistant: bool = False
    is_instructor: bool = False
    max_segments: int
    preferred_segments: int
    home_subdistrict: str = Field(default="", max_length=50)
    reach_km: float
    remark: str = Field(default="", max_length=500)


class VolunteerAvailability(Table, table=True):
    """A volunteer can come on this weekday (1 Monday … 7) in this part of the day."""

    __tablename__ = "volunteer_availability"

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    weekday: int = Field(primary_key=True)
    part: str = Field(primary_key=True, max_length=10)


class DatedAvailability(Table, table=True):
    """On this day a volunteer can come, or not, in this part of the day, whatever they can in other weeks."""

    __tablename__ = "dated_availability"

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    day: date = Field(primary_key=True, index=True)
    part: str = Field(primary_key=True, max_length=10)
    comes: bool


class TeachableCourse(Table, table=True):
    """A volunteer can give this course."""

    __tablename__ = "teachable_course"

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    course_id: int = Field(primary_key=True, foreign_key="course.id")


class PreferredSite(Table, table=True):
    """A volunteer would like to be at this site."""

    __tablename__ = "preferred_site"

    volunteer_id: int = Field(primary_key=True, foreign_key="volunteer.id")
    site_id: int = Field(primary_key=True, foreign_key="site.id")


class ClearanceCheck(Table, table=True):
    """A background check (从业查询) that found nothing: its date, never the record itself."""

    __tablename__ = "clearance_check"
    __table_args__: ClassVar[Any] = (UniqueConstraint("volunteer_id", "checked_on", "source"),)

    id: int | None = Field(default=None, primary_key=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    checked_on: date
    source: str = Field(default="office", max_length=20)


class TrainingRecord(Table, table=True):
    """A training before the season (岗前培训) that a volunteer has finished."""

    __tablename__ = "training_record"
    __table_args__: ClassVar[Any] = (UniqueConstraint("volunteer_id", "topic", "trained_on"),)

    id: int | None = Field(default=None, primary_key=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    topic: str = Field(max_length=100)
    trained_on: date
    hours: float = 0.0


class Ban(Table, table=True):
    """A volunteer must not meet a class, or anybody at a site: exactly one of the two is given."""

    __tablename__ = "ban"
    __table_args__: ClassVar[Any] = (CheckConstraint("(site_id IS NULL) <> (class_run_id IS NULL)", name="one_target"),)

    id: int | None = Field(default=None, primary_key=True)
    volunteer_id: int = Field(foreign_key="volunteer.id", index=True)
    site_id: int | None = Field(default=None, foreign_key="site.id")
    class_run_id: int | None = Field(default=None, foreign_key="class_run.id")
    reason: str = Field(default="", max_length=500)
    source: str = Field(default="office", max_length=20)


def adult_from(born_on: date) -> date:
    """The day from which a volunteer counts as an adult.

    Only year and month of birth are known, so it is the first day of the month after the 18th birthday.
    """
    return _month_after(born_on.replace(year=born_on.year + ADULT_AGE, day=1))


def is_adult(born_on: date, on: date) -> bool:
    """Whether somebody born in that month is an adult on that day."""
    return on >= adult_from(born_on)


def is_old_enough(born_on: date, on: date) -> bool:
    """Whether somebody born in that month may help at all: certainly 14 years old on that day."""
    return on >= _month_after(born_on.replace(year=born_on.year + YOUNGEST_AGE, day=1))


def is_clearance_valid(checked_on: date, first: date, last: date, months: int) -> bool:
    """A check counts if it is no later than the first day and at most `months` older than the last."""
    return months_before(last, months) <= checked_on <= first


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier; the month's last day where there is no such day."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, (_month_after(first) - first).days))


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
