"""A site's day is closed once children, sign-outs and absences are settled; a week once all its days are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rolls import Roll
from sqlalchemy import event
from sqlmodel import Session, select
from town import office

from registry import clock
from registry.accounts.tables import Role
from registry.attendance.closing import close_site_day, day_closing, week_closing
from registry.attendance.days import site_day
from registry.attendance.service import sign_in_service, sign_out_service
from registry.duties.answer_tables import Absence
from registry.errors import Conflict, NotAllowed, NotFound
from registry.privacy.tables import AccessLog


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Roll:
    return Roll(session, monkeypatch)


def refused(there: Roll, reason: str = "") -> tuple[str, object]:
    with pytest.raises(Conflict) as error:
        close_site_day(there.session, there.coordinator, there.site, there.day, reason)
    return error.value.code, error.value.facts["n"]


def absent(there: Roll) -> None:
    """Somebody on duty that morning cannot come."""
    who = there.volunteer().volunteer_id or 0
    made = Absence(volunteer_id=who, day=there.day, part="am", reason="ill", source="link", reported_at=clock.now())
    there.session.add(made)
    there.session.flush()


def test_what_is_open_keeps_the_day_open_until_it_is_settled(there: Roll) -> None:
    helper = there.volunteer()
    there.mark("check_in")
    sign_in_service(there.session, helper, there.site, "in")
    assert refused(there) == ("site_unaccounted", 1)
    assert refused(there, "weil") == ("site_unaccounted", 1), "a reason lets no child be"
    found = day_closing(there.session, there.coordinator, there.site, there.day)
    assert (found.open_children, [p.name for p in found.open_stays], found.n_open) == (1, ["周小美"], 2)
    there.at(12, 20)
    there.mark("collected", collector=there.guardian)
    assert refused(there) == ("stays_open", 1)
    sign_out_service(there.session, helper)
    assert close_site_day(there.session, there.coordinator, there.site, there.day) == 2
    found = day_closing(there.session, there.office, there.site, there.day)
    assert (found.is_closed, found.n_open, found.hours) == (True, 0, 3.5)
    assert close_site_day(there.session, there.coordinator, there.site, there.day) == 0


def test_an_absence_that_nobody_covers_needs_a_reason_that_is_kept(there: Roll) -> None:
    absent(there)
    there.mark("absent")
    assert refused(there) == ("absences_open", 1)
    assert close_site_day(there.session, there.coordinator, there.site, there.day, "两个班合在一起") == 2
    [line] = there.session.exec(select(AccessLog).where(AccessLog.subject == "site")).all()
    assert (line.subject_id, line.field, line.reason) == (there.site, str(there.day), "两个班合在一起")
    assert day_closing(there.session, there.office, there.site, there.day).n_open == 0


def test_on_duty_and_never_signed_in_is_told_and_hinders_nothing(there: Roll) -> None:
    there.volunteer()
    there.mark("absent")
    found = day_closing(there.session, there.coordinator, there.site, there.day)
    assert (found.unsigned, found.n_open) == (("周小美",), 0)
    assert close_site_day(there.session, there.coordinator, there.site, there.day) == 2


def test_a_week_counts_as_its_days_do_and_is_closed_with_the_last(there: Roll) -> None:
    there.another("李四四")
    monday = there.day
    week = week_closing(there.session, there.coordinator, monday)
    assert [site.id for site in week.sites] == [there.site]
    assert (len(week.dates), week.is_closed) == (5, False)
    today, tomorrow = week.at(there.site, monday), week.at(there.site, monday + timedelta(days=1))
    assert today is not None and tomorrow is not None
    singly = {
        line.class_run.id: line.open_children for line in site_day(there.session, there.office, there.site, monday)
    }
    assert {one.class_run.id: one.open_children for one in today.classes} == singly
    assert today.open_children == 2
    assert (tomorrow.is_ahead, tomorrow.open_children) == (True, 0)
    for n in range(5):
        there.at(9, day=monday + timedelta(days=n))
        there.day = monday + timedelta(days=n)
        there.mark("absent")
        there.mark("absent", child_id=there.child + 1)
        close_site_day(there.session, there.coordinator, there.site, there.day)
    assert week_closing(there.session, there.coordinator, monday).is_closed


def test_others_see_neither_site_nor_week(there: Roll) -> None:
    other = office(there.session, Role.SITE_COORDINATOR, there.site + 1)
    with pytest.raises(NotFound):
        day_closing(there.session, other, there.site, there.day)
    with pytest.raises(NotFound):
        close_site_day(there.session, other, there.site, there.day)
    assert there.site not in {one.site.id for one in week_closing(there.session, other, there.day).days}
    for nobody in (there.lead, there.home.parent):
        with pytest.raises(NotAllowed):
            week_closing(there.session, nobody, there.day)


def test_a_week_takes_hardly_more_queries_than_a_day(there: Roll) -> None:
    asked: list[str] = []
    engine = there.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    day_closing(there.session, there.office, there.site, there.day)
    of_day = len(asked)
    week_closing(there.session, there.office, there.day)
    assert len(asked) - of_day <= of_day
