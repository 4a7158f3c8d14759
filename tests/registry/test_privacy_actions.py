"""What staff see of a child and why, a family's copy, requests, deletion, and how long data are kept."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from homes import HEALTH, NAME, PAPER, Home, home, lead, second_guardian, site_of
from sqlmodel import Session, col, select
from town import family, office, told

from registry import clock
from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Account, Role
from registry.conventions.phones import mask_phone
from registry.enrolment.tables import Application, ApplicationEvent
from registry.errors import Conflict, Invalid, NotAllowed, NotFound
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardianship,
)
from registry.people import ClearanceCheck, Volunteer
from registry.privacy.erasure import erase_child
from registry.privacy.export import export_child
from registry.privacy.requests import decide, make_request, open_requests, requests_of, take_back
from registry.privacy.seen import Filters, access_log, seen_by
from registry.privacy.staff import masked_child, reveal
from registry.privacy.tables import AccessLog, ConsentRecord


def test_staff_see_a_child_masked(session: Session) -> None:
    mine = home(session)
    shown = masked_child(session, lead(session, mine.run), mine.id)
    lines = {part.part.value: part.lines for part in shown.parts}
    phone = mask_phone(session.get_one(Account, mine.parent.account_id).phone)
    assert (shown.name, shown.sex) == ("李*", "female")
    assert lines == {
        "name": ("李*",), "born_on": ("****",), "school": ("****",), "contacts": ("王*奶 139****2222",),
        "guardians": (f"刘*兰 {phone}",), "collectors": ("王*奶 139****2222",),
        "health_note": ("****",), "paper_number": ("990***********001X",), "restrictions": ("****",),
    }  # fmt: skip
    whole = json.dumps(lines, ensure_ascii=False)
    assert [secret for secret in (NAME, PAPER, HEALTH, "赵六", "13911112222", "刘桂兰") if secret in whole] == []


def test_revealing_needs_a_reason_and_is_kept(session: Session) -> None:
    mine = home(session)
    staff = office(session, Role.SITE_COORDINATOR, site_of(session, mine.run))
    with pytest.raises(Invalid) as caught:
        reveal(session, staff, mine.id, "health_note", "other", " ")
    assert [(p.field, p.code) for p in caught.value.problems] == [("text", "needed")]
    assert reveal(session, staff, mine.id, "health_note", "care", "午餐", "192.0.2.7") == (HEALTH,)
    assert reveal(session, staff, mine.id, "contacts", "emergency") == ("王奶奶 13911112222",)
    kept = session.exec(select(AccessLog).where(AccessLog.action == "child.reveal").order_by(col(AccessLog.id))).all()
    assert [(k.account_id, k.subject_id, k.field, k.reason, k.address, k.is_refused) for k in kept] == [
        (staff.account_id, mine.id, "health_note", "care: 午餐", "192.0.2.7", False),
        (staff.account_id, mine.id, "contacts", "emergency", "", False),
    ]
    (newest, oldest) = seen_by(session, mine.id)
    assert (newest.field, oldest.who, oldest.roles) == ("contacts", "办公室", ("site_coordinator@东街少年宫",))
    total, rows = access_log(session, office(session), Filters(subject_id=mine.id, action="child.reveal"))
    assert (total, [row.field for row in rows]) == (2, ["contacts", "health_note"])


def test_forbidden_collectors_are_for_the_class_lead_alone(session: Session) -> None:
    mine = home(session)
    assert reveal(session, lead(session, mine.run), mine.id, "restrictions", "pick_up") == ("赵六（有保护令）",)
    for other in (office(session), office(session, Role.SITE_COORDINATOR, site_of(session, mine.run))):
        assert "restrictions" not in {part.part.value for part in masked_child(session, other, mine.id).parts}
        with pytest.raises(NotAllowed) as caught:
            reveal(session, other, mine.id, "restrictions", "pick_up")
        assert caught.value.denied is not None
        assert (caught.value.denied.action, caught.value.denied.subject_id) == ("child.reveal.restrictions", mine.id)


def test_others_find_no_such_child(session: Session) -> None:
    mine = home(session)
    today = clock.today()
    elsewhere = office(session, Role.SITE_COORDINATOR, site_of(session, mine.run) + 1)
    assert masked_child(session, lead(session, mine.run, today - timedelta(days=7)), mine.id).child_id == mine.id
    late = lead(session, mine.run + 1)
    for other in (elsewhere, late):
        with pytest.raises(NotFound) as caught:
            masked_child(session, other, mine.id)
        assert (caught.value.code, caught.value.denied is not None) == ("child_unknown", True)
    for nobody in (mine.parent, office(session, Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            masked_child(session, nobody, mine.id)


def test_a_volunteer_needs_a_valid_check(session: Session) -> None:
    mine = home(session)
    helper = Volunteer(name="志愿者", sex="male", born_on=date(2000, 1, 1), kind="teacher", max_segments=5,
                       preferred_segments=3, reach_km=5.0)  # fmt: skip
    session.add(helper)
    session.flush()
    staff = lead(session, mine.run)
    staff = Actor(staff.account_id, staff.name, (*staff.held, Held(Role.VOLUNTEER)), None, helper.id)
    for checked_on in (None, clock.today() - timedelta(days=370)):
        if checked_on:
            session.add(ClearanceCheck(volunteer_id=helper.id or 0, checked_on=checked_on))
            session.flush()
        with pytest.raises(NotAllowed) as caught:
            masked_child(session, staff, mine.id)
        assert (caught.value.code, caught.value.denied is not None) == ("clearance_needed", True)
    session.add(ClearanceCheck(volunteer_id=helper.id or 0, checked_on=clock.today() - timedelta(days=300)))
    session.flush()
    assert masked_child(session, staff, mine.id).child_id == mine.id


def test_a_guardian_takes_out_everything_of_the_own_child(session: Session) -> None:
    mine, other = home(session), home(session, name="王小明")
    reveal(session, office(session), mine.id, "name", "check")
    found = export_child(session, mine.parent, mine.id, kind="json")
    assert (found["child"]["name"], found["child"]["paper_number"], found["child"]["health_note"]) == (
        NAME, PAPER, HEALTH,
    )  # fmt: skip
    assert [one["number"] for one in found["applications"]] == [mine.application.number]
    assert found["applications"][0]["wishes"] == [{"rank": 1, "class_run": "东街少年宫 · 第一期 · 1-2年级班"}]
    assert (found["restrictions"], found["collectors"][0]["phone"]) == (
        [{"name": "赵六", "note": "有保护令"}], "13911112222",
    )  # fmt: skip
    assert (len(found["consents"]), [one["field"] for one in found["accesses"]]) == (6, ["name"])
    assert "王小明" not in json.dumps(found, ensure_ascii=False)
    with pytest.raises(NotFound):
        export_child(session, other.parent, mine.id, kind="json")
    with pytest.raises(NotFound):
        export_child(session, office(session), mine.id, kind="json")


def test_the_other_guardians_phone_is_masked_in_the_copy(session: Session) -> None:
    mine = home(session)
    other = second_guardian(session, mine.child)
    phones = [session.get_one(Account, who.account_id).phone for who in (mine.parent, other)]
    shown = [one["phone"] for one in export_child(session, other, mine.id, kind="json")["guardians"]]
    assert shown == [f"{phones[0][:3]}****{phones[0][-4:]}", phones[1]]


def test_a_deletion_waits_for_applications_and_tells_both_guardians(session: Session) -> None:
    mine = home(session)
    second_guardian(session, mine.child)
    with pytest.raises(Conflict) as caught:
        make_request(session, mine.parent, mine.id, "deletion", "")
    assert (caught.value.code, caught.value.facts["numbers"]) == ("application_stands", [mine.application.number])
    mine.application.status = "withdrawn"
    session.add(mine.application)
    session.flush()
    before = len(told(session))
    asked = make_request(session, mine.parent, mine.id, "deletion", f"{NAME}不来了")
    assert told(session)[before:] == ["data_deletion_asked"] * 2
    boss = office(session)
    assert [(row.child, row.stands) for row in open_requests(session, boss)] == [("李*", ())]
    decide(session, boss, asked.id or 0, is_granted=True, answer="已删除")
    assert told(session)[-2:] == ["data_deletion_done"] * 2
    _nothing_is_left(session, mine)
    with pytest.raises(NotFound):
        masked_child(session, boss, mine.id)
    with pytest.raises(Conflict):
        decide(session, boss, asked.id or 0, is_granted=True, answer="")


def _nothing_is_left(session: Session, mine: Home) -> None:
    session.expire_all()
    child = session.get_one(Child, mine.id)
    assert (child.name, child.sex, child.school, child.paper_number, child.health_note) == ("", "", "", None, None)
    assert child.born_on == date(2019, 1, 1)
    for table in (AuthorizedCollector, CollectionRestriction, EmergencyContact, Guardianship):
        assert session.exec(select(table).where(col(table.child_id) == mine.id)).all() == []
    numbers = select(Application.id).where(Application.child_id == mine.id)
    assert session.exec(select(ApplicationEvent).where(col(ApplicationEvent.application_id).in_(numbers))).all() == []
    proof = session.exec(select(ConsentRecord).where(ConsentRecord.child_id == mine.id)).all()
    assert (len(proof), {row.guardian_id for row in proof}) == (6, {mine.parent.guardian_id})
    assert [one.text for one in requests_of(session, mine.id)] == [""]


def test_nothing_is_erased_while_an_application_stands(session: Session) -> None:
    mine = home(session)
    with pytest.raises(ValueError, match="stands"):
        erase_child(session, mine.id, None, "request")


def test_a_correction_is_asked_refused_and_taken_back(session: Session) -> None:
    mine, boss = home(session), office(session)
    with pytest.raises(Invalid):
        make_request(session, mine.parent, mine.id, "correction", " ")
    first = make_request(session, mine.parent, mine.id, "correction", "学校写错了")
    with pytest.raises(Conflict):
        make_request(session, mine.parent, mine.id, "correction", "学校写错了")
    with pytest.raises(Invalid):
        decide(session, boss, first.id or 0, is_granted=False, answer="")
    decide(session, boss, first.id or 0, is_granted=False, answer="和学籍一致")
    second = make_request(session, mine.parent, mine.id, "correction", "再看看")
    take_back(session, mine.parent, mine.id, second.id or 0)
    assert [(one.status, one.answer) for one in requests_of(session, mine.id)] == [
        ("taken_back", ""), ("refused", "和学籍一致"),
    ]  # fmt: skip
    stranger, _ = family(session, "外人", consents=False)
    for who, refused in ((stranger, NotFound), (boss, NotFound)):
        with pytest.raises(refused):
            make_request(session, who, mine.id, "correction", "x")
