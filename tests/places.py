"""Applications that are sent, and what became of them, for tests of places and waitlists."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select
from town import draft

from registry import clock
from registry.accounts.permissions import Actor
from registry.enrolment.applications import Details, change
from registry.enrolment.sending import submit
from registry.enrolment.status import status_of
from registry.enrolment.tables import Application, ClassDay, EnrolmentRound, Place
from registry.errors import RegistryError


def sent(
    session: Session, its: EnrolmentRound, wishes: list[int], details: Details | None = None
) -> tuple[Actor, Application]:
    """A family's application, sent."""
    actor, mine = draft(session, its, wishes)
    if details is not None:
        change(session, actor, mine.number, details, None)
    return actor, submit(session, actor, mine.number, f"key-{mine.number}")


def line(session: Session, application: Application) -> tuple[str, object]:
    """The status line and what stands behind it."""
    found = status_of(session, application, clock.now())
    return found.code, found.facts.get("position") or found.facts.get("class_run")


def taken(session: Session, class_run_id: int) -> list[int]:
    days = select(ClassDay.taken).where(ClassDay.class_run_id == class_run_id).order_by(col(ClassDay.weekday))
    return list(session.exec(days).all())


def offer(session: Session, application: Application, status: str = "offered") -> Place:
    """The one place of an application in this state."""
    return session.exec(select(Place).where(Place.application_id == application.id, Place.status == status)).one()


def code(act: Callable[[], object]) -> str:
    with pytest.raises(RegistryError) as caught:
        act()
    return caught.value.code
