"""Who may do what to which row: one table of actions and roles, and one function that answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import or_
from sqlmodel import Session, col, select

from registry.accounts.tables import Account, Role, RoleGrant
from registry.errors import Denied, NotAllowed, RegistryError
from registry.families.tables import Guardian

DAYS_AFTER_CLASS = 7
"""A class lead sees the class for so many days after the role's last day (DOMAIN.md, Children's data)."""


class Action(StrEnum):
    """What can be done. A machine's token names those that it may do."""

    OWN_ACCOUNT = "account.own"
    GRANT_ROLE = "role.grant"
    SEE_ACCOUNTS = "account.see"
    MAKE_TOKEN = "token.make"

    SEE_CHILD = "child.see"
    CHANGE_CHILD = "child.change"
    REVEAL_CHILD = "child.reveal"
    ANSWER_CONSENT = "consent.answer"

    APPLY = "application.make"
    SEE_APPLICATION = "application.see"
    LIST_APPLICATIONS = "application.list"
    VERIFY_CLAIM = "application.verify"
    ENTER_PAPER = "application.enter_paper"
    DECIDE_APPLICATION = "application.decide"
    ANSWER_OFFER = "offer.answer"

    SEE_ROUNDS = "round.see"
    MANAGE_ROUNDS = "round.manage"
    RUN_DRAW = "draw.run"
    PUBLISH_DRAW = "draw.publish"

    MANAGE_PROGRAMME = "programme.manage"
    SEE_ROSTER = "roster.see"
    SEE_DRAFTS = "roster.see_drafts"
    MANAGE_ROSTER = "roster.manage"
    PUBLISH_ROSTER = "roster.publish"

    RECORD_ATTENDANCE = "attendance.record"
    CLOSE_DAY = "attendance.close"
    REOPEN_DAY = "attendance.reopen"
    COUNT_ATTENDANCE = "attendance.count"
    REPORT_ATTENDANCE = "attendance.report"
    SIGN_SERVICE = "service.sign"
    CORRECT_SERVICE = "service.correct"

    WRITE_NOTE = "note.write"
    REVIEW_NOTE = "note.review"
    READ_NOTES = "note.read"
    RAISE_CONCERN = "concern.raise"
    SEE_CONCERNS = "concern.see"

    MAKE_BOOKS = "book.make"
    READ_BOOKS = "book.read"
    RUN_BOOKS = "book.run"
    WRITE_FEEDBACK = "feedback.write"
    ISSUE_SERVICE = "certificate.issue_service"
    ISSUE_PARTICIPATION = "certificate.issue_participation"
    SEE_CERTIFICATE = "certificate.see"
    LIST_CERTIFICATES = "certificate.list"
    INSURE = "insurance.list"

    MAKE_REQUEST = "data_request.make"
    DECIDE_REQUEST = "data_request.decide"
    SEE_ACCESS_LOG = "access_log.see"
    MANAGE_CONSENT_TEXTS = "consent_text.manage"
    RUN_RETENTION = "retention.run"
    ASK_EXPORT = "bulk_export.ask"
    APPROVE_EXPORT = "bulk_export.approve"


EVERYBODY = frozenset(Role)
OFFICE = frozenset({Role.DISTRICT_OFFICE})
WATCHING = OFFICE | {Role.AUDITOR}
SITE = OFFICE | {Role.SITE_COORDINATOR}
FAMILY = frozenset({Role.GUARDIAN})
CLASSROOM = frozenset({Role.CLASS_LEAD, Role.SITE_COORDINATOR})
"""Who answers for a class. The district's office sees counts, no child's notes. A volunteer who leads a class by the
published week reviews its notes too (see `registry.growth.rights`)."""

ROLES: Mapping[Action, frozenset[Role]] = {
    Action.OWN_ACCOUNT: EVERYBODY,
    Action.GRANT_ROLE: OFFICE,
    Action.SEE_ACCOUNTS: WATCHING,
    Action.MAKE_TOKEN: OFFICE,
    Action.SEE_CHILD: SITE | FAMILY | {Role.CLASS_LEAD},
    Action.CHANGE_CHILD: FAMILY,
    Action.REVEAL_CHILD: SITE | {Role.CLASS_LEAD},
    Action.ANSWER_CONSENT: FAMILY,
    Action.APPLY: FAMILY,
    Action.SEE_APPLICATION: SITE | FAMILY | {Role.AUDITOR},
    Action.LIST_APPLICATIONS: SITE | {Role.AUDITOR},
    Action.VERIFY_CLAIM: SITE,
    Action.ENTER_PAPER: SITE,
    Action.DECIDE_APPLICATION: SITE,
    Action.ANSWER_OFFER: FAMILY,
    Action.SEE_ROUNDS: SITE | {Role.AUDITOR},
    Action.MANAGE_ROUNDS: OFFICE,
    Action.RUN_DRAW: OFFICE,
    Action.PUBLISH_DRAW: OFFICE,
    Action.MANAGE_PROGRAMME: OFFICE,
    Action.SEE_ROSTER: SITE | {Role.AUDITOR, Role.CLASS_LEAD, Role.VOLUNTEER},
    Action.SEE_DRAFTS: SITE | {Role.AUDITOR},
    Action.MANAGE_ROSTER: SITE,
    Action.PUBLISH_ROSTER: OFFICE,
    Action.RECORD_ATTENDANCE: SITE | {Role.CLASS_LEAD, Role.VOLUNTEER},
    Action.CLOSE_DAY: SITE | {Role.CLASS_LEAD},
    Action.REOPEN_DAY: SITE,
    Action.COUNT_ATTENDANCE: SITE | {Role.AUDITOR},
    Action.REPORT_ATTENDANCE: FAMILY,
    Action.SIGN_SERVICE: frozenset({Role.VOLUNTEER}),
    Action.CORRECT_SERVICE: SITE,
    Action.WRITE_NOTE: CLASSROOM | {Role.VOLUNTEER},
    Action.REVIEW_NOTE: CLASSROOM,
    Action.READ_NOTES: FAMILY,
    Action.RAISE_CONCERN: CLASSROOM | {Role.VOLUNTEER},
    Action.SEE_CONCERNS: OFFICE,
    Action.MAKE_BOOKS: CLASSROOM,
    Action.READ_BOOKS: FAMILY,
    Action.RUN_BOOKS: SITE,
    Action.WRITE_FEEDBACK: CLASSROOM | {Role.VOLUNTEER},
    Action.ISSUE_SERVICE: OFFICE,
    Action.ISSUE_PARTICIPATION: SITE | {Role.CLASS_LEAD},
    Action.SEE_CERTIFICATE: EVERYBODY - {Role.AUDITOR},
    Action.LIST_CERTIFICATES: OFFICE,
    Action.INSURE: OFFICE,
    Action.MAKE_REQUEST: FAMILY,
    Action.DECIDE_REQUEST: OFFICE,
    Action.SEE_ACCESS_LOG: WATCHING,
    Action.MANAGE_CONSENT_TEXTS: OFFICE,
    Action.RUN_RETENTION: OFFICE,
    Action.ASK_EXPORT: SITE,
    Action.APPROVE_EXPORT: OFFICE,
}
"""Which roles may do an action at all. Whether to this very row is a question of scope: see `Subject`."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds today, and its scope."""

    role: Role
    site_id: int | None = None
    class_run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking. `scopes` limits a machine's token to these actions; None is a person who signed in."""

    account_id: int
    name: str
    held: tuple[Held, ...]
    guardian_id: int | None = None
    volunteer_id: int | None = None
    session_id: int | None = None
    scopes: frozenset[str] | None = None

    def has(self, *roles: Role) -> bool:
        """Whether one of these roles is held, in whatever scope."""
        return any(held.role in roles for held in self.held)

    @property
    def sites(self) -> frozenset[int]:
        """The sites that the actor coordinates."""
        return frozenset(h.site_id for h in self.held if h.role == Role.SITE_COORDINATOR and h.site_id is not None)


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a row belongs. The empty subject belongs to the district alone.

    A row may concern several sites or classes (an application has several wishes): one that the actor has is enough.
    """

    site_ids: frozenset[int] = field(default_factory=frozenset)
    class_run_ids: frozenset[int] = field(default_factory=frozenset)
    guardian_ids: frozenset[int] = field(default_factory=frozenset)
    volunteer_ids: frozenset[int] = field(default_factory=frozenset)
    account_ids: frozenset[int] = field(default_factory=frozenset)


ANYWHERE = Subject()


def may(actor: Actor, action: Action, subject: Subject | None = None) -> bool:
    """Whether the actor may do the action to a row of that subject.

    Without a subject the question is whether there is any row at all that they may do it to: what a menu asks.
    The own account needs no role: a parent has none before the first child is entered.
    """
    if actor.scopes is not None and action.value not in actor.scopes:
        return False
    if action == Action.OWN_ACCOUNT:
        return subject is None or actor.account_id in subject.account_ids
    able = [held for held in actor.held if held.role in ROLES[action]]
    return bool(able) if subject is None else any(_covers(actor, held, subject) for held in able)


def require(
    actor: Actor, action: Action, subject: Subject | None = None, *, otherwise: RegistryError | None = None
) -> None:
    """Make sure of it.

    Raises:
        NotAllowed: `not_allowed`. Or `otherwise`: to a family, another family's row is one that does not exist.
            Either carries what was denied, where the row is a person's, so that the attempt is logged.
    """
    if not may(actor, action, subject):
        error = otherwise or NotAllowed("not_allowed", action=action.value)
        error.denied = _denied(actor, action, subject, error)
        raise error


PEOPLE = ("guardian", "volunteer", "account")


def _denied(actor: Actor, action: Action, subject: Subject | None, error: RegistryError) -> Denied | None:
    """The row that the error names, such as child=5; else the first person whom the subject names."""
    named = [(name, value) for name, value in error.facts.items() if isinstance(value, int)]
    if subject is not None:
        named += [(name, number) for name in PEOPLE for number in sorted(getattr(subject, f"{name}_ids"))]
    return Denied(actor.account_id, action.value, *named[0]) if named else None


def _covers(actor: Actor, held: Held, subject: Subject) -> bool:
    match held.role:
        case Role.DISTRICT_OFFICE | Role.AUDITOR:
            return True
        case Role.SITE_COORDINATOR:
            return held.site_id in subject.site_ids
        case Role.CLASS_LEAD:
            return held.class_run_id in subject.class_run_ids
        case Role.GUARDIAN:
            return actor.guardian_id in subject.guardian_ids or actor.account_id in subject.account_ids
        case Role.VOLUNTEER:
            return actor.volunteer_id in subject.volunteer_ids or actor.account_id in subject.account_ids


def actor_of(
    session: Session,
    account: Account,
    today: date,
    *,
    session_id: int | None = None,
    scopes: frozenset[str] | None = None,
) -> Actor:
    """The account with what it holds today. Whoever has a guardian's or volunteer's row holds that role."""
    guardian = session.exec(select(Guardian.id).where(Guardian.account_id == account.id)).first()
    return actor_from(session, account, guardian, today, session_id=session_id, scopes=scopes)


def actor_from(
    session: Session,
    account: Account,
    guardian: int | None,
    today: date,
    *,
    session_id: int | None = None,
    scopes: frozenset[str] | None = None,
) -> Actor:
    """The same, where the number of the guardian's row was read already."""
    assert account.id is not None
    held = [_held(grant) for grant in _grants(session, account.id, today)]
    held += [Held(Role.GUARDIAN)] if guardian is not None else []
    held += [Held(Role.VOLUNTEER)] if account.volunteer_id is not None else []
    return Actor(account.id, account.name, tuple(held), guardian, account.volunteer_id, session_id, scopes)


def _held(grant: RoleGrant) -> Held:
    return Held(Role(grant.role), grant.site_id, grant.class_run_id)


def _grants(session: Session, account_id: int, today: date) -> list[RoleGrant]:
    began = select(RoleGrant).where(
        RoleGrant.account_id == account_id, col(RoleGrant.revoked_at).is_(None), RoleGrant.starts_on <= today
    )
    latest = today - timedelta(days=DAYS_AFTER_CLASS)
    found = session.exec(began.where(or_(col(RoleGrant.ends_on).is_(None), col(RoleGrant.ends_on) >= latest)))
    return [grant for grant in found if _runs(grant, today)]


def _runs(grant: RoleGrant, today: date) -> bool:
    return grant.ends_on is None or grant.ends_on >= today or grant.role == Role.CLASS_LEAD
