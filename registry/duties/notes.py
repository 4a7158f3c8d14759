"""Notes from those who were with a class to those who are with it next. A child's health has no place in them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Actor
from registry.conventions.texts import half_width, note_of
from registry.duties.answer_tables import HandoverNote
from registry.duties.answers import volunteer_of
from registry.duties.days import classes_on
from registry.duties.moment import moment
from registry.errors import FieldProblem, Invalid, NotFound
from registry.people import Volunteer

LONGEST = 300
DAYS_BACK = 7
"""Whoever comes next reads the notes of so many days."""
WRITES_FOR = timedelta(days=1)
"""A note can still be written on the day after."""
HEALTH = re.compile(
    "过敏|癫痫|哮喘|吃药|用药|服药|发烧|发热|病历|诊断|多动症|自闭症|抑郁|糖尿病|心脏病|allerg|asthma|epilep|medicin|medicat|"
    "fever|diabet|autis|adhd",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d[\d\s-]{9,}\d")
"""A telephone number, an identity number."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is read."""

    day: date
    text: str
    by: str
    written_at: datetime


def notes_for(session: Session, runs: Collection[int], until: date) -> dict[int, tuple[Note, ...]]:
    """The notes of classes of the last days up to a day, the newest first: for whoever is with them that day."""
    wanted = (
        select(HandoverNote, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == HandoverNote.volunteer_id)
        .where(col(HandoverNote.class_run_id).in_(runs))
        .where(col(HandoverNote.day).between(until - timedelta(days=DAYS_BACK), until))
        .order_by(col(HandoverNote.written_at).desc(), col(HandoverNote.id).desc())
    )
    found: dict[int, tuple[Note, ...]] = {}
    for row, name in session.exec(wanted):
        note = Note(row.day, row.text, name, row.written_at)
        found[row.class_run_id] = (*found.get(row.class_run_id, ()), note)
    return found


def read_notes(session: Session, actor: Actor, class_run_id: int, day: date) -> tuple[Note, ...]:
    """The notes of a class for somebody who is with it on that day.

    Raises:
        NotAllowed: for who is no volunteer. NotFound: `class_not_yours`, the actor is not with it that day.
    """
    _require_there(session, actor, class_run_id, day)
    return notes_for(session, [class_run_id], day).get(class_run_id, ())


def write_note(session: Session, actor: Actor, class_run_id: int, day: date, text: str) -> HandoverNote:
    """Leave a note to whoever is with the class next, on the day itself or the day after.

    Raises:
        NotAllowed, NotFound: as `read_notes`.
        Invalid: at `text`: `needed`, `too_long`, `text_malformed`; `health_elsewhere`; `number_elsewhere`; at `day`
            `note_late`.
    """
    volunteer = _require_there(session, actor, class_run_id, day)
    if not day <= moment(session).date() <= day + WRITES_FOR:
        raise Invalid(FieldProblem("day", "note_late"))
    said = note_of("text", text, LONGEST)
    if not said:
        raise Invalid(FieldProblem("text", "needed"))
    if HEALTH.search(said):
        raise Invalid(FieldProblem("text", "health_elsewhere"))
    if NUMBER.search(half_width(said)):
        raise Invalid(FieldProblem("text", "number_elsewhere"))
    made = HandoverNote(
        class_run_id=class_run_id, day=day, text=said, volunteer_id=volunteer, written_at=clock.now()
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _require_there(session: Session, actor: Actor, class_run_id: int, day: date) -> int:
    volunteer = volunteer_of(actor)
    if class_run_id not in classes_on(session, volunteer, day):
        raise NotFound("class_not_yours", class_run=class_run_id)
    return volunteer
