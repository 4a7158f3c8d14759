"""Applications on paper: a workbook is filled in, and entered by the same actions as online."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from paperforms import SIGNED, one, written
from python_calamine import CalamineWorkbook
from sqlmodel import Session, func, select
from town import a_round, family, make_town, office

from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.tables import Account, Role
from registry.enrolment.applications import wishes_of
from registry.enrolment.events import history
from registry.enrolment.paper.entering import enter_paper
from registry.enrolment.paper.reading import label
from registry.enrolment.paper.shape import CLASSES_SHEET, PAPER, SHAPES
from registry.enrolment.paper.template import paper_book
from registry.enrolment.search import classes
from registry.enrolment.tables import Application, EnrolmentRound
from registry.errors import NotAllowed, WorkbookRefused
from registry.exchange import annotated_copy
from registry.exchange.report import ImportReport
from registry.families.tables import Child, Guardian
from registry.privacy.tables import AccessLog, ConsentItem, ConsentRecord
from registry.programme import ClassRun


@pytest.fixture(name="town")
def a_town(session: Session) -> tuple[Session, Actor, EnrolmentRound, list[int]]:
    """A district with a round that is open, and its office."""
    runs = make_town(session)
    return session, office(session), a_round(session, runs), runs


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.code) for p in report.problems]


def counts(report: ImportReport) -> tuple[int, int, int]:
    """New, unchanged, skipped."""
    [sheet] = report.counts
    return sheet.new, sheet.unchanged, sheet.skipped


def test_a_form_becomes_family_answers_and_an_application(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, runs = town
    form = one(session, its, runs[0], 第二志愿=f"#{runs[1]}", 周几来="周一至周三", 优先群体="双职工家庭")
    report = enter_paper(session, boss, its.id or 0, written(tmp_path, form, title="二〇二六年暑期报名"))
    assert (counts(report), codes(report)) == ((1, 0, 0), [])
    child = session.exec(select(Child)).one()
    guardian = session.exec(select(Guardian)).one()
    account = session.get_one(Account, guardian.account_id)
    assert (child.name, child.sex, child.born_on, child.entry_year) == ("李𬱖", "female", date(2019, 3, 5), 2025)
    assert (guardian.name, account.phone) == ("周桂英", "13800000001")
    found = session.exec(select(Application)).one()
    assert (found.status, found.weekdays, found.group_code, found.group_status) == (
        "submitted", [1, 2, 3], "both_working", "claimed",
    )  # fmt: skip
    assert [wish.class_run_id for wish in wishes_of(session, found)] == runs[:2]
    records = session.exec(select(ConsentRecord)).all()
    assert {r.item for r in records} == {item.value for item in ConsentItem} - {"self_leave"} | (
        {"self_leave"} if len(records) == len(ConsentItem) else set()
    )
    assert {(r.signed_on, r.entered_by, r.is_given) for r in records} == {
        (date.fromisoformat(SIGNED), boss.account_id, True)
    }
    entered = [event for event in history(session, found) if event.code == "entered_from_paper"]
    assert [(e.account_id, e.facts) for e in entered] == [(boss.account_id, {"signed_on": SIGNED})]
    logged = session.exec(select(AccessLog).where(AccessLog.action == "application.enter_paper")).all()
    assert [(line.account_id, line.subject_id) for line in logged] == [(boss.account_id, child.id)]


def test_the_same_workbook_again_changes_nothing(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, runs = town
    path = written(tmp_path, one(session, its, runs[0]))
    enter_paper(session, boss, its.id or 0, path)
    before = [session.exec(select(func.count()).select_from(t)).one() for t in (Child, Application, ConsentRecord)]
    again = enter_paper(session, boss, its.id or 0, path)
    after = [session.exec(select(func.count()).select_from(t)).one() for t in (Child, Application, ConsentRecord)]
    assert (counts(again), codes(again), after) == ((0, 1, 0), [(2, "孩子姓名", "already_applied")], before)


def test_a_trial_tells_the_same_and_stores_nothing(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, runs = town
    path = written(tmp_path, one(session, its, runs[0]), one(session, its, runs[0], 监护人手机="12345"))
    trial = enter_paper(session, boss, its.id or 0, path, dry_run=True)
    assert session.exec(select(Child)).all() == []
    real = enter_paper(session, boss, its.id or 0, path)
    assert (trial.counts, trial.problems) == (real.counts, real.problems)
    assert (counts(real), codes(real)) == ((1, 0, 1), [(3, "监护人手机", "phone_invalid")])
    assert len(session.exec(select(Child)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"监护人手机": 13800000001.0}, []),
        ({"出生日期": date(2019, 3, 5), "入学年份": "一年级"}, []),
        ({"出生日期": "20190305", "入学年份": "２０２５"}, []),
        ({"孩子姓名": ""}, [("孩子姓名", "value_missing")]),
        ({"出生日期": "2019年"}, [("出生日期", "date_unreadable")]),
        ({"出生日期": "1919.3.5"}, [("出生日期", "age_outside")]),
        ({"性别": "？"}, [("性别", "word_unknown")]),
        ({"第一志愿": "没有的班"}, [("第一志愿", "class_unknown")]),
        ({"第一志愿": ""}, [("第一志愿", "value_missing")]),
        ({"签字日期": (clock.today() + timedelta(days=1)).isoformat()}, [("签字日期", "date_ahead")]),
        ({"同意处理报名信息": "否"}, [("同意处理报名信息", "consent_refused")]),
        ({"同意用于投保": ""}, [("同意用于投保", "consent_empty")]),
        ({"同意处理报名信息": "也许"}, [("同意处理报名信息", "mark_unreadable")]),
        ({"孩子姓名": "<script>"}, [("孩子姓名", "name_malformed")]),
        ({"入学年份": "2020"}, [("第一志愿", "wish_wrong_grade")]),
        ({"周几来": "周九"}, [("周几来", "weekdays_unreadable")]),
        ({"优先群体": "没有这一类"}, [("优先群体", "word_unknown")]),
    ],
)
def test_each_cell_is_read_as_people_write_it_or_told_with_its_place(
    town: tuple[Session, Actor, EnrolmentRound, list[int]],
    tmp_path: Path,
    changes: dict[str, Any],
    problems: list[tuple[str, str]],
) -> None:
    session, boss, its, runs = town
    form = one(session, its, runs[0], 周几来="", 优先群体="") | changes
    report = enter_paper(session, boss, its.id or 0, written(tmp_path, form))
    assert [(column, code) for _, column, code in codes(report)] == problems
    stored = {"周几来", "优先群体"} & changes.keys() or not problems  # what may be left out is told, and left out
    assert len(session.exec(select(Application)).all()) == (1 if stored else 0)
    assert len(session.exec(select(Child)).all()) == (1 if stored else 0)


def test_a_phone_of_somebody_else_does_not_get_the_child(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, runs = town
    other, _ = family(session)
    phone = session.get_one(Account, other.account_id).phone
    report = enter_paper(session, boss, its.id or 0, written(tmp_path, one(session, its, runs[0], 监护人手机=phone)))
    assert codes(report) == [(2, "监护人手机", "phone_of_another")]
    assert session.exec(select(Application)).all() == []


def test_a_child_twice_in_one_workbook_is_entered_once(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, runs = town
    path = written(tmp_path, one(session, its, runs[0]), one(session, its, runs[1]))
    report = enter_paper(session, boss, its.id or 0, path)
    assert (counts(report), codes(report)) == ((1, 0, 1), [(3, "孩子姓名", "duplicate_row")])


def test_a_coordinator_enters_for_the_own_site_alone(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, _, its, runs = town
    here = office(session, Role.SITE_COORDINATOR, session.get_one(ClassRun, runs[0]).site_id)
    path = written(tmp_path, one(session, its, runs[0]), one(session, its, runs[1], 孩子姓名="王一诺"))
    report = enter_paper(session, here, its.id or 0, path)
    assert (counts(report), codes(report)) == ((1, 0, 1), [(3, "", "other_site_only")])
    parent, _ = family(session)
    with pytest.raises(NotAllowed):
        enter_paper(session, parent, its.id or 0, path)


def test_what_is_no_such_workbook_is_refused(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, _ = town
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(WorkbookRefused) as no_book:
        enter_paper(session, boss, its.id or 0, bad)
    with pytest.raises(WorkbookRefused) as no_columns:
        enter_paper(session, boss, its.id or 0, written(tmp_path, {"孩子姓名": "李𬱖"}))
    assert (no_book.value.code, no_columns.value.code) == ("not_xlsx", "column_missing")


def test_the_template_can_be_filled_in_and_entered(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, runs = town
    book = CalamineWorkbook.from_filelike(BytesIO(paper_book(session, boss, its.id or 0)))
    rows = book.get_sheet_by_name("报名表").to_python(skip_empty_area=False)
    offered = [row[0] for row in book.get_sheet_by_name(CLASSES_SHEET).to_python()[1:]]
    assert offered == [label(row) for row in classes(session, its)]
    headers = [str(cell) for cell in rows[2]]
    assert set(headers) <= {names[0] for names in PAPER.aliases.values()}
    filled = {header: one(session, its, runs[0]).get(header, "") for header in headers}
    report = enter_paper(session, boss, its.id or 0, written(tmp_path, filled, title=str(rows[0][0])))
    assert (counts(report), codes(report)) == ((1, 0, 0), [])


def test_bad_rows_come_back_with_the_reason_beside_them(
    town: tuple[Session, Actor, EnrolmentRound, list[int]], tmp_path: Path
) -> None:
    session, boss, its, runs = town
    path, out = written(tmp_path, one(session, its, runs[0], 第一志愿="=1+1")), tmp_path / "out.xlsx"
    report = enter_paper(session, boss, its.id or 0, path, dry_run=True)
    annotated_copy(path, report, out, lambda problem: problem.code, SHAPES)
    rows = CalamineWorkbook.from_path(out).get_sheet_by_name("报名表").to_python()
    assert rows[1][-1] == "class_unknown"
