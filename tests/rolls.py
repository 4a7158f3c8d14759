"""A class on a day of its term: children with places, whoever looks after them, marks in one line."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from homes import Clock, Home, home, lead, site_of
from sqlmodel import Session
from town import office

from registry import clock
from registry.accounts.permissions import Actor, actor_of
from registry.accounts.tables import Account, Role
from registry.attendance.marks import Marked, MarkInput, mark_child
from registry.clock import SHANGHAI
from registry.duties.tables import RosteredDuty, RosterVersion
from registry.people import ClearanceCheck, Volunteer
from registry.programme import ClassRun, Term

_keys, _phones = count(), count(15000000000)


class Roll:
    """One child in the first class of the town, on the first working day of its term, at 9 in the morning."""

    def __init__(self, session: Session, patch: pytest.MonkeyPatch) -> None:
        self.session, self.clock = session, Clock(patch)
        self.home: Home = home(session)
        self.run, self.child = self.home.run, self.home.id
        self.site = site_of(session, self.run)
        term = session.get_one(Term, session.get_one(ClassRun, self.run).term_id)
        self.day = next(d for n in range(7) if (d := term.starts_on + timedelta(days=n)).isoweekday() == 1)
        self.lead = lead(session, self.run)
        self.coordinator = office(session, Role.SITE_COORDINATOR, self.site)
        self.office = office(session)
        self.at(9)

    def at(self, hour: int, minute: int = 0, day: date | None = None) -> datetime:
        """Move the clock; answers the moment."""
        moment = datetime.combine(day or self.day, time(hour, minute), SHANGHAI)
        self.clock.to(moment)
        return moment

    def mark(self, mark: str, actor: Actor | None = None, **more: object) -> Marked:
        """A mark of the lead about the child, under a key of its own."""
        entered = {"child_id": self.child, "mark": mark, "key": f"k{next(_keys)}", **more}
        return mark_child(self.session, actor or self.lead, self.run, self.day, MarkInput(**entered))  # type: ignore[arg-type]

    @property
    def guardian(self) -> str:
        """The child's guardian as who collects."""
        return f"guardian:{self.home.parent.guardian_id}"

    def another(self, name: str) -> int:
        """One more child in the class."""
        return home(self.session, name=name).id

    def volunteer(self, *, role: str | None = "assistant", is_cleared: bool = True) -> Actor:
        """Somebody on duty with the class that morning."""
        made = Volunteer(name="周小美", sex="female", born_on=date(2000, 1, 1), kind="teacher", max_segments=5,
                         preferred_segments=3, reach_km=5.0)  # fmt: skip
        self.session.add(made)
        self.session.flush()
        number = made.id or 0
        if is_cleared:
            self.session.add(ClearanceCheck(volunteer_id=number, checked_on=self.day - timedelta(days=30)))
        if role:
            self._duty(number, role)
        account = Account(phone=str(next(_phones)), name="周小美", volunteer_id=number, created_at=clock.now())
        self.session.add(account)
        self.session.flush()
        return actor_of(self.session, account, clock.today())

    def _duty(self, volunteer_id: int, role: str) -> None:
        week = self.day - timedelta(days=self.day.weekday())
        version = RosterVersion(week=week, number=next(_keys) + 1, problem_json={}, roster_json={}, seed=1,
                                software="x", published_at=clock.now())  # fmt: skip
        self.session.add(version)
        self.session.flush()
        self.session.add(
            RosteredDuty(version_id=version.id or 0, day=self.day, part="am", starts_at=time(8, 30),
                         ends_at=time(12), class_run_id=self.run, volunteer_id=volunteer_id, role=role)
        )  # fmt: skip
        self.session.flush()
