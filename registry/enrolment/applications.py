"""Applications of families: begun before a round opens, changed until it closes, sent once however often it is tried.

Whatever a family may not see does not exist: another family's application is answered like a number nobody has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import FAMILY, ROLES, Action, Actor, Subject, require
from registry.enrolment.claims import family_of_application, groups, subject_of_application
from registry.enrolment.events import note
from registry.enrolment.numbers import new_number, read_number
from registry.enrolment.rounds import LARGEST_ID, Phase, find_round, phase, public_round
from registry.enrolment.tables import Application, ApplicationStatus, EnrolmentRound, Mode, Wish
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.families.reads import guardians_of
from registry.families.tables import Child

DRAFT, SUBMITTED = ApplicationStatus.DRAFT.value, ApplicationStatus.SUBMITTED.value
WITHDRAWN = ApplicationStatus.WITHDRAWN.value
WEEKDAYS = [1, 2, 3, 4, 5]


@dataclass(frozen=True)
class Details:
    """What a family says besides its wishes. `group` None claims no priority."""

    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    seats: int = 1
    together: bool = True
    group: str | None = None


def find(session: Session, actor: Actor, number: str, action: Action = Action.SEE_APPLICATION) -> Application:
    """An application that the actor may do this to.

    Raises:
        NotFound: `application_unknown`, also for a number that is none and for another family's.
    """
    unknown = NotFound("application_unknown", number=number[:20])
    read = read_number(number)
    found = session.exec(select(Application).where(Application.number == read)).first() if read else None
    if found is None:
        raise unknown
    belongs = family_of_application if ROLES[action] == FAMILY else subject_of_application
    require(actor, action, belongs(session, found), otherwise=unknown)
    return found


def of_family(session: Session, actor: Actor) -> list[tuple[Application, Child, EnrolmentRound]]:
    """The applications of the actor's children, the newest first."""
    from registry.families.reads import children_of

    if actor.guardian_id is None:
        return []
    children = {child.id: child for child in children_of(session, actor.guardian_id)}
    own = select(Application, EnrolmentRound).join(EnrolmentRound, col(EnrolmentRound.id) == Application.round_id)
    own = own.where(col(Application.child_id).in_(children)).order_by(col(Application.id).desc())
    return [(application, children[application.child_id], its) for application, its in session.exec(own)]


def begin(session: Session, actor: Actor, round_id: int, child_id: int) -> Application:
    """The child's application in a round; a draft where there is none yet, also before the round opens.

    One that was withdrawn becomes a draft again, with its number.

    Raises:
        NotFound: `round_unknown`; `child_unknown`, also for another family's. Conflict: `round_closed`.
    """
    a_round = public_round(session, round_id)
    guardians = guardians_of(session, [child_id])[child_id] if 0 < child_id <= LARGEST_ID else frozenset()
    require(actor, Action.APPLY, Subject(guardian_ids=guardians), otherwise=NotFound("child_unknown", child=child_id))
    found = _known(session, round_id, child_id)
    if found is not None and found.status != WITHDRAWN:
        return found
    require_time(a_round, clock.now())
    return _begin(session, actor, round_id, child_id) if found is None else _again(session, actor, found)


def _known(session: Session, round_id: int, child_id: int) -> Application | None:
    own = select(Application).where(Application.round_id == round_id, Application.child_id == child_id)
    return session.exec(own).first()


def _begin(session: Session, actor: Actor, round_id: int, child_id: int) -> Application:
    assert actor.guardian_id is not None
    for _ in range(5):
        made = Application(
            number=new_number(), round_id=round_id, child_id=child_id, guardian_id=actor.guardian_id,
            weekdays=WEEKDAYS, created_at=clock.now(), changed_at=clock.now(),
        )  # fmt: skip
        inner = session.begin_nested()
        session.add(made)
        try:
            session.flush()
        except IntegrityError:  # the number is taken, or another phone was a moment faster
            inner.rollback()
            found = _known(session, round_id, child_id)
            if found is not None:
                return found
            continue
        inner.commit()
        note(session, made, "begun", actor)
        return made
    raise Conflict("try_again")


def _again(session: Session, actor: Actor, found: Application) -> Application:
    found.status, found.request_key, found.submitted_at = DRAFT, None, None
    found.guardian_id = actor.guardian_id or found.guardian_id
    touch(session, found)
    note(session, found, "begun_again", actor)
    return found


def require_time(a_round: EnrolmentRound, now: datetime, *, sending: bool = False) -> None:
    """Make sure that a round still takes changes, and with `sending` that it is open.

    Raises:
        Conflict: `round_not_open` before, `round_closed` after; `round_cancelled`. The facts tell the moment.
    """
    where = phase(a_round, now)
    if where is Phase.CANCELLED:
        raise Conflict("round_cancelled", round=a_round.name)
    if where is Phase.ANNOUNCED and sending:
        raise Conflict("round_not_open", opens_at=a_round.opens_at)
    if where not in (Phase.ANNOUNCED, Phase.OPEN):
        raise Conflict("round_closed", closes_at=a_round.closes_at)


def to_change(session: Session, actor: Actor, number: str, version: int | None = None) -> Application:
    """An application that the family may still change: a draft, or one sent to a round that is decided after closing.

    Raises:
        NotFound: `application_unknown`. Conflict: `round_closed`, `round_cancelled`; `already_sent` where places were
            given at once; `changed_elsewhere` where another phone has changed it since `version`.
    """
    found = locked(session, find(session, actor, number, Action.APPLY))
    a_round = find_round(session, found.round_id)
    require_time(a_round, clock.now())
    may_change = found.status == DRAFT or (found.status == SUBMITTED and a_round.mode != Mode.FIRST_COME)
    if not may_change:
        raise Conflict("already_sent", number=found.number)
    if version is not None and version != found.version:
        raise Conflict("changed_elsewhere", number=found.number)
    return found


def locked(session: Session, application: Application) -> Application:
    """The application as it is now, held until the unit of work ends."""
    own = select(Application).where(Application.id == application.id).with_for_update()
    return session.exec(own.execution_options(populate_existing=True)).one()


def touch(session: Session, application: Application) -> None:
    """Count a change."""
    application.version += 1
    application.changed_at = clock.now()
    session.add(application)
    session.flush()


def change(session: Session, actor: Actor, number: str, given: Details, version: int | None) -> Application:
    """Change the weekdays, seats, siblings and claimed group.

    Raises:
        NotFound, Conflict: as `to_change`. Invalid: at `weekdays`, `seats`, `group`.
    """
    found = to_change(session, actor, number, version)
    check_details(session, find_round(session, found.round_id), given)
    if set_details(found, given):
        touch(session, found)
        if found.status == SUBMITTED:
            note(session, found, "changed", actor)
    return found


def check_details(session: Session, a_round: EnrolmentRound, given: Details) -> None:
    """Make sure that these details are possible.

    Raises:
        Invalid: at `weekdays`, `seats`, `group`.
    """
    problems = []
    if not given.weekdays or not set(given.weekdays) <= set(WEEKDAYS):
        problems.append(FieldProblem("weekdays", "choose_one"))
    if not 1 <= given.seats <= a_round.most_seats:
        problems.append(FieldProblem("seats", "out_of_range", {"low": 1, "high": a_round.most_seats}))
    if given.group is not None and given.group not in {group.code for group in groups(session)}:
        problems.append(FieldProblem("group", "choose_one"))
    if problems:
        raise Invalid(*problems)


def set_details(found: Application, given: Details) -> bool:
    """Write them into the application; whether anything differs. Another group has to be verified anew."""
    before = (found.weekdays, found.seats, found.together, found.group_code)
    found.weekdays, found.seats, found.together = sorted(set(given.weekdays)), given.seats, given.together
    if found.group_code != given.group:
        found.group_code, found.group_status = given.group, "claimed" if given.group else "none"
        found.group_verified_by, found.group_verified_on = "", None
    return before != (found.weekdays, found.seats, found.together, found.group_code)


def wishes_of(session: Session, application: Application) -> list[Wish]:
    """The wishes of an application, the dearest first."""
    own = select(Wish).where(Wish.application_id == application.id)
    return list(session.exec(own.order_by(col(Wish.rank)).execution_options(populate_existing=True)))


def siblings(session: Session, application: Application) -> Sequence[tuple[Application, Child]]:
    """Other applications in the same round of children who share a guardian, and have wishes to copy."""
    guardians = guardians_of(session, [application.child_id])[application.child_id]
    from registry.families.tables import Guardianship

    shared = select(Guardianship.child_id).where(col(Guardianship.guardian_id).in_(guardians))
    others = (
        select(Application, Child)
        .join(Child, col(Child.id) == Application.child_id)
        .where(
            Application.round_id == application.round_id,
            col(Application.child_id).in_(shared),
            Application.child_id != application.child_id,
            col(Application.id).in_(select(Wish.application_id)),
        )
    )
    return session.exec(others.order_by(col(Application.id))).all()
