"""What the interface says of volunteers' duties and answers, and takes from them."""

from __future__ import annotations

from datetime import date, time

from pydantic import BaseModel, Field

from registry.duties.answers import REASONS
from registry.duties.desk import AnswersView, SiteDay
from registry.duties.mine import Stay


class OwnLessonModel(BaseModel):
    """A lesson that one gives. Without a room it is in the class's own."""

    starts: time
    ends: time
    course: str
    room: str


class StayModel(BaseModel):
    """Some time with one class on one day. `role` is empty for who comes for lessons alone; `state` is confirmed,
    absent or empty."""

    day: date
    starts: time
    ends: time
    role: str = Field(examples=["assistant"])
    class_run_id: int
    class_run: str
    children: int
    site: str
    address: str
    longitude: float
    latitude: float
    others: list[str]
    lessons: list[OwnLessonModel]
    parts: list[str] = Field(examples=[["am", "noon"]])
    state: str = Field(examples=["confirmed"])
    absences: list[int]


class HealthModel(BaseModel):
    """A child of the class at hand about whose health something is known."""

    child: str
    note: str


class NoteModel(BaseModel):
    """A note that somebody left to who comes next."""

    day: date
    text: str
    by: str


class OwnDuties(BaseModel):
    """The next duty, what to know of its class, and a week. Health is told on the day alone."""

    coming: StayModel | None
    health: list[HealthModel]
    notes: list[NoteModel]
    week: date
    is_published: bool
    stays: list[StayModel]


class Part(BaseModel):
    """A part of a day."""

    day: date
    part: str = Field(max_length=10, examples=["am"])


class NotComing(BaseModel):
    """Parts of days that somebody cannot come to; from a link none names all of them."""

    parts: list[Part] = Field(default_factory=list, max_length=50)
    reason: str = Field(default=REASONS[0], max_length=20, examples=["ill"])
    note: str = Field(default="", max_length=1000)


class Answered(BaseModel):
    """For how many days or parts that was news."""

    changed: int


class LinkModel(BaseModel):
    """What a link is about. `state` is open, confirmed, absent, over or outdated."""

    name: str
    state: str
    stays: list[StayModel]
    parts: list[Part]


class Note(BaseModel):
    """A note to who comes next."""

    text: str = Field(max_length=2000)


class MissingModel(BaseModel):
    """Somebody who cannot come and whom nobody has replaced yet."""

    absence: int
    volunteer: int
    name: str
    phone: str | None
    part: str
    classes: list[str]
    reason: str
    note: str


class SilentModel(BaseModel):
    """Somebody who has not answered."""

    volunteer: int
    name: str
    phone: str | None
    classes: list[str]
    parts: list[str]


class SiteDayModel(BaseModel):
    """A day of a site."""

    day: date
    site_id: int
    site: str
    expected: int
    confirmed: int
    missing: list[MissingModel]
    silent: list[SilentModel]


class Answers(BaseModel):
    """A week's answers, of the days still to come."""

    week: date
    is_published: bool
    days: list[SiteDayModel]


def stay_model(stay: Stay) -> StayModel:
    """A stay as it is told."""
    return StayModel(
        day=stay.day, starts=stay.starts, ends=stay.ends, role=stay.role, class_run_id=stay.class_run_id,
        class_run=stay.class_run, children=stay.children, site=stay.site, address=stay.address,
        longitude=stay.longitude, latitude=stay.latitude, others=list(stay.others),
        lessons=[OwnLessonModel(starts=x.starts, ends=x.ends, course=x.course, room=x.room) for x in stay.lessons],
        parts=list(stay.parts), state=stay.state, absences=list(stay.absences),
    )  # fmt: skip


def answers_model(found: AnswersView) -> Answers:
    """The answers of a week as they are told."""
    return Answers(week=found.monday, is_published=found.is_published, days=[_site_day(d) for d in found.days])


def _site_day(found: SiteDay) -> SiteDayModel:
    return SiteDayModel(
        day=found.day, site_id=found.site_id, site=found.site, expected=found.expected, confirmed=found.confirmed,
        missing=[
            MissingModel(
                absence=m.absence_id, volunteer=m.volunteer_id, name=m.name, phone=m.phone, part=m.part,
                classes=list(m.classes), reason=m.reason, note=m.note,
            )
            for m in found.missing
        ],
        silent=[
            SilentModel(
                volunteer=s.volunteer_id, name=s.name, phone=s.phone, classes=list(s.classes), parts=list(s.parts)
            )
            for s in found.silent
        ],
    )  # fmt: skip
