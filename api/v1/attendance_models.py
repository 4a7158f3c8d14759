"""What the interface of attendance takes and answers with."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AwareDatetime, Field

from api.v1.models import Model
from registry.attendance.marks import MarkInput
from registry.attendance.page import DayPage, Line
from registry.attendance.sheets import SheetRow
from registry.attendance.states import Mark, State

KEY = Field(min_length=1, max_length=64, description="The device's own name for it: sending it again does nothing.")


class OwnClass(Model):
    """A class that one looks after."""

    class_run_id: int
    name: str
    site_id: int
    site: str


class MarkIn(Model):
    """A mark about a child. `device_at` and `sent_at` are by the device's clock; it may be wrong."""

    child_id: int = Field(ge=1, le=2**31 - 1, examples=[5])
    mark: Mark = Field(examples=["check_in"])
    key: str = KEY
    device_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    remark: str = Field(default="", max_length=1000, description="What the morning health check found.")
    collector: str = Field(default="", max_length=40, examples=["guardian:3"])
    code: str = Field(default="", max_length=20, description="The code of a delegation.")

    def entered(self) -> MarkInput:
        """For the registry."""
        return MarkInput(
            self.child_id, self.mark.value, self.key, self.device_at, self.sent_at, self.remark, self.collector,
            self.code,
        )  # fmt: skip


class MarkOut(Model):
    """Where the child is now. `problem` says what is wrong with the collector's code: nothing was noted then."""

    state: State
    is_new: bool = Field(description="False where the mark was here already.")
    at: datetime | None
    is_skewed: bool = Field(description="Whether the device's clock is out.")
    problem: str


class CollectorOut(Model):
    """Somebody who may be chosen at sign-out."""

    reference: str
    name: str
    relation: str
    needs_code: bool


class LineOut(Model):
    """A child. `forbidden` is told to the class lead alone."""

    child_id: int
    name: str
    state: State
    at: datetime | None
    collected_by: str
    collectors: list[CollectorOut]
    forbidden: list[str]
    health: str
    may_leave_alone: bool

    @classmethod
    def of(cls, line: Line) -> LineOut:
        """From the page's line."""
        last = line.on_roll.last()
        return cls(
            child_id=line.on_roll.child.id or 0, name=line.on_roll.child.name, state=line.state,
            at=last.at if last else None, collected_by=last.collector_name if last else "",
            collectors=[CollectorOut.model_validate(one) for one in line.collectors], forbidden=list(line.forbidden),
            health=line.health, may_leave_alone=line.may_leave_alone,
        )  # fmt: skip


class HeadsOut(Model):
    """A count of heads beside those who are signed in."""

    at: datetime
    counted: int
    present: int


class DayOut(Model):
    """A class on a day."""

    class_run_id: int
    day: date
    closed_at: datetime | None
    closes_at: datetime
    unaccounted: int
    heads: HeadsOut | None
    children: list[LineOut]

    @classmethod
    def of(cls, page: DayPage) -> DayOut:
        """From the page."""
        return cls(
            class_run_id=page.desk.class_run.id or 0, day=page.desk.day,
            closed_at=page.row.closed_at if page.row else None, closes_at=page.closes_at,
            unaccounted=page.open_children, heads=HeadsOut.model_validate(page.heads) if page.heads else None,
            children=[LineOut.of(line) for line in page.lines],
        )  # fmt: skip


class HeadsIn(Model):
    """How many heads were counted."""

    counted: int = Field(ge=0, le=500)
    key: str = KEY


class Reason(Model):
    """Why."""

    reason: str = Field(max_length=2000, examples=["记错了接走的人"])


class SheetRowIn(Model):
    """A line of a sheet on paper. Times are 08:31 or empty; `collector` is a reference, or `alone`."""

    child_id: int = Field(ge=1, le=2**31 - 1)
    is_absent: bool = False
    came: str = Field(default="", max_length=8, examples=["08:31"])
    left: str = Field(default="", max_length=8)
    collector: str = Field(default="", max_length=40)
    remark: str = Field(default="", max_length=1000)


class SheetIn(Model):
    """A sheet."""

    rows: list[SheetRowIn] = Field(max_length=60)

    def entered(self) -> list[SheetRow]:
        """For the registry."""
        return [SheetRow(**row.model_dump()) for row in self.rows]


class Added(Model):
    """How many marks were added, or classes closed."""

    n: int


class Person(Model):
    """Whom to call."""

    name: str
    relation: str
    phone: str


class WaitingOut(Model):
    """A child that is still there."""

    child_id: int
    name: str
    people: list[Person]


class ClassLine(Model):
    """A class of a site on a day."""

    class_run_id: int
    name: str
    states: dict[State, int]
    unaccounted: int
    is_closed: bool


class SiteDay(Model):
    """A site on a day: distinct children (人) and attendances (人次)."""

    children: int
    attendances: int
    classes: list[ClassLine]


class StayOut(Model):
    """A volunteer's stay."""

    id: int
    volunteer_id: int
    site_id: int
    day: date
    came_at: datetime
    left_at: datetime | None
    reason: str


class StayIn(Model):
    """Other times for a stay."""

    came_at: AwareDatetime
    left_at: AwareDatetime | None = None
    reason: str = Field(max_length=2000)


class ServiceIn(Model):
    """I am here."""

    site_id: int = Field(ge=1, le=2**31 - 1)
    key: str = KEY


class DayHoursOut(Model):
    """A day of service."""

    day: date
    minutes: int
    hours: float
    is_open: bool


class HoursOut(Model):
    """Service hours, rounded day by day; ways there and back are no part of them."""

    hours: float
    days: list[DayHoursOut]


class ReportIn(Model):
    """What a family says about a day: absent, late, coming."""

    class_run_id: int = Field(ge=1, le=2**31 - 1)
    day: date
    mark: str = Field(max_length=20, examples=["absent"])


class DelegationIn(Model):
    """Another adult collects."""

    day: date
    name: str = Field(max_length=1000)
    relation: str = Field(max_length=20, examples=["friend"])


class DelegationOut(Model):
    """The code is told once; it works once, on that day."""

    id: int
    day: date
    name: str
    code: str


class LessonOut(Model):
    """A lesson of the published timetable."""

    starts_at: str
    course: str


class TodayOut(Model):
    """A child's day at one class."""

    class_run_id: int
    class_run: str
    site: str
    day: date
    state: State
    arrived_at: datetime | None
    left_at: datetime | None
    collected_by: str
    adults: list[str]
    lessons: list[LessonOut]
