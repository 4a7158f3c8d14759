"""What goes after its time, what stays, and that a trial deletes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from homes import NAME, Clock, home
from sqlmodel import Session, select
from town import family, make_town, office

from registry import clock
from registry.accounts.tables import LoginSession, Role, SignInCode
from registry.enrolment.tables import Application
from registry.errors import NotAllowed
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
)
from registry.privacy.requests import make_request
from registry.privacy.retention import run_retention
from registry.privacy.tables import AccessLog
from registry.programme import ClassRun, Term


def _at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.SHANGHAI) + timedelta(hours=12)


def test_what_was_not_placed_goes_thirty_days_after_the_term_began(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, won = home(session, status=None, name="没排上"), home(session, name="排上了")
    lost.application.status = "waitlisted"
    session.add(lost.application)
    term = session.get_one(Term, session.get_one(ClassRun, lost.run).term_id)
    then = Clock(monkeypatch)
    then.to(_at(term.starts_on + timedelta(days=29)))
    assert _counts(session)["not_placed"] == 0
    then.to(_at(term.starts_on + timedelta(days=30)))
    assert _counts(session)["not_placed"] == 1
    assert session.get_one(Child, lost.id).name == "没排上"  # a trial deletes nothing
    assert _counts(session, is_trial=False)["not_placed"] == 1
    session.expire_all()
    assert (session.get_one(Child, lost.id).name, session.get_one(Child, won.id).name) == ("", "排上了")
    assert session.exec(select(Application.number)).all() == [won.application.number]
    assert _counts(session, is_trial=False)["not_placed"] == 0


def test_papers_and_health_go_thirty_days_after_cover_ended(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = home(session)
    term = session.get_one(Term, session.get_one(ClassRun, mine.run).term_id)
    then = Clock(monkeypatch)
    then.to(_at(term.ends_on + timedelta(days=29)))
    assert _counts(session, is_trial=False)["cover_over"] == 0
    then.to(_at(term.ends_on + timedelta(days=30)))
    assert _counts(session, is_trial=False)["cover_over"] == 1
    session.expire_all()
    child = session.get_one(Child, mine.id)
    assert (child.name, child.paper_number, child.health_note) == (NAME, None, None)
    assert session.exec(select(CollectionRestriction)).all() == []
    assert len(session.exec(select(AuthorizedCollector)).all()) == 1
    assert _counts(session, is_trial=False)["cover_over"] == 0
    then.to(_at(term.ends_on + timedelta(days=3 * 365 + 1)))
    assert _counts(session, is_trial=False)["attended"] == 1
    session.expire_all()
    assert session.get_one(Child, mine.id).name == ""


def test_codes_sessions_and_logs_go_in_their_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, now = home(session), clock.now()
    session.add(SignInCode(phone="13800000000", code_hash="x", sent_at=now, expires_at=now))
    session.add(
        LoginSession(account_id=mine.parent.account_id, token_hash="x", created_at=now, seen_at=now, expires_at=now)
    )
    session.flush()
    logged = len(session.exec(select(AccessLog.id)).all())
    make_request(session, mine.parent, mine.id, "correction", "x")
    then = Clock(monkeypatch)
    found: list[dict[str, Any]] = []
    for days in (0, 2, 184, 1096 + 1):
        then.to(now + timedelta(days=days))
        found.append(_counts(session))
    assert [one["sign_in_codes"] for one in found] == [0, 1, 1, 1]
    assert [one["sessions"] for one in found] == [0, 0, 1, 1]
    assert [one["access_log"] for one in found] == [0, 0, 0, logged + 1]


def test_a_child_that_never_applied_goes_after_a_year(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    make_town(session)
    _, (child,) = family(session, consents=False)
    then = Clock(monkeypatch)
    then.to(clock.now() + timedelta(days=364))
    assert _counts(session)["never_applied"] == 0
    then.to(then.real + timedelta(days=367))
    assert _counts(session, is_trial=False)["never_applied"] == 1
    assert session.get_one(Child, child.id or 0).name == ""


def _counts(session: Session, *, is_trial: bool = True) -> dict[str, int]:
    return dict(run_retention(session, None, is_trial=is_trial).counts)


def test_only_the_office_runs_it(session: Session) -> None:
    with pytest.raises(NotAllowed):
        run_retention(session, office(session, Role.AUDITOR), is_trial=True)
    assert run_retention(session, office(session), is_trial=True).is_trial
