"""How long data are kept (保存期限): rules as data, found and deleted by one function, first as a trial."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, func, or_, select, update

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import LoginSession, OutboxMessage, SignInAttempt, SignInCode
from registry.attendance.tables import AttendanceDay, AttendanceEvent, HeadCount, PickupDelegation, ServiceStay
from registry.books.withdraw import sweep_books
from registry.clock import SHANGHAI
from registry.duties.answer_tables import HandoverNote
from registry.enrolment.tables import Application, ApplicationStatus, EnrolmentRound, Place, PlaceStatus, Wish
from registry.families.tables import Child, CollectionRestriction, GuardianInvitation
from registry.growth.forget import forget_notes, forget_photos, loose_photos, old_drafts, old_photos, sweep_photos
from registry.insurance.tables import InsuranceList
from registry.privacy.access_log import note_access
from registry.privacy.erasure import erase_child, standing
from registry.privacy.staff import ERASED
from registry.privacy.tables import AccessLog, ConsentRecord, RetentionRun
from registry.programme import ClassRun, Term

KEPT_PLACE = (PlaceStatus.CONFIRMED.value, PlaceStatus.OFFERED.value)
Find = Callable[[Session, date], list[int]]
"""The rows that a rule deletes, if the last day that is kept is that day."""
Forget = Callable[[Session, Collection[int]], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is deleted so many days after what; `find` is told the day up to which that has to lie."""

    code: str
    days: int
    find: Find
    forget: Forget


def _ends(session: Session, statuses: Collection[str] | None, column: Any) -> dict[int, date]:
    """Of each child the last such day of the terms that it has a place in (`statuses`), or wished for (None)."""
    via = Wish if statuses is None else Place
    rows = (
        select(Application.child_id, func.max(column))
        .join(via, col(via.application_id) == Application.id)
        .join(ClassRun, col(ClassRun.id) == via.class_run_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .group_by(col(Application.child_id))
    )
    if statuses is not None:
        rows = rows.where(col(Place.status).in_(statuses))
    return dict(session.exec(rows).all())


def _not_placed(session: Session, until: date) -> list[int]:
    """Children whose every application came to nothing, and the last term they wished for began by that day."""
    placed = _ends(session, KEPT_PLACE, Term.ends_on)
    begun = {
        child for child, day in _ends(session, None, Term.starts_on).items() if day <= until and child not in placed
    }
    return [child for child in _live(session, begun) if not _hopes(session, child)]


def _hopes(session: Session, child_id: int) -> bool:
    """Whether the child has an application, even one that is only begun, in a round that is still open."""
    running = (
        select(Application.id)
        .join(EnrolmentRound, col(EnrolmentRound.id) == Application.round_id)
        .where(Application.child_id == child_id, col(EnrolmentRound.cancelled_at).is_(None))
        .where(EnrolmentRound.closes_at > clock.now())
    )
    return session.exec(running).first() is not None


def _attended(session: Session, until: date) -> list[int]:
    """Children whose last term with a place ended by that day."""
    wished = _ends(session, None, Term.ends_on)
    placed = _ends(session, KEPT_PLACE, Term.ends_on)
    return _live(session, {child for child, day in placed.items() if max(day, wished.get(child, day)) <= until})


def _never_applied(session: Session, until: date) -> list[int]:
    applied = select(Application.child_id).join(Wish, col(Wish.application_id) == Application.id)
    old = select(Child.id).where(col(Child.id).not_in(applied), Child.changed_at < _begins(until), Child.name != ERASED)
    return [child for child in _numbers(session.exec(old)) if not _hopes(session, child)]


def _covered(session: Session, until: date) -> list[int]:
    """Children with papers, health or forbidden collectors, whose last cover ended by that day."""
    found = set(_attended(session, until))
    restricted = select(CollectionRestriction.child_id)
    holding = select(Child.id).where(
        col(Child.id).in_(found),
        or_(
            col(Child.paper_number).is_not(None), col(Child.paper_kind).is_not(None),
            col(Child.health_note).is_not(None), col(Child.id).in_(restricted),
        ),
    )  # fmt: skip
    return _numbers(session.exec(holding))


def _live(session: Session, ids: Collection[int]) -> list[int]:
    return _numbers(session.exec(select(Child.id).where(col(Child.id).in_(ids), Child.name != ERASED)))


def _erase(reason: str) -> Forget:
    def forget(session: Session, ids: Collection[int]) -> None:
        for child_id in ids:
            _settle(session, child_id)
            erase_child(session, child_id, None, reason)

    return forget


def _settle(session: Session, child_id: int) -> None:
    """An application that came to nothing, or is over, asks for nothing more."""
    for application in standing(session, child_id):
        application.status = ApplicationStatus.WITHDRAWN.value
        session.add(application)
    session.flush()


def _forget_cover(session: Session, ids: Collection[int]) -> None:
    for child_id in ids:
        child = session.get_one(Child, child_id)
        child.paper_kind = child.paper_number = child.health_note = None
        session.add(child)
        note_access(session, None, "child.erased", "child", child_id, field="cover", reason="cover_over")
    session.execute(delete(CollectionRestriction).where(col(CollectionRestriction.child_id).in_(ids)))
    session.flush()


def _old(table: type[SQLModel], *moments: str) -> tuple[Find, Forget]:
    """Rows of a table of which one of the moments lies before that day."""
    key = col(table.id)  # type: ignore[attr-defined]

    def find(session: Session, until: date) -> list[int]:
        over = or_(*(col(getattr(table, name)) < _begins(until) for name in moments))
        return _numbers(session.exec(select(key).where(over)))

    def forget(session: Session, ids: Collection[int]) -> None:
        wanted = list(ids)
        for first in range(0, len(wanted), 500):
            session.execute(delete(table).where(key.in_(wanted[first : first + 500])))

    return find, forget


def _old_proof(session: Session, until: date) -> list[int]:
    """Consents about children whose data are deleted."""
    gone = select(Child.id).where(Child.name == ERASED, Child.changed_at < _begins(until))
    return _numbers(session.exec(select(ConsentRecord.id).where(col(ConsentRecord.child_id).in_(gone))))


def _old_days(session: Session, until: date) -> list[int]:
    """Days of attendance."""
    return _numbers(session.exec(select(AttendanceDay.id).where(AttendanceDay.day < until)))


def _forget_days(session: Session, ids: Collection[int]) -> None:
    """Every mark of these days, and the codes of the time until then."""
    wanted = list(ids)
    last = session.exec(select(func.max(AttendanceDay.day)).where(col(AttendanceDay.id).in_(wanted))).one()
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        its = col(AttendanceEvent.day_id).in_(some)
        session.execute(update(AttendanceEvent).where(its).values(undoes_id=None))
        session.execute(delete(AttendanceEvent).where(its))
        session.execute(delete(HeadCount).where(col(HeadCount.day_id).in_(some)))
        session.execute(delete(AttendanceDay).where(col(AttendanceDay.id).in_(some)))
    session.execute(delete(PickupDelegation).where(col(PickupDelegation.day) <= last))


def _old_insurance(session: Session, until: date) -> list[int]:
    """Lists of persons insured whose cover ended by that day, and that still hold names."""
    over = InsuranceList.covered_until <= until, col(InsuranceList.rows).is_not(None)
    return _numbers(session.exec(select(InsuranceList.id).where(*over)))


def _forget_insured(session: Session, ids: Collection[int]) -> None:
    """The persons; figures and digest stay."""
    session.execute(update(InsuranceList).where(col(InsuranceList.id).in_(ids)).values(rows=None))


def _old_stays(session: Session, until: date) -> list[int]:
    """Stays of volunteers, with those that a correction replaced."""
    return _numbers(session.exec(select(ServiceStay.id).where(ServiceStay.day < until)))


def _forget_stays(session: Session, ids: Collection[int]) -> None:
    wanted = list(ids)
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        session.execute(update(ServiceStay).where(col(ServiceStay.corrects_id).in_(some)).values(corrects_id=None))
        session.execute(delete(ServiceStay).where(col(ServiceStay.id).in_(some)))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _numbers(found: object) -> list[int]:
    return sorted(number for number in found if number is not None)  # type: ignore[attr-defined]


RULES = (
    Rule("not_placed", 30, _not_placed, _erase("not_placed")),
    Rule("cover_over", 30, _covered, _forget_cover),
    Rule("attended", 3 * 365 + 1, _attended, _erase("attended")),
    Rule("never_applied", 365, _never_applied, _erase("never_applied")),
    Rule("attendance", 3 * 365 + 1, _old_days, _forget_days),
    Rule("service", 3 * 365 + 1, _old_stays, _forget_stays),
    Rule("insurance_lists", 30, _old_insurance, _forget_insured),
    Rule("note_drafts", 30, old_drafts, forget_notes),
    Rule("loose_photos", 30, loose_photos, forget_photos),
    Rule("photos", 3 * 365 + 1, old_photos, forget_photos),
    Rule("handover_notes", 60, *_old(HandoverNote, "written_at")),
    Rule("invitations", 30, *_old(GuardianInvitation, "created_at")),
    Rule("sign_in_codes", 1, *_old(SignInCode, "expires_at")),
    Rule("sign_in_attempts", 30, *_old(SignInAttempt, "at")),
    Rule("sessions", 183, *_old(LoginSession, "expires_at", "revoked_at")),
    Rule("messages", 183, *_old(OutboxMessage, "created_at")),
    Rule("access_log", 3 * 365 + 1, *_old(AccessLog, "at")),
    Rule("consent_proof", 3 * 365 + 1, _old_proof, _old(ConsentRecord, "at")[1]),
)
"""In the order in which they run. Days come from the texts that guardians agreed to, and DOMAIN.md, Children's data."""


def run_retention(session: Session, actor: Actor | None, *, is_trial: bool) -> RetentionRun:
    """Count what every rule finds and, unless it is a trial, delete it. A second run finds nothing.

    `actor` None is the command line: whoever runs it has the database.

    Raises:
        NotAllowed: for who may not run it.
    """
    if actor is not None:
        require(actor, Action.RUN_RETENTION)
    counts: dict[str, int] = {}
    for rule in RULES:
        found = rule.find(session, clock.today() - timedelta(days=rule.days))
        counts[rule.code] = len(found)
        if found and not is_trial:
            rule.forget(session, found)
    if not is_trial:
        sweep_photos(session)
        sweep_books(session)
    made = RetentionRun(
        at=clock.now(), is_trial=is_trial, counts=counts, account_id=actor.account_id if actor else None
    )
    session.add(made)
    session.flush()
    return made


def past_runs(session: Session, actor: Actor) -> list[RetentionRun]:
    """The last thirty runs, the newest first.

    Raises:
        NotAllowed: for who may not run it.
    """
    require(actor, Action.RUN_RETENTION)
    return list(session.exec(select(RetentionRun).order_by(col(RetentionRun.id).desc()).limit(30)))
