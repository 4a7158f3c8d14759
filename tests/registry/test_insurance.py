"""Who is insured: children who agreed, volunteers on duty; final lists, what changed since, who may take one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from homes import NAME, PAPER
from rolls import Roll
from sqlmodel import Session, select
from town import office

from registry.accounts.tables import Role
from registry.attendance.service import sign_in_service, sign_out_service
from registry.attendance.tables import ServiceStay
from registry.errors import Conflict, Invalid, NotAllowed, NotFound
from registry.families.tables import Child
from registry.insurance.lists import approve, final_lists, make_final, outlook, take
from registry.insurance.tables import InsuranceList
from registry.privacy.consents import answer_consents
from registry.privacy.retention import run_retention
from registry.privacy.tables import AccessLog, ConsentItem, ConsentText
from registry.programme import ClassRun, Setting, Term


class Insurer:
    """The class of a roll on its first day, its term, and a second person of the office."""

    def __init__(self, session: Session, patch: pytest.MonkeyPatch) -> None:
        self.session, self.roll = session, Roll(session, patch)
        self.term = session.get_one(Term, session.get_one(ClassRun, self.roll.run).term_id)
        self.office, self.second = self.roll.office, office(session)

    @property
    def number(self) -> int:
        return self.term.id or 0

    def troubles(self) -> set[tuple[str, int]]:
        found = outlook(self.session, self.office, self.number).found.troubles
        return {(one.code, one.person_id) for one in found}

    def change(self, **fields: object) -> None:
        child = self.session.get_one(Child, self.roll.child)
        for name, value in fields.items():
            setattr(child, name, value)
        self.session.add(child)
        self.session.flush()


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Insurer:
    made = Insurer(session, monkeypatch)
    made.change(born_on=date(2015, 3, 7), sex="male")  # what the paper says
    return made


def test_children_with_places_and_volunteers_on_duty(there: Insurer) -> None:
    there.roll.volunteer()
    rows = outlook(there.session, there.office, there.number).found.rows
    told = [(row.kind, row.name, row.paper_number, row.class_run, row.starts, row.ends) for row in rows]
    first, last = there.term.starts_on.isoformat(), there.term.ends_on.isoformat()
    day = there.roll.day.isoformat()
    assert told == [
        ("child", NAME, PAPER, "1-2年级班", first, last), ("volunteer", "周小美", "", "1-2年级班", day, day),
    ]  # fmt: skip
    assert (rows[0].guardian, rows[0].relation, len(rows[0].phone)) == ("刘桂兰", "grandparent", 11)


def test_a_day_has_those_who_come_that_day(there: Insurer) -> None:
    there.roll.home.application.weekdays = [2, 3]
    there.session.add(there.roll.home.application)
    there.roll.volunteer()
    monday = outlook(there.session, there.office, there.number, there.roll.day).found.rows
    tuesday = outlook(there.session, there.office, there.number, there.roll.day + timedelta(days=1)).found.rows
    assert [[row.name for row in rows] for rows in (monday, tuesday)] == [["周小美"], [NAME]]
    with pytest.raises(Invalid) as refused:
        outlook(there.session, there.office, there.number, there.term.ends_on + timedelta(days=1))
    assert [(one.field, one.code) for one in refused.value.problems] == [("day", "day_outside")]


def test_who_did_not_agree_is_left_off_and_told(there: Insurer) -> None:
    text = there.session.exec(select(ConsentText).where(ConsentText.item == "insurance")).one()
    seen = {ConsentItem.INSURANCE: text.digest}
    answer_consents(
        there.session, there.roll.home.parent, there.roll.child, {ConsentItem.INSURANCE: False}, seen, is_sure=True
    )
    assert there.troubles() == {("no_consent", there.roll.child)}
    assert outlook(there.session, there.office, there.number).found.rows == ()
    with pytest.raises(Conflict, match="insurance_nobody"):
        make_final(there.session, there.office, there.number, None)


@pytest.mark.parametrize(("fields", "code"), [
    ({"paper_number": "990000201503070011"}, "paper_check_digit"),
    ({"born_on": date(2015, 3, 8)}, "paper_not_of_birth"),
    ({"sex": "female"}, "paper_not_of_sex"),
    ({"paper_number": "99"}, "paper_malformed"),
    ({"paper_kind": "library card"}, "paper_malformed"),
])  # fmt: skip
def test_papers_are_checked(there: Insurer, fields: dict[str, object], code: str) -> None:
    assert there.troubles() == set()
    there.change(**fields)
    assert there.troubles() == {(code, there.roll.child)}


def test_papers_that_are_missing_or_two_childrens(there: Insurer) -> None:
    there.session.add(Setting(key="collects_papers", value=True))
    other = there.roll.another("白二")  # with the same paper, and born on another day
    assert {code for code, child in there.troubles() if child == there.roll.child} == {"paper_shared"}
    child = there.session.get_one(Child, other)
    child.paper_number = child.paper_kind = None
    there.session.add(child)
    assert there.troubles() == {("paper_missing", other)}


def test_a_final_list_stays_and_the_next_tells_what_changed(there: Insurer) -> None:
    """白二 joins, and the name of the first child is put right: two are new, one is gone."""
    first = make_final(there.session, there.office, there.number, None, "第一次")
    with pytest.raises(Conflict, match="insurance_unchanged"):
        make_final(there.session, there.office, there.number, None)
    other = there.roll.another("白二")
    there.change(name="李𬱖一")
    second = make_final(there.session, there.office, there.number, None)
    assert [(one.number, one.persons, one.added, one.removed) for one in (first, second)] == [
        (1, 1, 1, 0),
        (2, 2, 2, 1),
    ]
    for one in (first, second):
        approve(there.session, there.second, one.id or 0)
    old, new = (take(there.session, there.office, one.id or 0) for one in (first, second))
    assert [row.name for row in old.rows] == [NAME]
    assert [row.name for row in new.changes.added] == ["白二", "李𬱖一"]
    assert [row.name for row in new.changes.removed] == [NAME]
    assert {row.person_id for row in new.rows} == {there.roll.child, other}
    log = there.session.exec(
        select(AccessLog).where(AccessLog.subject == "child", AccessLog.action == "insurance.make")
    )
    assert [one.subject_id for one in log] == [there.roll.child, there.roll.child, other]


def test_a_second_person_approves_and_only_the_office_takes(there: Insurer) -> None:
    made = make_final(there.session, there.office, there.number, None)
    number = made.id or 0
    with pytest.raises(Conflict, match="export_not_approved"):
        take(there.session, there.office, number)
    with pytest.raises(Conflict, match="export_own"):
        approve(there.session, there.office, number)
    approve(there.session, there.second, number)
    with pytest.raises(Conflict, match="export_approved"):
        approve(there.session, there.second, number)
    assert take(there.session, there.second, number).list.digest == made.digest
    for actor in (there.roll.coordinator, there.roll.lead, office(there.session, Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            take(there.session, actor, number)
        with pytest.raises(NotAllowed):
            outlook(there.session, actor, there.number)
        with pytest.raises(NotAllowed):
            final_lists(there.session, actor)
    with pytest.raises(NotFound, match="insurance_unknown"):
        take(there.session, there.office, 999)
    with pytest.raises(NotFound, match="term_unknown"):
        outlook(there.session, there.office, 999)


def test_names_go_a_month_after_the_cover_and_stays_after_three_years(there: Insurer) -> None:
    helper = there.roll.volunteer()
    stay = sign_in_service(there.session, helper, there.roll.site, "in")
    there.roll.at(12)
    sign_out_service(there.session, helper)
    made = make_final(there.session, there.office, there.number, None)
    approve(there.session, there.second, made.id or 0)
    there.roll.at(9, day=there.term.ends_on + timedelta(days=29))
    assert run_retention(there.session, None, is_trial=False).counts["insurance_lists"] == 0
    there.roll.at(9, day=there.term.ends_on + timedelta(days=30))
    assert run_retention(there.session, None, is_trial=False).counts["insurance_lists"] == 1
    there.session.expire_all()
    assert (made.rows, made.persons) == (None, 2)
    with pytest.raises(Conflict, match="insurance_over"):
        take(there.session, there.office, made.id or 0)
    there.roll.at(9, day=stay.day + timedelta(days=3 * 365 + 2))
    assert run_retention(there.session, None, is_trial=False).counts["service"] == 1
    assert there.session.exec(select(ServiceStay)).all() == []
    assert there.session.exec(select(InsuranceList)).one().digest == made.digest
