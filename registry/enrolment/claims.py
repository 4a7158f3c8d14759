"""Claims of a priority group: verified or refused on site, by a person with a name, on a day. No papers are kept."""

from __future__ import annotations

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.enrolment.tables import Application, ApplicationEvent, EnrolmentRound, PriorityGroup, Wish
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.families.reads import guardians_of
from registry.programme import ClassRun

NONE, CLAIMED, VERIFIED, REFUSED = "none", "claimed", "verified", "refused"
LONGEST_NAME = 100


def family_of_application(session: Session, application: Application) -> Subject:
    """The family to which an application belongs; where only a family may act, nothing else matters."""
    return Subject(guardian_ids=guardians_of(session, [application.child_id])[application.child_id])


def subject_of_application(session: Session, application: Application) -> Subject:
    """Where an application belongs: its family, and the sites and classes it wishes for."""
    wished = session.exec(
        select(ClassRun.id, ClassRun.site_id)
        .join(Wish, col(Wish.class_run_id) == ClassRun.id)
        .where(Wish.application_id == application.id)
    ).all()
    return Subject(
        site_ids=frozenset(site for _, site in wished),
        class_run_ids=frozenset(run for run, _ in wished if run is not None),
        guardian_ids=guardians_of(session, [application.child_id])[application.child_id],
    )


def decide_claim(session: Session, actor: Actor, number: str, *, is_true: bool, seen_by: str) -> Application:
    """Write down that somebody has seen the papers on site, and whether the claim holds.

    A decision can be changed until the list is frozen.

    Raises:
        NotFound: `application_unknown`; NotAllowed; Conflict: `claim_missing`, `round_frozen`; Invalid: `seen_by`.
    """
    application = session.exec(select(Application).where(Application.number == number)).first()
    if application is None:
        raise NotFound("application_unknown", number=number)
    require(actor, Action.VERIFY_CLAIM, subject_of_application(session, application))
    if application.group_code is None:
        raise Conflict("claim_missing", number=number)
    round_ = session.get_one(EnrolmentRound, application.round_id)
    if round_.frozen_at is not None:
        raise Conflict("round_frozen", round=round_.id, hash=round_.frozen_hash)
    name = " ".join(seen_by.split())
    if not name:
        raise Invalid(FieldProblem("seen_by", "needed"))
    if len(name) > LONGEST_NAME:
        raise Invalid(FieldProblem("seen_by", "too_long", {"limit": LONGEST_NAME, "length": len(name)}))
    application.group_status = VERIFIED if is_true else REFUSED
    application.group_verified_by, application.group_verified_on = name, clock.today()
    application.version += 1
    application.changed_at = clock.now()
    session.add(application)
    session.add(
        ApplicationEvent(
            application_id=application.id or 0, at=clock.now(), account_id=actor.account_id,
            code="claim_verified" if is_true else "claim_refused", facts={"by": name},
        )
    )  # fmt: skip
    session.flush()
    return application


def groups(session: Session) -> list[PriorityGroup]:
    """The priority groups that can be claimed, the first served first."""
    active = select(PriorityGroup).where(PriorityGroup.is_active)
    return list(session.exec(active.order_by(col(PriorityGroup.tier), col(PriorityGroup.code))))
