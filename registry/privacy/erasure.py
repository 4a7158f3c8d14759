"""Deleting what is held about a child, so that it cannot be found again.

What goes: name, sex, day of birth, school, papers, health, collectors, contacts, guardians' link to the child,
attendance, certificates, notes, photos with the child, applications, wishes, waitlists, history, names in notices and
messages. Two things stay, without a name: the proof of consent (item, text, answer, moment, guardian), which the
district has to be able to show, and of an application that was drawn the number, because the draw could not be
verified without it. A safeguarding concern is never deleted. An insurance list that was made final holds its persons
until the rule `insurance_lists` takes them out, 30 days after the cover.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, delete, select, update

from registry import clock
from registry.accounts.tables import Account, OutboxMessage
from registry.attendance.tables import AttendanceEvent, PickupDelegation
from registry.books.withdraw import erase_books
from registry.certificates.tables import Certificate
from registry.enrolment.tables import (
    Application,
    ApplicationEvent,
    ApplicationStatus,
    EnrolmentRound,
    Place,
    PublicNotice,
    WaitlistEntry,
    Wish,
)
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardian,
    GuardianInvitation,
    Guardianship,
)
from registry.growth.forget import forget_notes_of_child
from registry.privacy.access_log import note_access
from registry.privacy.staff import ERASED
from registry.privacy.tables import DataRequest
from registry.programme import ClassRun, Term

OVER = (
    ApplicationStatus.DRAFT.value, ApplicationStatus.REJECTED.value, ApplicationStatus.WITHDRAWN.value,
    ApplicationStatus.COMPLETED.value, ApplicationStatus.NO_SHOW.value,
)  # fmt: skip
"""An application like that asks for nothing more."""


def standing(session: Session, child_id: int, *, drafts: bool = False) -> list[Application]:
    """Applications that somebody still relies on: sent, not withdrawn, of a round whose terms are not over; with
    `drafts` those too that are still being filled in."""
    over = [status for status in OVER if not drafts or status != ApplicationStatus.DRAFT]
    sent = (
        select(Application)
        .join(EnrolmentRound, col(EnrolmentRound.id) == Application.round_id)
        .where(Application.child_id == child_id, col(Application.status).not_in(over))
        .where(col(EnrolmentRound.cancelled_at).is_(None))
    )
    today = clock.today()
    return [one for one in session.exec(sent) if (last_day(session, one) or today) >= today]


def last_day(session: Session, application: Application) -> date | None:
    """The last day of the last term that an application wishes for; None without a wish."""
    ends = (
        select(col(Term.ends_on))
        .join(ClassRun, col(ClassRun.term_id) == Term.id)
        .join(Wish, col(Wish.class_run_id) == ClassRun.id)
        .where(Wish.application_id == application.id)
    )
    return max(session.exec(ends), default=None)


def erase_child(session: Session, child_id: int, account_id: int | None, reason: str) -> None:
    """Delete what is held about a child; see above. Whoever asks has made sure that nobody relies on it.

    Raises:
        ValueError: an application stands: the caller has to refuse that.
    """
    if standing(session, child_id):
        raise ValueError("an application stands")
    child = session.get_one(Child, child_id)
    mine = list(session.exec(select(Application).where(Application.child_id == child_id)))
    numbers = {application.number for application in mine}
    _forget_messages(session, child_id, numbers)
    for application in mine:
        erase_application(session, application)
    erase_books(session, child_id)
    session.execute(update(AttendanceEvent).where(col(AttendanceEvent.child_id) == child_id).values(undoes_id=None))
    session.execute(update(Certificate).where(col(Certificate.child_id) == child_id).values(replaced_by_id=None))
    for table in (
        AttendanceEvent, Certificate, PickupDelegation, AuthorizedCollector, CollectionRestriction, EmergencyContact,
        GuardianInvitation, Guardianship,
    ):  # fmt: skip
        session.execute(delete(table).where(col(table.child_id) == child_id))
    forget_notes_of_child(session, child_id, child.name)
    session.execute(update(DataRequest).where(col(DataRequest.child_id) == child_id).values(text=""))
    child.name, child.sex, child.school = ERASED, "", ""
    child.born_on = date(child.born_on.year, 1, 1)
    child.paper_kind = child.paper_number = child.health_note = None
    child.changed_at = clock.now()
    session.add(child)
    note_access(session, account_id, "child.erased", "child", child_id, reason=reason)


def erase_application(session: Session, application: Application) -> None:
    """Delete an application. One whose list was frozen for a draw keeps its number and wishes, and nothing else."""
    number = application.id
    session.execute(delete(ApplicationEvent).where(col(ApplicationEvent.application_id) == number))
    is_frozen = session.get_one(EnrolmentRound, application.round_id).frozen_at is not None
    has_place = session.exec(select(Place.id).where(Place.application_id == number)).first() is not None
    if is_frozen or has_place:
        application.request_key = None
        application.group_code, application.group_status, application.group_verified_by = None, "none", ""
        application.group_verified_on, application.rejected_because = None, ""
        session.add(application)
        _forget_notices(session, application)
    else:
        for table in (WaitlistEntry, Wish):
            session.execute(delete(table).where(col(table.application_id) == number))
        session.delete(application)
    session.flush()


def _forget_notices(session: Session, application: Application) -> None:
    """Take the masked name out of public notices; the number stays, so that the list is whole."""
    for notice in session.exec(select(PublicNotice).where(PublicNotice.round_id == application.round_id)):
        if any(row.get("number") == application.number for row in notice.rows):
            notice.rows = [
                {**row, "name": "—"} if row.get("number") == application.number else row for row in notice.rows
            ]
            session.add(notice)


def _forget_messages(session: Session, child_id: int, numbers: set[str]) -> None:
    """Messages to the guardians that name these applications."""
    phones = (
        select(Account.phone)
        .join(Guardian, col(Guardian.account_id) == Account.id)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .where(Guardianship.child_id == child_id)
    )
    for message in session.exec(select(OutboxMessage).where(col(OutboxMessage.phone).in_(phones))):
        if message.facts.get("number") in numbers:
            session.delete(message)
    session.flush()
