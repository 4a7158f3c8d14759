"""Certificates of service: what they say, their numbers and codes, who sees them, void and issued anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from served_people import Served
from sqlmodel import Session, select
from town import office

from registry.accounts.tables import Role
from registry.attendance.service import correct_stay
from registry.certificates.codes import ALPHABET, new_code, read_code, shown_code
from registry.certificates.issue import printable, reissue, save_issuer, void
from registry.certificates.reads import Asked, find_certificate, own_certificates, register, verify
from registry.certificates.service import issue_service, issue_service_to_all, standings
from registry.certificates.tables import Certificate
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from registry.privacy.tables import AccessLog


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Served:
    return Served(session, monkeypatch)


def test_a_certificate_says_what_was_signed(there: Served) -> None:
    """3 h 30 is 3½ h and 2 h 50 is 3 h by the rule: 6½ hours on two days; a quarter of an hour is nothing, no day."""
    first = there.term.starts_on
    days = [first, first + timedelta(days=1), first + timedelta(days=2)]
    who = there.volunteer("周小美", [
        (days[0], "08:30", "12:00"), (days[1], "14:30", "17:20"), (days[2], "08:30", "08:45"),
    ], "师范大学")  # fmt: skip
    made = issue_service(there.session, there.office, there.term.id or 0, who.id or 0)
    assert (made.holder, made.state, made.shown_number) == ("周小美", "valid", f"{made.year}-000001")
    told = {name: made.facts[name] for name in ("first", "last", "days", "hours", "sites", "organisation", "term")}
    assert told == {
        "first": days[0].isoformat(), "last": days[1].isoformat(), "days": 2, "hours": 6.5, "sites": ["东街少年宫"],
        "organisation": "师范大学", "term": "第一期",
    }  # fmt: skip


def test_a_term_is_certified_at_once_and_nobody_twice(there: Served) -> None:
    day = there.term.starts_on
    good, more = (there.volunteer(name, [(day, "08:30", "12:00")]) for name in ("安一", "白二"))
    there.volunteer("陈三", [(day, "08:30", "")])
    there.volunteer("丁四", [(day, "08:30", "08:40")])
    there.volunteer("没有来过")
    issue_service(there.session, there.office, there.term.id or 0, good.id or 0)
    done = issue_service_to_all(there.session, there.office, there.term.id or 0)
    assert [one.holder for one in done.made] == ["白二"]
    assert done.left_out == {"certificate_there": 1, "stay_open": 1, "no_service_hours": 1}
    assert issue_service_to_all(there.session, there.office, there.term.id or 0).made == ()
    lines = standings(there.session, there.office, there.term.id or 0)
    assert [(line.volunteer.name, line.hours, line.problem) for line in lines] == [
        ("安一", 3.5, ""), ("白二", 3.5, ""), ("陈三", 0, "stay_open"), ("丁四", 0, "no_service_hours"),
    ]  # fmt: skip
    with pytest.raises(Conflict, match="certificate_there"):
        issue_service(there.session, there.office, there.term.id or 0, more.id or 0)


def test_a_running_term_is_not_certified_for_all(there: Served) -> None:
    who = there.volunteer("安一", [(there.term.starts_on, "08:30", "12:00")])
    there.on(there.term.ends_on.toordinal())
    with pytest.raises(Refused, match="term_running"):
        issue_service_to_all(there.session, there.office, there.term.id or 0)
    assert issue_service(there.session, there.office, there.term.id or 0, who.id or 0).facts["hours"] == 3.5


def test_numbers_count_in_a_year(there: Served) -> None:
    made = []
    for number, year in enumerate((0, 0, 1)):
        there.on(there.term.ends_on.toordinal() + 1 + 366 * year)
        who = there.volunteer(f"人{number}", [(there.term.starts_on, "08:30", "12:00")])
        made.append(issue_service(there.session, there.office, there.term.id or 0, who.id or 0))
    year = made[0].year
    assert [one.shown_number for one in made] == [f"{year}-000001", f"{year}-000002", f"{year + 1}-000001"]


def test_hours_that_were_corrected_are_certified_anew(there: Served) -> None:
    day = there.term.starts_on
    who = there.volunteer("周小美", [(day, "08:30", "12:00")])
    old = issue_service(there.session, there.office, there.term.id or 0, who.id or 0)
    stay = there.stay(who, day, "14:30", "15:30")
    correct_stay(there.session, there.office, stay.id or 0, stay.came_at, stay.came_at + timedelta(hours=3), "记错了")
    new = reissue(there.session, there.office, old.id or 0, "时长更正")
    assert (old.state, old.void_reason, old.facts["hours"]) == ("replaced", "时长更正", 3.5)
    assert (new.state, new.facts["hours"], old.replaced_by_id) == ("valid", 6.5, new.id)
    assert [one.id for one in own_certificates(there.session, there.actor(who))] == [new.id, old.id]
    told = [(verify(there.session, one.code, "").found, one.state) for one in (old, new)]
    assert [found.state for found, _ in told if found] == ["replaced", "valid"]
    with pytest.raises(Conflict, match="certificate_void"):
        printable(there.session, there.office, old.id or 0)
    with pytest.raises(Conflict, match="certificate_void"):
        void(there.session, there.office, old.id or 0, "再来一次")


def test_voiding_needs_a_reason_and_is_logged(there: Served) -> None:
    who = there.volunteer("周小美", [(there.term.starts_on, "08:30", "12:00")])
    made = issue_service(there.session, there.office, there.term.id or 0, who.id or 0)
    with pytest.raises(Invalid):
        void(there.session, there.office, made.id or 0, "  ")
    void(there.session, there.office, made.id or 0, "写错了名字")
    log = there.session.exec(select(AccessLog).where(AccessLog.subject == "volunteer").order_by("id")).all()
    assert [(one.action, one.subject_id, one.field, one.reason) for one in log] == [
        ("certificate.issue", who.id, made.shown_number, ""),
        ("certificate.void", who.id, made.shown_number, "写错了名字"),
    ]
    told = register(there.session, there.office, Asked(state="void"))
    assert (told[0], told[1][0].voided_by) == (1, "办公室")


def test_a_code_tells_a_stranger_little(there: Served) -> None:
    who = there.volunteer("阿卜杜热西提·买买提", [(there.term.starts_on, "08:30", "12:00")], "师范大学")
    save_issuer(there.session, there.office, "某区办公室", "The office", "https://tuoguan.example.cn/")
    made = issue_service(there.session, there.office, there.term.id or 0, who.id or 0)
    found = verify(there.session, f" {shown_code(made.code).lower()} ", "").found
    assert found is not None
    assert (found.holder, found.hours, found.days, found.state) == ("阿*提", 3.5, 1, "valid")
    assert found.issuer == "某区办公室"
    assert "师范大学" not in str(found)
    assert "东街" not in str(found)


def test_wrong_codes_are_counted_by_address(there: Served) -> None:
    who = there.volunteer("周小美", [(there.term.starts_on, "08:30", "12:00")])
    code = issue_service(there.session, there.office, there.term.id or 0, who.id or 0).code
    for _ in range(60):
        assert verify(there.session, "0000-0000-0000-0000", "10.0.0.1").wait == 0
    answer = verify(there.session, code, "10.0.0.1")
    assert (answer.found, answer.wait) == (None, 3600)
    assert verify(there.session, code, "10.0.0.2").found is not None


def test_who_sees_whose(there: Served) -> None:
    day = there.term.starts_on
    mine, others = (there.volunteer(name, [(day, "08:30", "12:00")]) for name in ("安一", "白二"))
    issue_service_to_all(there.session, there.office, there.term.id or 0)
    actor = there.actor(mine)
    [own] = own_certificates(there.session, actor)
    [other] = own_certificates(there.session, there.actor(others))
    assert find_certificate(there.session, actor, own.id or 0) is own
    for number in (other.id or 0, 999):
        with pytest.raises(NotFound, match="certificate_unknown"):
            find_certificate(there.session, actor, number)
    coordinator = office(there.session, Role.SITE_COORDINATOR, there.site.id)
    with pytest.raises(NotFound, match="certificate_unknown"):
        void(there.session, coordinator, own.id or 0, "不行")
    with pytest.raises(NotAllowed):
        void(there.session, actor, own.id or 0, "不行")
    with pytest.raises(NotAllowed):
        standings(there.session, actor, there.term.id or 0)
    with pytest.raises(NotAllowed):
        register(there.session, actor, Asked())
    assert there.session.exec(select(Certificate).where(Certificate.voided_at.is_not(None))).all() == []  # type: ignore[union-attr]


def test_the_register_is_searched(there: Served) -> None:
    people = [there.volunteer(name, [(there.term.starts_on, "08:30", "12:00")]) for name in ("周小美", "安一%_")]
    one, _ = (issue_service(there.session, there.office, there.term.id or 0, who.id or 0) for who in people)
    for asked in (
        Asked(q="周小"), Asked(kind="service", q="周"), Asked(state="valid", q="周小美"), Asked(q=one.shown_number),
        Asked(q=shown_code(one.code)),
    ):  # fmt: skip
        total, lines = register(there.session, there.office, asked)
        assert (total, [line.certificate.holder for line in lines]) == (1, ["周小美"])
    assert register(there.session, there.office, Asked(q="一%_"))[0] == 1
    assert register(there.session, there.office, Asked(kind="participation"))[0] == 0


def test_codes_are_read_as_people_type_them() -> None:
    code = new_code()
    assert set(code) <= set(ALPHABET)
    assert read_code(shown_code(code)) == code
    assert read_code("ol00 0000 0000 000o") == "0100000000000000"
    assert read_code("７ＫＱ2-M9XW-4TB8-ZC1D") == "7KQ2M9XW4TB8ZC1D"
    wrong = ("", "7KQ2", "7KQ2M9XW4TB8ZC1U", "7KQ2M9XW4TB8ZC1DD", "验" * 16)
    assert [read_code(text) for text in wrong] == [None] * 5


def test_an_address_is_one_of_a_site(there: Served) -> None:
    for address in ("tuoguan", "ftp://x.cn", "https://", "https://x.cn/?q=1", "https://[::1", "javascript:alert(1)"):
        with pytest.raises(Invalid) as refused:
            save_issuer(there.session, there.office, "办公室", "Office", address)
        assert [(one.field, one.code) for one in refused.value.problems] == [("address", "address_malformed")]
