"""How a round came out, as a list: who is on it, in which order, what nobody may read off it; and lists as files."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook
from seasons import CLOSED, LONG_AGO, SmallSeason
from sqlalchemy import Engine, event
from sqlmodel import Session

from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Role
from registry.db import session_scope
from registry.enrolment.results import results
from registry.enrolment.tables import Application, EnrolmentRound, Place, WaitlistEntry
from registry.errors import NotAllowed, NotFound
from registry.exchange.tables_out import list_book, list_csv
from registry.programme import ClassRun, Site


def place(season: SmallSeason, made: Application, run: ClassRun, status: str = "offered") -> None:
    season.add(
        Place(application_id=made.id or 0, class_run_id=run.id or 0, rank=1, source="draw", status=status,
              offered_at=CLOSED)
    )  # fmt: skip


def wait(season: SmallSeason, made: Application, run: ClassRun, position: int, state: str = "waiting") -> None:
    season.add(
        WaitlistEntry(class_run_id=run.id or 0, application_id=made.id or 0, rank=1, position=position, state=state,
                      changed_at=CLOSED)
    )  # fmt: skip


def elsewhere(season: SmallSeason) -> tuple[Site, ClassRun]:
    """Another site and a class run there, in the round."""
    site = season.add(Site(name="乙点位", subdistrict="二街", longitude=106.6, latitude=29.6))
    run = season.class_run(3, name="乙一班")
    run.site_id = site.id or 0
    season.add(run)
    return site, run


def test_places_come_before_waitlists_and_names_are_masked(session: Session) -> None:
    season = SmallSeason(session)
    _, there = elsewhere(season)
    run = season.class_run(3, name="一班")
    for name, status in (("阿卜杜热西提", "confirmed"), ("李𬱖", "offered"), ("王给回", "given_back")):
        place(season, season.apply(season.child(name=name), run, group_code="test_first"), run, status)
    for position, state in ((1, "placed"), (4, "waiting"), (2, "waiting")):
        wait(season, season.apply(season.child(name=f"张某{position}"), run), run, position, state)
    place(season, season.apply(season.child(name="乙某某"), there), there)
    season.apply(season.child(name="无位子"), run)
    found = results(session, season.office, season.round.id or 0)
    assert [(r.site, r.class_run, r.name, r.status, r.position) for r in found] == [
        ("乙点位", "乙一班", "乙*某", "offered", None),
        ("甲点位", "一班", "阿*提", "confirmed", None),
        ("甲点位", "一班", "李*", "offered", None),
        ("甲点位", "一班", "张*2", "waiting", 1),
        ("甲点位", "一班", "张*4", "waiting", 2),
    ]
    assert "test_first" not in repr(found)
    assert [r.name for r in results(session, season.office, season.round.id or 0, there.site_id)] == ["乙*某"]


def test_positions_are_those_that_families_are_told(session: Session) -> None:
    """Somebody of an earlier round who still waits stands ahead; the list of the later round begins with 2."""
    season = SmallSeason(session)
    run = season.class_run(1)
    earlier = season.add(
        EnrolmentRound(season=2026, number=2, name="第二轮", mode="lottery", opens_at=LONG_AGO, closes_at=CLOSED,
                       seed_secret="another secret that nobody can guess", announced_at=LONG_AGO,
                       confirm_by=datetime(2100, 1, 1, tzinfo=UTC))
    )  # fmt: skip
    wait(season, season.apply(season.child(), run, round_=earlier), run, 3)
    mine = season.apply(season.child(), run)
    wait(season, mine, run, 7)
    found = results(session, season.office, season.round.id or 0)
    assert [(r.number, r.position) for r in found] == [(mine.number, 2)]


def test_a_child_that_was_deleted_keeps_its_number_alone(session: Session) -> None:
    season = SmallSeason(session)
    run = season.class_run(1)
    made = season.apply(season.child(name=""), run)
    place(season, made, run)
    assert [(r.name, r.number) for r in results(session, season.office, season.round.id or 0)] == [("—", made.number)]


def test_a_coordinator_gets_the_own_sites_and_no_other(session: Session) -> None:
    season = SmallSeason(session)
    site, there = elsewhere(season)
    run = season.class_run(3)
    for one in (run, there):
        place(season, season.apply(season.child(), one), one)
    number = season.round.id or 0
    own = Actor(season.office.account_id, "c", (Held(Role.SITE_COORDINATOR, site_id=season.site.id),))
    assert [r.site for r in results(session, own, number)] == ["甲点位"]
    assert [r.site for r in results(session, own, number, season.site.id)] == ["甲点位"]
    with pytest.raises(NotAllowed):
        results(session, own, number, site.id)
    with pytest.raises(NotAllowed):
        results(session, Actor(1, "g", (Held(Role.GUARDIAN),), guardian_id=1), number)
    for wrong in (0, 999_999, 2**40):
        with pytest.raises(NotFound, match="site_missing"):
            results(session, season.office, number, wrong)
    with pytest.raises(NotFound, match="round_unknown"):
        results(session, season.office, 999_999)


def test_three_lines_take_as_many_questions_as_one(engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    counts = []
    with session_scope(engine) as session:
        season = SmallSeason(session)
        run = season.class_run(9)
    for total in (1, 3):
        with session_scope(engine) as session:
            season.session = session
            while len(results(session, season.office, season.round.id or 0)) < total:
                place(season, season.apply(season.child(), run), run)
        statements.clear()
        with session_scope(engine) as session:
            assert len(results(session, season.office, season.round.id or 0)) == total
        counts.append(len([text for text in statements if text.startswith("SELECT")]))
    assert counts == [3, 3]


def sheet(data: bytes) -> Sequence[Sequence[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_nothing_that_was_typed_becomes_a_formula(start: str) -> None:
    typed = f'{start}HYPERLINK("http://x")'
    [_, [cell, _]] = csv.reader(StringIO(list_csv(["a", "b"], [[typed, 1]]).decode("utf-8-sig"), newline=""))
    assert cell == f"'{typed}"
    [_, [shown, number]] = sheet(list_book("表", ["a", "b"], [[typed, 1]]))
    assert (str(shown).strip(), number) == (typed.strip(), "1")


def test_a_list_without_rows_is_a_header() -> None:
    assert sheet(list_book("表", ["甲", "乙"], [])) == [["甲", "乙"]]
    assert list_csv(["甲", "乙"], []).decode() == "\ufeff甲,乙\r\n"


def test_quotes_commas_and_lines_stay_in_their_cell() -> None:
    told = ['说"好"，a,b', "一行\n二行"]
    [_, row] = csv.reader(StringIO(list_csv(["a", "b"], [told]).decode("utf-8-sig"), newline=""))
    assert row == told
    assert sheet(list_book("表", ["a", "b"], [told], ["说明"])) == [["a", "b"], told, ["", ""], ["说明", ""]]


def test_equal_lists_are_equal_files() -> None:
    assert list_book("表", ["a"], [["1"]]) == list_book("表", ["a"], [["1"]])
