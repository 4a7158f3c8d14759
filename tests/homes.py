"""A child with a family, a place and what is secret about it, for tests of privacy; and a clock that can be moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlmodel import Session, col, select
from town import a_round, draft, family, make_town

from registry import clock
from registry.accounts.permissions import Actor, actor_of
from registry.accounts.tables import Account, Role, RoleGrant
from registry.enrolment.tables import Application, EnrolmentRound, Place
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardianship,
)
from registry.programme import ClassRun, Site

NAME, PAPER, HEALTH = "李𬱖", "99000020150307001X", "对花生严重过敏"


@dataclass
class Home:
    """A child with all that can be held about it, and its guardian."""

    parent: Actor
    child: Child
    application: Application
    its: EnrolmentRound
    run: int

    @property
    def id(self) -> int:
        return self.child.id or 0


def home(session: Session, *, status: str | None = "confirmed", name: str = NAME) -> Home:
    runs = make_town(session) if session.exec(select(Site)).first() is None else [
        n or 0 for n in session.exec(select(ClassRun.id).order_by(col(ClassRun.id)))
    ]  # fmt: skip
    its = a_round(session, runs)
    parent, mine = draft(session, its, runs[:1], name)
    child = session.get_one(Child, mine.child_id)
    child.paper_kind, child.paper_number, child.health_note = "resident_id", PAPER, HEALTH
    person = {"child_id": child.id or 0, "name": "王奶奶", "phone": "13911112222", "relation": "grandparent"}
    session.add_all([
        child, AuthorizedCollector(**person), EmergencyContact(**person),
        CollectionRestriction(child_id=child.id or 0, name="赵六", note="有保护令"),
    ])  # fmt: skip
    if status:
        mine.status = status
        session.add(mine)
        session.add(
            Place(application_id=mine.id or 0, class_run_id=runs[0], rank=1, source="draw", status="confirmed",
                  offered_at=clock.now())
        )  # fmt: skip
    session.flush()
    return Home(parent, child, mine, its, runs[0])


def site_of(session: Session, run: int) -> int:
    return session.get_one(ClassRun, run).site_id


def lead(session: Session, run: int, ends_on: date | None = None) -> Actor:
    account = Account(phone=f"1370000{run:04d}", name="班主任", created_at=clock.now())
    session.add(account)
    session.flush()
    session.add(
        RoleGrant(account_id=account.id or 0, role=Role.CLASS_LEAD.value, class_run_id=run, starts_on=date(2020, 1, 1),
                  ends_on=ends_on, granted_at=clock.now())
    )  # fmt: skip
    session.flush()
    return actor_of(session, account, clock.today())


def second_guardian(session: Session, child: Child) -> Actor:
    other, _ = family(session, "别的孩子", consents=False)
    session.add(
        Guardianship(child_id=child.id or 0, guardian_id=other.guardian_id or 0, relation="father",
                     created_at=clock.now())
    )  # fmt: skip
    session.flush()
    return other


class Clock:
    """Moves the clock of the code under test."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch, self.real = patch, clock.now()

    def to(self, moment: datetime) -> None:
        self.patch.setattr(clock, "now", lambda: moment)
