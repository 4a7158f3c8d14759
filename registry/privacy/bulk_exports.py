"""Lists with whole names and phones (全名导出): asked for with a reason, approved by a second person of the office,
taken once by whoever asked, within days. Each step, and each child on the list, is in the access log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.accounts.tables import Account, Role
from registry.conventions.texts import line_of
from registry.enrolment.rounds import LARGEST_ID, find_round
from registry.enrolment.tables import Application, EnrolmentRound, Place
from registry.errors import Conflict, NotAllowed, NotFound
from registry.families.reads import HELD
from registry.families.tables import Child, Guardian
from registry.privacy.access_log import note_access
from registry.privacy.tables import BulkExport
from registry.programme import ClassRun, Site, Term

PLACED = "placed_children"
LONGEST_REASON = 200
GOOD_FOR = timedelta(days=7)
"""From the approval on."""


@dataclass(frozen=True, slots=True)
class ExportLine:
    """An export as its pages list it. `state`: waiting, approved, taken, over."""

    export: BulkExport
    round: str
    site: str
    asked_by: str
    approved_by: str
    state: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class PlacedChild:
    """A child that has a place, whole: who comes, in which class, whom to call."""

    term: str
    class_run: str
    name: str
    sex: str
    entry_year: int
    guardian: str
    phone: str
    number: str
    status: str


def ask_export(session: Session, actor: Actor, *, round_id: int, site_id: int, reason: str) -> BulkExport:
    """Ask for the list of who has a place at a site in a round.

    Raises:
        NotAllowed: for a site that the actor does not coordinate. NotFound: `round_unknown`, `site_missing`.
        Invalid: at `reason`: `needed`, `too_long`, `text_malformed`.
    """
    require(actor, Action.ASK_EXPORT, Subject(site_ids=frozenset({site_id})))
    find_round(session, round_id)
    if not 0 < site_id <= LARGEST_ID or session.get(Site, site_id) is None:
        raise NotFound("site_missing", site=site_id)
    made = BulkExport(
        kind=PLACED, filters={"round": round_id, "site": site_id}, asked_by_id=actor.account_id,
        reason=line_of("reason", reason, LONGEST_REASON, needed=True), asked_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, actor, "bulk_export.ask", made)
    return made


def approve_export(session: Session, actor: Actor, export_id: int) -> BulkExport:
    """Approve what somebody else asked for.

    Raises:
        NotAllowed; NotFound: `export_unknown`. Conflict: `export_own`, `export_approved`.
    """
    require(actor, Action.APPROVE_EXPORT)
    found = _held(session, export_id)
    if found.asked_by_id == actor.account_id:
        raise Conflict("export_own")
    if found.approved_at is not None:
        raise Conflict("export_approved")
    found.approved_by_id, found.approved_at = actor.account_id, clock.now()
    session.add(found)
    _note(session, actor, "bulk_export.approve", found)
    return found


def take_export(session: Session, actor: Actor, export_id: int) -> list[PlacedChild]:
    """The list, once: by class and number. The site has to be the actor's still.

    Raises:
        NotAllowed: `export_not_yours`, or where the role is gone. NotFound: `export_unknown`.
        Conflict: `export_not_approved`, `export_taken`, `export_over`.
    """
    require(actor, Action.ASK_EXPORT)
    found = _held(session, export_id)
    if found.asked_by_id != actor.account_id:
        raise NotAllowed("export_not_yours")
    require(actor, Action.ASK_EXPORT, Subject(site_ids=frozenset({found.filters["site"]})))
    state = state_of(found, clock.now())
    if state != "approved":
        raise Conflict({"waiting": "export_not_approved"}.get(state, f"export_{state}"))
    found.taken_at = clock.now()
    session.add(found)
    rows = _placed(session, found)
    _note(session, actor, "bulk_export.take", found)
    for child_id, _ in rows:
        note_access(session, actor.account_id, "bulk_export.take", "child", child_id, reason=found.reason)
    return [row for _, row in rows]


def exports(session: Session, actor: Actor) -> list[ExportLine]:
    """What was asked for, the newest first: all of it for the office, else one's own.

    Raises:
        NotAllowed: `not_allowed`.
    """
    require(actor, Action.ASK_EXPORT)
    rows = select(BulkExport).where(BulkExport.kind == PLACED)
    if not actor.has(Role.DISTRICT_OFFICE):
        rows = rows.where(BulkExport.asked_by_id == actor.account_id)
    found = list(session.exec(rows.order_by(col(BulkExport.id).desc()).limit(100)))
    rounds = dict(session.exec(select(EnrolmentRound.id, EnrolmentRound.name)).all())
    sites = dict(session.exec(select(Site.id, Site.name)).all())
    people = {n for one in found for n in (one.asked_by_id, one.approved_by_id) if n is not None}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all())
    now = clock.now()
    return [
        ExportLine(
            export=one, round=rounds.get(one.filters["round"], ""), site=sites.get(one.filters["site"], ""),
            asked_by=names.get(one.asked_by_id, ""), approved_by=names.get(one.approved_by_id, ""),
            state=state_of(one, now), is_mine=one.asked_by_id == actor.account_id,
        )
        for one in found
    ]  # fmt: skip


def state_of(export: BulkExport, now: datetime) -> str:
    """waiting, approved, taken or over."""
    if export.taken_at is not None:
        return "taken"
    if export.approved_at is None:
        return "waiting"
    return "over" if export.approved_at + GOOD_FOR <= now else "approved"


def _held(session: Session, export_id: int) -> BulkExport:
    own = select(BulkExport).where(BulkExport.id == export_id).with_for_update()
    found = session.exec(own).first() if 0 < export_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("export_unknown", export=export_id)
    return found


def _note(session: Session, actor: Actor, action: str, export: BulkExport) -> None:
    note_access(session, actor.account_id, action, "bulk_export", export.id, reason=export.reason)


def _placed(session: Session, export: BulkExport) -> list[tuple[int, PlacedChild]]:
    rows = (
        select_columns(
            *(Application, Child, col(Place.status), col(ClassRun.name), col(Term.name)),
            *(col(Guardian.name), col(Account.phone)),
        )
        .join(Child, col(Child.id) == Application.child_id)
        .join(Place, col(Place.application_id) == Application.id)
        .join(ClassRun, col(ClassRun.id) == Place.class_run_id)
        .join(Term, col(Term.id) == ClassRun.term_id)
        .join(Guardian, col(Guardian.id) == Application.guardian_id)
        .join(Account, col(Account.id) == Guardian.account_id)
        .where(col(Application.round_id) == export.filters["round"], col(ClassRun.site_id) == export.filters["site"])
        .where(col(Place.status).in_(HELD))
        .order_by(col(Term.starts_on), col(ClassRun.grade_low), col(ClassRun.name), col(Application.number))
    )
    return [
        (child.id or 0, PlacedChild(term, run, child.name, child.sex, child.entry_year, who, phone, a.number, state))
        for a, child, state, run, term, who, phone in session.execute(rows).all()
    ]
