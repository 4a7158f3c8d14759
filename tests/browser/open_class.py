"""A class that meets today by the real clock, with its lead and a family."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rolls import Roll
from sqlmodel import Session, select

from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.attendance.tables import AttendanceEvent
from registry.db import make_engine, session_scope
from registry.programme import ClassRun, DayOff, Term


class OpenClass:
    """A class that meets today by the real clock, behind a real server."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch) -> None:
        self.engine = make_engine(url)
        with session_scope(self.engine, is_writing=True) as session:
            with patch.context() as frozen:
                there = Roll(session, frozen)
                there.another("欧阳娜娜·阿卜杜热西提")
            self._today(session, there.run)
            self.token = sign_in(session, session.get_one(Account, there.lead.account_id), device="", address="")
            self.run, self.child, self.guardian = there.run, there.child, there.guardian
            parent = session.get_one(Account, there.home.parent.account_id)
            self.parent = sign_in(session, parent, device="", address="")
        self.day, self.address = clock.today(), ""

    def _today(self, session: Session, run: int) -> None:
        today = clock.today()
        term = session.get_one(Term, session.get_one(ClassRun, run).term_id)
        term.starts_on, term.ends_on = today - timedelta(days=1), today + timedelta(days=1)
        session.add_all([term, DayOff(day=today, is_worked=True, name="x")])

    def kinds(self) -> list[str]:
        with session_scope(self.engine) as session:
            return [event.kind for event in session.exec(select(AttendanceEvent).order_by("id"))]
