"""A child's week on paper: its days and lessons as published, and nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from rolls import Roll
from sqlmodel import Session

from api.prints.child_week import week_sheet
from registry import clock
from registry.attendance.child_week import week_of
from registry.enrolment.tables import Application
from registry.errors import NotFound, Refused


def test_a_child_comes_on_its_days_at_the_published_hours(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Roll(session, monkeypatch)
    there.volunteer()
    mine = session.get_one(Application, there.home.application.id)
    mine.weekdays = [1, 3]
    session.add(mine)
    session.flush()
    found = week_of(session, there.home.parent, there.child, there.day)
    [at] = found.classes
    assert [(day.day, day.starts_at is None) for day in at.days] == [
        (there.day, False), (there.day + timedelta(days=2), True),
    ]  # fmt: skip
    other = there.another("别的孩子")
    text = PdfReader(BytesIO(week_sheet(found, "zh", clock.now()).pdf)).pages[0].extract_text()
    assert ("还没有公布" in text, "1 / 1" in text, "别的孩子" in text) == (True, True, False)
    with pytest.raises(NotFound):
        week_of(session, there.home.parent, other, there.day)
    with pytest.raises(Refused):
        week_of(session, there.home.parent, there.child, there.day + timedelta(days=1))
