"""What the office sets for volunteers, and the courses that they offer and it confirms."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession
from api.v1.accounts import PERSONAL
from api.v1.duty_models import Answered
from registry.duties.wishes import Rules, decide_course, offered_courses, rules_of, set_rules

router = APIRouter(prefix="/office/volunteering", tags=["duties"], responses=PERSONAL, dependencies=DESCRIBED)

AnId = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]


class RulesModel(BaseModel):
    """What the office sets for volunteers."""

    bring: str = Field(default="", max_length=1000)
    reminder_hour: int = Field(ge=0, le=1000, examples=[18])
    swap_hours: int = Field(ge=0, le=1000, examples=[24])
    wishes_until: date | None = None


class WaitingCourse(BaseModel):
    """A course that somebody offers."""

    volunteer: int
    name: str
    course: int
    course_name: str


class VolunteeringModel(RulesModel):
    """The same with what waits."""

    waiting: list[WaitingCourse]


class CourseAnswer(BaseModel):
    """Whether a course is confirmed."""

    is_confirmed: bool


@router.get("", summary="What is set for volunteers")
def rules(session: DbSession, actor: SignedIn) -> VolunteeringModel:
    """With the courses that wait for confirmation."""
    waiting = [
        WaitingCourse(volunteer=person.id or 0, name=person.name, course=course.id or 0, course_name=course.name)
        for _, person, course in offered_courses(session, actor)
    ]
    found = rules_of(session)
    return VolunteeringModel(
        bring=found.bring, reminder_hour=found.reminder_hour, swap_hours=found.swap_hours,
        wishes_until=found.wishes_until, waiting=waiting,
    )  # fmt: skip


@router.put("", summary="Set it")
def change_rules(session: DbSession, actor: SignedIn, given: RulesModel) -> Answered:
    """Reminders, swaps, wishes, what to bring."""
    set_rules(session, actor, Rules(given.bring, given.reminder_hour, given.swap_hours, given.wishes_until))
    return Answered(changed=1)


@router.post("/{id}/courses/{course}", summary="Confirm a course, or not")
def decide(session: DbSession, actor: SignedIn, id: AnId, course: AnId, given: CourseAnswer) -> Answered:
    """From then on the solver knows of it."""
    decide_course(session, actor, id, course, is_confirmed=given.is_confirmed)
    return Answered(changed=1)
