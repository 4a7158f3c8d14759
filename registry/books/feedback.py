"""One-to-one feedback (一对一反馈): a volunteer or the lead writes to a child's guardians, who answer.

No other child is named. What a volunteer writes goes out once a lead has released it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Action, Actor, may, require
from registry.accounts.tables import Account
from registry.books.facts import ClassFacts, class_facts, guardians_phones
from registry.books.making import check_names
from registry.books.rights import reading_child
from registry.books.tables import GuardianFeedback, GuardianReply
from registry.conventions.texts import line_of
from registry.duties.days import classes_on
from registry.errors import Conflict, Denied, FieldProblem, Invalid, NotAllowed, NotFound
from registry.families.classes import children_of_class, class_run_of, subject_of_class
from registry.families.tables import Child
from registry.growth.language import Finding, check_language
from registry.privacy.access_log import note_access
from registry.privacy.staff import is_cleared
from registry.programme import ClassRun

LONGEST_BOX = 400
BOXES = ("strengths", "interests", "suggestion")
DAYS_TO_WRITE = 7
"""So many days after a duty its volunteer may still write, as with notes."""
RELEASED_MESSAGE = "feedback_released"


@dataclass(frozen=True, slots=True)
class FeedbackInput:
    """What is written. `is_sure`: a word that may be another child's given name is none."""

    strengths: str = ""
    interests: str = ""
    suggestion: str = ""
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """Feedback as staff see it, with its author and what the gentle check would have looked at again."""

    row: GuardianFeedback
    author: str
    findings: tuple[Finding, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """A class as somebody writes to its families."""

    class_run: ClassRun
    is_lead: bool


def feedback_desk(session: Session, actor: Actor, class_run_id: int) -> FeedbackDesk:
    """The class, where the actor may write: its lead, the coordinator, or who had a duty there in the last seven days.

    Raises:
        NotAllowed: for who writes none at all; `clearance_needed`. NotFound: `class_run_unknown`.
    """
    require(actor, Action.WRITE_FEEDBACK)
    class_run = class_run_of(session, class_run_id)
    is_lead = may(actor, Action.MAKE_BOOKS, subject_of_class(class_run))
    if not is_lead and not _was_there(session, actor, class_run_id):
        unknown = NotFound("class_run_unknown", class_run=class_run_id)
        unknown.denied = Denied(actor.account_id, Action.WRITE_FEEDBACK.value, "class_run", class_run_id)
        raise unknown
    if not is_cleared(session, actor):
        raise NotAllowed("clearance_needed")
    return FeedbackDesk(class_run, is_lead)


def my_feedback_classes(session: Session, actor: Actor) -> list[ClassRun]:
    """The classes of the volunteer's duties of the last seven days.

    Raises:
        NotAllowed: for who writes none at all.
    """
    require(actor, Action.WRITE_FEEDBACK)
    if actor.volunteer_id is None:
        return []
    found = {run for day in _recent() for run in classes_on(session, actor.volunteer_id, day)}
    return list(session.exec(select(ClassRun).where(col(ClassRun.id).in_(sorted(found))).order_by(col(ClassRun.name))))


def class_children(session: Session, actor: Actor, class_run_id: int) -> list[tuple[Child, int, int]]:
    """The children of a class with how many feedbacks there are, and how many of these wait to be released."""
    desk = feedback_desk(session, actor, class_run_id)
    wanted = select(GuardianFeedback).where(GuardianFeedback.class_run_id == class_run_id)
    if not desk.is_lead:
        wanted = wanted.where(GuardianFeedback.author_id == actor.account_id)
    rows = session.exec(wanted).all()
    return [
        (child, sum(row.child_id == child.id for row in rows),
         sum(row.child_id == child.id and row.released_at is None for row in rows))
        for child in children_of_class(session, class_run_id)
    ]  # fmt: skip


def child_feedback(session: Session, actor: Actor, class_run_id: int, child_id: int) -> list[FeedbackRow]:
    """What was written about a child, in order of time: all for the lead, the own for a volunteer.

    Raises:
        NotFound: `child_unknown`, for a child of another class; see `feedback_desk`.
    """
    desk = feedback_desk(session, actor, class_run_id)
    facts = class_facts(session, class_run_id)
    _child(facts, child_id)
    wanted = (
        select(GuardianFeedback, Account.name)
        .join(Account, col(Account.id) == GuardianFeedback.author_id)
        .where(GuardianFeedback.class_run_id == class_run_id, GuardianFeedback.child_id == child_id)
        .order_by(col(GuardianFeedback.id))
    )
    if not desk.is_lead:
        wanted = wanted.where(GuardianFeedback.author_id == actor.account_id)
    return [
        FeedbackRow(
            row, author,
            tuple(check_language({name: getattr(row, name) for name in BOXES}, facts.others(child_id))),
            row.author_id == actor.account_id,
        )
        for row, author in session.exec(wanted)
    ]  # fmt: skip


def write_feedback(
    session: Session, actor: Actor, class_run_id: int, child_id: int, given: FeedbackInput
) -> GuardianFeedback:
    """Write to a child's guardians. The same words again are stored once.

    Raises:
        NotFound, NotAllowed: see `child_feedback`. Invalid: at each box `needed`, `too_long`, `text_malformed`,
            `names_other_child`, `may_name_child`.
    """
    feedback_desk(session, actor, class_run_id)
    boxes = _boxes(class_facts(session, class_run_id), child_id, given)
    same = select(GuardianFeedback).where(
        GuardianFeedback.child_id == child_id, GuardianFeedback.author_id == actor.account_id,
        GuardianFeedback.class_run_id == class_run_id, GuardianFeedback.strengths == boxes["strengths"],
    )  # fmt: skip
    if (known := session.exec(same).first()) is not None:
        return known
    made = GuardianFeedback(
        class_run_id=class_run_id, child_id=child_id, author_id=actor.account_id, written_at=clock.now(),
        changed_at=clock.now(), **boxes,
    )  # fmt: skip
    session.add(made)
    session.flush()
    note_access(session, actor.account_id, Action.WRITE_FEEDBACK.value, "child", child_id)
    return made


def change_feedback(session: Session, actor: Actor, feedback_id: int, given: FeedbackInput) -> GuardianFeedback:
    """Write it anew before it is released: the own, or as a lead any.

    Raises:
        NotFound: `feedback_unknown`. Conflict: `feedback_released`. Invalid: as `write_feedback`.
    """
    row = _row(session, actor, feedback_id)
    if row.released_at is not None:
        raise Conflict("feedback_released")
    for name, text in _boxes(class_facts(session, row.class_run_id), row.child_id, given).items():
        setattr(row, name, text)
    row.changed_at = clock.now()
    session.add(row)
    session.flush()
    return row


def release_feedback(session: Session, actor: Actor, feedback_id: int) -> GuardianFeedback:
    """Let the guardians read it, and tell them once. Released twice is released once.

    Raises:
        NotFound: `feedback_unknown`. NotAllowed: `not_allowed`, for who is not the lead.
    """
    require(actor, Action.MAKE_BOOKS)
    row = _row(session, actor, feedback_id)
    require(actor, Action.MAKE_BOOKS, subject_of_class(class_run_of(session, row.class_run_id)))
    if row.released_at is None:
        row.released_at, row.released_by = clock.now(), actor.account_id
        session.add(row)
        session.flush()
        note_access(session, actor.account_id, "feedback.release", "child", row.child_id)
        for phone in guardians_phones(session, [row.child_id]):
            post(session, phone, RELEASED_MESSAGE, {})
    return row


def drop_feedback(session: Session, actor: Actor, feedback_id: int) -> None:
    """Delete it before it is released.

    Raises:
        NotFound: `feedback_unknown`. Conflict: `feedback_released`.
    """
    row = _row(session, actor, feedback_id)
    if row.released_at is not None:
        raise Conflict("feedback_released")
    session.delete(row)
    session.flush()


def family_feedback(
    session: Session, actor: Actor, child_id: int, class_run_id: int
) -> tuple[Child, list[tuple[GuardianFeedback, str]], list[tuple[GuardianReply, str]]]:
    """What was told to the guardians of the own child, and what they answered, whether or not a book is released.

    Raises:
        NotFound: `child_unknown`, also for another family's; `book_unknown`, where it has no place in the class.
    """
    child = reading_child(session, actor, child_id, class_run_id)
    facts = class_facts(session, class_run_id)
    return child, list(facts.feedback.get(child_id, ())), list(facts.replies.get(child_id, ()))


def _row(session: Session, actor: Actor, feedback_id: int) -> GuardianFeedback:
    require(actor, Action.WRITE_FEEDBACK)
    row, unknown = session.get(GuardianFeedback, feedback_id), NotFound("feedback_unknown", feedback=feedback_id)
    if row is None:
        raise unknown
    try:
        desk = feedback_desk(session, actor, row.class_run_id)
    except NotFound as other:
        unknown.denied = other.denied
        raise unknown from None
    if not desk.is_lead and row.author_id != actor.account_id:
        raise unknown
    return row


def _boxes(facts: ClassFacts, child_id: int, given: FeedbackInput) -> dict[str, Any]:
    child = _child(facts, child_id)
    found: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for name in BOXES:
        try:
            found[name] = line_of(name, getattr(given, name), LONGEST_BOX, needed=name == "strengths")
            check_names(name, found[name], facts, child, is_sure=given.is_sure)
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(*problems)
    return found


def _child(facts: ClassFacts, child_id: int) -> Child:
    child = facts.child(child_id)
    if child is None:
        raise NotFound("child_unknown", child=child_id)
    return child


def _was_there(session: Session, actor: Actor, class_run_id: int) -> bool:
    volunteer = actor.volunteer_id
    return volunteer is not None and any(class_run_id in classes_on(session, volunteer, day) for day in _recent())


def _recent() -> list[date]:
    return [clock.today() - timedelta(days=n) for n in range(DAYS_TO_WRITE + 1)]
