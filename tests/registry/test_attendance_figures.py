"""What follows from marks: who is told of children not collected, figures, hours, and what is deleted when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rolls import Roll
from sqlalchemy import Engine
from sqlmodel import Session, select

from registry.accounts.tables import Account, OutboxMessage
from registry.attendance.figures import Counts, attendance_of, counts, present_children
from registry.attendance.pickup import NOT_COLLECTED, escalate
from registry.attendance.service import rounded_hours
from registry.attendance.tables import AttendanceEvent
from registry.db import session_scope, sessions
from registry.privacy.export import export_child
from registry.privacy.retention import run_retention


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Roll:
    return Roll(session, monkeypatch)


def test_children_whom_nobody_collects_are_told_of_once_a_step(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with session_scope(engine, is_writing=True) as session:
        there = Roll(session, monkeypatch)
        there.mark("check_in")
    told = []
    for hour, minute in ((17, 40), (17, 59), (18, 0), (18, 1), (18, 30), (18, 31)):
        there.at(hour, minute)
        told.append(escalate(sessions(engine)))
    with session_scope(engine) as session:
        found = session.exec(select(OutboxMessage).where(OutboxMessage.code == NOT_COLLECTED).order_by("id")).all()
        coordinator = session.get_one(Account, there.coordinator.account_id).phone
        assert told == [0, 0, 1, 0, len(found) - 1, 0]
        assert (found[0].phone, found[0].facts["n"], found[0].facts["minutes"]) == (coordinator, 1, 30)
        assert session.get_one(Account, there.office.account_id).phone in {one.phone for one in found[1:]}


def test_figures_of_a_child_and_a_class(there: Roll) -> None:
    there.mark("check_in")
    found = attendance_of(there.session, there.child, there.run)
    assert (found.held, found.attended, found.percent, found.is_below_floor) == (1, 1, 100, False)
    there.at(9, day=there.day + timedelta(days=2))
    found = attendance_of(there.session, there.child, there.run)
    assert (found.held, found.attended, found.percent, found.is_below_floor) == (2, 1, 50, True)
    assert present_children(there.session, there.run, there.day) == [there.child]
    assert counts(there.session, [there.run], there.day, there.day) == Counts(1, 1)


@pytest.mark.parametrize(
    ("minutes", "hours"), [(0, 0), (15, 0), (16, 0.5), (45, 0.5), (46, 1), (60, 1), (75, 1), (76, 1.5), (500, 8.5)]
)
def test_service_hours_are_rounded_by_the_rule(minutes: int, hours: float) -> None:
    assert rounded_hours(minutes, {"nothing_up_to": 15, "half_up_to": 45}) == hours


def test_old_attendance_is_deleted_and_a_child_takes_its_own_along(there: Roll) -> None:
    there.mark("check_in")
    there.mark("undo")
    told = export_child(there.session, there.home.parent, there.child, kind="json")
    assert [one["kind"] for one in told["attendance"]] == ["check_in", "undo"]
    there.at(9, day=there.day + timedelta(days=3 * 365 + 3))
    assert run_retention(there.session, None, is_trial=False).counts["attendance"] == 1
    assert there.session.exec(select(AttendanceEvent)).all() == []
