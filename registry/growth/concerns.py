"""A suspicion of harm to a child (强制报告): one tap away from every note, in a channel of its own that few read.

Nothing of it ever stands in a note, a book or a message; it is encrypted, it cannot be deleted, and each reading is
logged. Whoever reports is told what the law asks beside: to tell the police or the civil affairs office at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Account, Role, RoleGrant
from registry.conventions.texts import note_of
from registry.duties.days import classes_on
from registry.errors import Conflict, Denied, FieldProblem, Invalid, NotFound
from registry.families.classes import children_of_class, class_run_of
from registry.families.tables import Child
from registry.growth.rights import may_review
from registry.growth.tables import SafeguardingConcern
from registry.privacy.access_log import note_access
from registry.programme import ClassRun, Site

LONGEST = 2000
TOLD = "concern_raised"
"""The message to the office: that there is a concern, and nothing of what."""


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern in the office's list: where and when, open or handled; no word and no name of a child."""

    id: int
    at_site: str
    class_run: str
    concern: SafeguardingConcern
    reporter: str


@dataclass(frozen=True, slots=True)
class OpenedConcern:
    """A concern that somebody of the office has opened, which is logged."""

    concern: SafeguardingConcern
    child: Child
    class_run: ClassRun
    reporter: str


def raise_concern(
    session: Session,
    actor: Actor,
    class_run_id: int,
    child_id: int,
    words: str,
    *,
    day: date | None = None,
    address: str = "",
) -> SafeguardingConcern:
    """Put down a suspicion about a child of a class, and tell the office that there is one.

    A volunteer may do so about the classes of the last seven days: nobody is turned away for being late.

    Raises:
        NotFound: `class_run_unknown`. Invalid: at `child` `child_not_in_class`, at `words` `needed`, `too_long`.
    """
    require(actor, Action.RAISE_CONCERN)
    class_run = class_run_of(session, class_run_id)
    if not _knows(session, actor, class_run, day or clock.today()):
        unknown = NotFound("class_run_unknown", class_run=class_run_id)
        unknown.denied = Denied(actor.account_id, Action.RAISE_CONCERN.value, "class_run", class_run_id)
        raise unknown
    child = next((one for one in children_of_class(session, class_run_id) if one.id == child_id), None)
    if child is None:
        raise Invalid(FieldProblem("child", "child_not_in_class"))
    said = note_of("words", words, LONGEST)
    if not said:
        raise Invalid(FieldProblem("words", "needed"))
    made = SafeguardingConcern(
        child_id=child_id, class_run_id=class_run_id, child_name=child.name, reported_by=actor.account_id,
        at=clock.now(), words=said,
    )  # fmt: skip
    session.add(made)
    session.flush()
    note_access(
        session, actor.account_id, Action.RAISE_CONCERN.value, "child", child_id, field="concern", address=address
    )
    for phone in _office_phones(session):
        post(session, phone, TOLD, {"concern": made.id})
    return made


def concerns(session: Session, actor: Actor, *, open_only: bool = False) -> list[ConcernRow]:
    """The list, the newest first, without words and names.

    Raises:
        NotAllowed: for everybody but the office.
    """
    require(actor, Action.SEE_CONCERNS)
    wanted = (
        select(SafeguardingConcern, ClassRun.name, Site.name, Account.name)
        .join(ClassRun, col(ClassRun.id) == SafeguardingConcern.class_run_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .join(Account, col(Account.id) == SafeguardingConcern.reported_by)
        .order_by(col(SafeguardingConcern.id).desc())
    )
    if open_only:
        wanted = wanted.where(col(SafeguardingConcern.handled_at).is_(None))
    return [ConcernRow(row.id or 0, site, run, row, who) for row, run, site, who in session.exec(wanted)]


def open_concern(session: Session, actor: Actor, concern_id: int, *, address: str = "") -> OpenedConcern:
    """Read one. That it was read, by whom and from where, is kept.

    Raises:
        NotAllowed: for everybody but the office. NotFound: `concern_unknown`.
    """
    require(actor, Action.SEE_CONCERNS)
    found = _concern(session, concern_id)
    note_access(
        session, actor.account_id, Action.SEE_CONCERNS.value, "child", found.child_id, field="concern", address=address
    )
    reporter = session.get_one(Account, found.reported_by).name
    return OpenedConcern(
        found, session.get_one(Child, found.child_id), class_run_of(session, found.class_run_id), reporter
    )


def handle_concern(session: Session, actor: Actor, concern_id: int, outcome: str) -> SafeguardingConcern:
    """Write what was done: whom it was reported to, and when. That stays; a second outcome is a conflict.

    Raises:
        NotAllowed, NotFound: as `open_concern`. Invalid: at `outcome`. Conflict: `concern_handled`.
    """
    require(actor, Action.SEE_CONCERNS)
    found = _concern(session, concern_id)
    if found.handled_at is not None:
        raise Conflict("concern_handled", concern=concern_id)
    said = note_of("outcome", outcome, LONGEST)
    if not said:
        raise Invalid(FieldProblem("outcome", "needed"))
    found.outcome, found.handled_by, found.handled_at = said, actor.account_id, clock.now()
    session.add(found)
    session.flush()
    note_access(session, actor.account_id, "concern.handle", "child", found.child_id, field="concern")
    return found


def _concern(session: Session, concern_id: int) -> SafeguardingConcern:
    found = session.get(SafeguardingConcern, concern_id)
    if found is None:
        raise NotFound("concern_unknown", concern=concern_id)
    return found


def _knows(session: Session, actor: Actor, class_run: ClassRun, day: date) -> bool:
    if may_review(session, actor, class_run):
        return True
    recent = (day - timedelta(days=k) for k in range(8))
    volunteer = actor.volunteer_id
    return volunteer is not None and any(class_run.id in classes_on(session, volunteer, then) for then in recent)


def _office_phones(session: Session) -> list[str]:
    held = (
        select(Account.phone)
        .join(RoleGrant, col(RoleGrant.account_id) == Account.id)
        .where(RoleGrant.role == Role.DISTRICT_OFFICE.value, col(RoleGrant.revoked_at).is_(None))
    )
    return sorted({phone for phone in session.exec(held) if phone})
