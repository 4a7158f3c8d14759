"""One day of a class from sign-in to a closed day; how often children came; certificates that they took part."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rolls import Roll
from sqlmodel import Session, select
from town import office

from registry.accounts.tables import Role
from registry.attendance.days import close_day, count_heads
from registry.attendance.family import delegate, report
from registry.attendance.figures import Counts, counts
from registry.attendance.floor import flagged
from registry.attendance.page import day_page
from registry.attendance.service import own_hours, sign_in_service, sign_out_service
from registry.certificates.issue import reissue, void
from registry.certificates.participation import class_standings, issue_participation
from registry.certificates.reads import find_certificate, own_certificates, verify
from registry.certificates.tables import Certificate
from registry.errors import Conflict, Invalid, NotFound
from registry.privacy.erasure import erase_child
from registry.privacy.export import export_child
from registry.privacy.tables import AccessLog
from registry.programme import ClassRun


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Roll:
    return Roll(session, monkeypatch)


def test_a_day_from_sign_in_to_its_end(there: Roll) -> None:
    """Four children: one is reported absent, one comes late, one is collected by a neighbour with a code, one by its
    guardian. A volunteer comes at 8:20 and leaves at 17:40: 9 h 20 are 9½ h by the rule."""
    late, absent, other = (there.another(name) for name in ("白二", "陈三", "丁四"))
    there.at(7, 50)
    report(there.session, there.home.parent, there.child, there.run, there.day, "late")
    there.mark("absent", child_id=absent)
    there.at(8, 20)
    helper = there.volunteer()
    sign_in_service(there.session, helper, there.site, "in")
    there.at(8, 40)
    for child in (late, other):
        there.mark("check_in", helper, child_id=child)
    there.at(9, 30)
    there.mark("check_in", helper, remark="有点咳嗽")
    assert count_heads(there.session, helper, there.run, there.day, 3, "heads").present == 3
    there.at(11)
    there.mark("step_out", child_id=other)
    with pytest.raises(Conflict, match="day_unaccounted"):
        close_day(there.session, there.lead, there.run, there.day)
    there.at(11, 30)
    there.mark("return", child_id=other)
    _, code = delegate(there.session, there.home.parent, there.child, there.day, "邻居王五", "friend")
    there.at(17, 20)
    page = day_page(there.session, there.lead, there.run, there.day)
    assert (page.counts["present"], page.counts["absent"], page.open_children) == (3, 1, 3)
    mine = next(line for line in page.lines if line.on_roll.child.id == there.child)
    neighbour = next(one for one in mine.collectors if one.needs_code)
    assert there.mark("collected", collector=neighbour.reference, code="000000").problem is not None
    assert there.mark("collected", collector=neighbour.reference, code=code).state == "collected"
    for child in (late, other):
        line = next(line for line in page.lines if line.on_roll.child.id == child)
        there.mark("collected", child_id=child, collector=line.collectors[0].reference)
    there.at(17, 40)
    sign_out_service(there.session, helper)
    close_day(there.session, there.lead, there.run, there.day)
    with pytest.raises(Conflict, match="day_closed"):
        there.mark("undo")
    assert counts(there.session, [there.run], there.day, there.day) == Counts(3, 3)
    assert own_hours(there.session, helper, there.day, there.day).hours == 9.5


def test_children_who_come_rarely_are_flagged_and_no_more(there: Roll) -> None:
    """Of three days the first child came on one, the other on all: 33 % is below 70 %."""
    other = there.another("白二")
    for day in range(3):
        there.day += timedelta(days=1 if day else 0)
        there.at(9)
        there.mark("check_in", there.lead, child_id=other)
        if day == 0:
            there.mark("check_in")
    term = there.session.get_one(ClassRun, there.run).term_id
    for actor in (there.coordinator, there.office, there.lead):
        [line] = flagged(there.session, actor, term)
        assert (line.child.id, line.attendance.percent, line.attendance.held) == (there.child, 33, 3)
    assert flagged(there.session, office(there.session, Role.SITE_COORDINATOR, there.site + 1), term) == []
    assert [line.child.id for line in class_standings(there.session, there.lead, there.run)] == [there.child, other]


def test_a_child_that_took_part_is_certified(there: Roll) -> None:
    there.mark("check_in")
    never = there.another("白二")
    done = issue_participation(there.session, there.lead, there.run, [there.child, never])
    assert ([one.holder for one in done.made], done.left_out) == (["李𬱖"], {"never_there": 1})
    [made] = done.made
    told = {name: made.facts[name] for name in ("class_run", "site", "attended", "courses")}
    assert told == {"class_run": "1-2年级班", "site": "东街少年宫", "attended": 1, "courses": []}
    assert issue_participation(there.session, there.lead, there.run, [there.child]).left_out == {"certificate_there": 1}
    assert own_certificates(there.session, there.home.parent) == [made]
    found = verify(there.session, made.code, "").found
    assert found is not None
    assert (found.holder, found.days, found.hours) == ("李*", 1, None)
    assert "东街" not in str(found)
    log = there.session.exec(select(AccessLog).where(AccessLog.action == "certificate.issue")).one()
    assert (log.subject, log.subject_id, log.account_id) == ("child", there.child, there.lead.account_id)


def test_only_the_class_and_the_family_have_it(there: Roll) -> None:
    there.mark("check_in")
    [made] = issue_participation(there.session, there.coordinator, there.run, [there.child]).made
    elsewhere = office(there.session, Role.SITE_COORDINATOR, there.site + 1)
    there.another("白二")
    for actor in (elsewhere, there.volunteer()):
        with pytest.raises(NotFound, match="certificate_unknown"):
            find_certificate(there.session, actor, made.id or 0)
    with pytest.raises(NotFound, match="class_run_unknown"):
        issue_participation(there.session, elsewhere, there.run, [there.child])
    with pytest.raises(NotFound, match="child_unknown"):
        issue_participation(there.session, there.lead, there.run, [999])
    with pytest.raises(Invalid):
        issue_participation(there.session, there.lead, there.run, [])
    new = reissue(there.session, there.lead, made.id or 0, "又来了两天")
    assert (made.state, new.number) == ("replaced", made.number + 1)
    void(there.session, there.lead, new.id or 0, "写错班了")
    assert new.state == "void"


def test_it_goes_with_the_child(there: Roll) -> None:
    there.mark("check_in")
    [made] = issue_participation(there.session, there.lead, there.run, [there.child]).made
    reissue(there.session, there.lead, made.id or 0, "再开一次")
    told = export_child(there.session, there.home.parent, there.child, kind="json")["certificates"]
    assert [(one["state"], one["class_run"]) for one in told] == [("replaced", "1-2年级班"), ("valid", "1-2年级班")]
    there.home.application.status = "withdrawn"
    there.session.flush()
    erase_child(there.session, there.child, None, "on_request")
    assert there.session.exec(select(Certificate)).all() == []
    assert verify(there.session, made.code, "").found is None
