"""Everything that is held about a child, for its guardian: as plain JSON values, whole and in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.accounts.tables import Account
from registry.attendance.tables import AttendanceDay, AttendanceEvent, PickupDelegation
from registry.certificates.tables import Certificate
from registry.conventions.phones import mask_phone
from registry.enrolment.events import history as events_of
from registry.enrolment.tables import Application, EnrolmentRound, Place, WaitlistEntry, Wish
from registry.families.around import around
from registry.families.reads import own_child
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardian,
    GuardianInvitation,
    Guardianship,
)
from registry.growth.tables import NoteStatus, Observation, ObservationChild
from registry.privacy.access_log import note_access
from registry.privacy.consents import history as answers_of
from registry.privacy.seen import seen_by
from registry.privacy.tables import ConsentText, DataRequest
from registry.programme import ClassRun, Site, Term

Json = dict[str, Any]


def export_child(session: Session, actor: Actor, child_id: int, *, kind: str, address: str = "") -> Json:
    """All of one child of the actor's family; that it was taken out is kept in the access log.

    The other guardian's phone is masked: it belongs to that guardian, who has an export of their own.

    Raises:
        NotFound: `child_unknown`, also for another family's.
    """
    child = own_child(session, actor, child_id, Action.SEE_CHILD)
    found: Json = {
        "made_at": _text(clock.now()),
        "child": _row(child, "name", "sex", "born_on", "entry_year", "school", "paper_kind", "paper_number",
                      "health_note", "created_at", "changed_at"),
        "guardians": _guardians(session, actor, child_id),
        "invitations": [
            {**_row(one, "relation", "created_at", "answered_at"), "phone": one.phone}
            for one in session.exec(select(GuardianInvitation).where(GuardianInvitation.child_id == child_id))
        ],
        "collectors": _rows(around(session, AuthorizedCollector, child_id), "name", "phone", "relation"),
        "contacts": _rows(around(session, EmergencyContact, child_id), "name", "phone", "relation"),
        "restrictions": _rows(around(session, CollectionRestriction, child_id), "name", "note"),
        "consents": _consents(session, child_id),
        "applications": [_application(session, one) for one in _applications(session, child_id)],
        "attendance": _attendance(session, child_id),
        "delegations": _delegations(session, child_id),
        "notes": _notes(session, child_id),
        "certificates": _certificates(session, child_id),
        "requests": [
            _row(one, "kind", "text", "status", "answer", "created_at", "decided_at")
            for one in session.exec(
                select(DataRequest).where(DataRequest.child_id == child_id).order_by(col(DataRequest.id))
            )
        ],
        "accesses": [
            {"at": _text(one.at), "who": one.who, "roles": list(one.roles), "action": one.action, "field": one.field,
             "reason": one.reason, "is_refused": one.is_refused}
            for one in seen_by(session, child_id)
        ],
    }  # fmt: skip
    note_access(session, actor.account_id, "child.export", "child", child_id, field=kind, address=address)
    return found


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _row(row: object, *names: str) -> Json:
    return {name: _text(getattr(row, name)) for name in names}


def _rows(rows: Iterable[object], *names: str) -> list[Json]:
    return [_row(row, *names) for row in rows]


def _guardians(session: Session, actor: Actor, child_id: int) -> list[Json]:
    found = (
        select(Guardian, Guardianship.relation, Account.phone)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .join(Account, col(Account.id) == Guardian.account_id)
        .where(Guardianship.child_id == child_id)
        .order_by(col(Guardian.id))
    )
    return [
        {"name": one.name, "relation": relation, "phone": phone if one.id == actor.guardian_id else mask_phone(phone)}
        for one, relation, phone in session.exec(found)
    ]


def _attendance(session: Session, child_id: int) -> list[Json]:
    """Every mark, also those that were taken back."""
    marks = (
        select(AttendanceEvent, AttendanceDay)
        .join(AttendanceDay, col(AttendanceDay.id) == AttendanceEvent.day_id)
        .where(AttendanceEvent.child_id == child_id)
        .order_by(col(AttendanceEvent.id))
    )
    names = ("kind", "at", "recorded_at", "source", "remark", "collector_name", "collector_relation", "verified")
    return [{"day": _text(its.day), **_row(event, *names)} for event, its in session.exec(marks)]


def _delegations(session: Session, child_id: int) -> list[Json]:
    mine = select(PickupDelegation).where(PickupDelegation.child_id == child_id).order_by(col(PickupDelegation.id))
    found: list[object] = list(session.exec(mine).all())
    return _rows(found, "day", "name", "relation", "created_at", "used_at", "withdrawn_at")


def _notes(session: Session, child_id: int) -> list[Json]:
    """Notes that were released; a word of a draft is nobody's to read but its writer's and the lead's."""
    mine = (
        select(Observation, Account.name)
        .join(ObservationChild, col(ObservationChild.observation_id) == Observation.id)
        .join(Account, col(Account.id) == Observation.author_id)
        .where(ObservationChild.child_id == child_id, Observation.status == NoteStatus.RELEASED.value)
        .order_by(col(Observation.day), col(Observation.id))
    )
    return [
        {**_row(note, "day", "domain", "seen", "understood", "support"), "by": author}
        for note, author in session.exec(mine)
    ]


def _certificates(session: Session, child_id: int) -> list[Json]:
    """With what they say, also those that are void."""
    mine = select(Certificate).where(Certificate.child_id == child_id).order_by(col(Certificate.id))
    said = ("term", "site", "class_run", "first", "last", "attended", "courses")
    return [
        {**_row(one, "shown_number", "holder", "issued_on", "state", "void_reason"),
         **{name: one.facts[name] for name in said}}
        for one in session.exec(mine)
    ]  # fmt: skip


def _consents(session: Session, child_id: int) -> list[Json]:
    told = []
    for one in answers_of(session, child_id):
        text = session.get_one(ConsentText, one.record.text_id)
        told.append({
            "item": one.record.item, "is_given": one.record.is_given, "at": _text(one.record.at),
            "by": one.guardian_name, "version": one.version, "digest": one.record.text_digest,
            "text_zh": text.zh, "text_en": text.en,
        })  # fmt: skip
    return told


def _applications(session: Session, child_id: int) -> list[Application]:
    mine = select(Application).where(Application.child_id == child_id)
    return list(session.exec(mine.order_by(col(Application.id))))


def _application(session: Session, one: Application) -> Json:
    runs = select(Site.name, Term.name, ClassRun.name).join(ClassRun, col(ClassRun.site_id) == Site.id)
    runs = runs.join(Term, col(Term.id) == ClassRun.term_id)

    def named(class_run_id: int) -> str:
        return " · ".join(session.exec(runs.where(ClassRun.id == class_run_id)).one())

    wishes = session.exec(select(Wish).where(Wish.application_id == one.id).order_by(col(Wish.rank)))
    places = session.exec(select(Place).where(Place.application_id == one.id).order_by(col(Place.id)))
    waits = session.exec(select(WaitlistEntry).where(WaitlistEntry.application_id == one.id))
    return {
        **_row(one, "number", "draw_name", "status", "seats", "weekdays", "together", "group_code", "group_status",
               "group_verified_by", "group_verified_on", "rejected_because", "created_at", "submitted_at"),
        "round": session.get_one(EnrolmentRound, one.round_id).name,
        "wishes": [{"rank": wish.rank, "class_run": named(wish.class_run_id)} for wish in wishes],
        "places": [
            {**_row(place, "status", "source", "offered_at", "answer_by", "answered_at"),
             "class_run": named(place.class_run_id)}
            for place in places
        ],
        "waitlists": [
            {"class_run": named(wait.class_run_id), **_row(wait, "position", "state")} for wait in waits
        ],
        "history": [
            {"at": _text(event.at), "code": event.code, "facts": event.facts} for event in events_of(session, one)
        ],
    }  # fmt: skip


def full_name(session: Session, child_id: int) -> str:
    """A child's name, for the file's own name and title; whoever calls has asked for permission."""
    return session.get_one(Child, child_id).name
