"""Notes about children: who writes about whom, once; what the check holds back; review, history, coverage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from notebook import BRIDGE, Notebook, new_key
from sqlmodel import Session, select

from registry import clock
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, RegistryError
from registry.growth.coverage import coverage
from registry.growth.desk import note_classes, own_page, watch_list, write_page
from registry.growth.reads import released_notes
from registry.growth.review import (
    edit_note,
    release_clear_notes,
    release_note,
    return_note,
    review_rows,
    waiting_in,
)
from registry.growth.tables import NoteStatus, Observation
from registry.growth.writing import NoteInput, change_note, drop_note, write_note
from registry.privacy.tables import AccessLog


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Notebook:
    return Notebook(session, monkeypatch).with_helper()


def problems(error: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in error.value.problems}


def test_a_note_knows_its_day_its_class_and_its_writer(there: Notebook) -> None:
    note = there.note()
    assert (note.class_run_id, note.day, note.author_id) == (there.run, there.day, there.helper.account_id)
    assert (note.status, note.seen, note.warnings) == ("submitted", BRIDGE, [])
    written = select(AccessLog).where(AccessLog.action == "note.write")
    assert [(line.account_id, line.subject_id) for line in there.session.exec(written)] == [
        (there.helper.account_id, there.child)
    ]


def test_the_same_note_sent_twice_is_stored_once(there: Notebook) -> None:
    first, second = there.write(key="phone-0001"), there.write("anything else", key="phone-0001")
    assert first.note is not None and second.note is not None
    assert (first.is_new, second.is_new, first.note.id) == (True, False, second.note.id)
    assert len(there.session.exec(select(Observation)).all()) == 1


def test_one_note_may_be_about_several_children(there: Notebook) -> None:
    other = there.another("王小明")
    there.note(child_ids=(there.child, other))
    assert {len(row.children) for row in review_rows(there.session, there.lead, there.run)} == {2}


def test_a_phrase_gives_the_words_and_the_domain(there: Notebook) -> None:
    note = there.note("", phrase="tidies", domain="")
    assert (note.seen, note.domain) == ("活动后收拾好自己的桌面", "labour")


def test_a_child_of_another_class_is_refused_with_everything_else_that_is_wrong(there: Notebook) -> None:
    elsewhere = Notebook.another(there, "王小明")
    stranger = there.session.exec(select(Observation)).first()
    assert stranger is None
    with pytest.raises(Invalid) as error:
        there.write("", child_ids=(elsewhere + 1000,), domain="beauty", phrase="no-such")
    assert problems(error) == {("children", "child_not_in_class"), ("domain", "choose_one"), ("phrase", "choose_one")}
    with pytest.raises(Invalid) as error:
        there.write("长" * 201, child_ids=())
    assert problems(error) == {("children", "choose_one"), ("seen", "too_long")}
    assert there.session.exec(select(Observation)).all() == []


def test_what_the_check_finds_waits_for_a_second_look(there: Notebook) -> None:
    there.another("王小明")
    held = there.write("他今天有点懒，和小明吵架")
    assert held.note is None
    assert [(one.kind.value, one.words) for one in held.findings] == [("label", "懒"), ("other_child", "小明")]
    sure = there.note("他今天有点懒，和小明吵架", is_sure=True)
    assert sure.warnings == ["label", "other_child"]


def test_only_who_is_there_writes(there: Notebook) -> None:
    away, unchecked = there.volunteer(role=None), there.volunteer(is_cleared=False)
    for actor, kind in ((away, NotFound), (unchecked, NotAllowed), (there.office, NotAllowed),
                        (there.home.parent, NotAllowed)):  # fmt: skip
        with pytest.raises(kind):
            there.write(actor=actor)
    assert there.note(actor=there.lead).id and there.note(actor=there.coordinator).id


def test_a_note_of_the_day_is_taken_for_a_week_and_the_class_is_shown_on_the_day(there: Notebook) -> None:
    assert write_page(there.session, there.helper, there.run, there.day).tiles
    there.at(9, day=there.day + timedelta(days=7))
    assert there.note().day == there.day
    with pytest.raises(NotFound):
        write_page(there.session, there.helper, there.run, there.day)
    there.at(9, day=there.day + timedelta(days=8))
    with pytest.raises(NotFound):
        there.write()


@pytest.mark.parametrize("days", [-1, 1, 30])
def test_a_note_is_about_a_day_of_the_term_that_has_begun(there: Notebook, days: int) -> None:
    day = there.day + timedelta(days=days)
    with pytest.raises(Invalid) as error:
        write_note(there.session, there.lead, there.run, day, new_key(), NoteInput((there.child,), "x", "moral"))
    assert problems(error) == {("day", "day_outside_term")}


def test_the_writer_changes_a_note_until_it_is_released(there: Notebook) -> None:
    note = there.note()
    changed = change_note(there.session, there.helper, note.id or 0, NoteInput((there.child,), "搭好了桥", "labour"))
    assert changed.note is not None
    assert (changed.note.seen, changed.note.domain) == ("搭好了桥", "labour")
    release_note(there.session, there.lead, note.id or 0)
    for attempt in (
        lambda: change_note(there.session, there.helper, note.id or 0, NoteInput((there.child,), "x", "moral")),
        lambda: drop_note(there.session, there.helper, note.id or 0),
    ):
        with pytest.raises(Conflict, match="note_released"):
            attempt()


def test_nobody_changes_or_reviews_what_is_not_theirs(there: Notebook) -> None:
    note, stranger = there.note(), there.volunteer(role=None)
    for attempt in (
        lambda: drop_note(there.session, stranger, note.id or 0),
        lambda: change_note(there.session, there.lead, note.id or 0, NoteInput((there.child,), "x", "moral")),
    ):
        with pytest.raises(NotFound, match="note_unknown"):
            attempt()
    for actor in (there.office, there.home.parent, there.helper, stranger):
        with pytest.raises(NotAllowed):
            release_note(there.session, actor, note.id or 0)


def test_who_leads_the_class_by_the_published_week_reviews_it(there: Notebook) -> None:
    note, leading = there.note(), there.volunteer(role="lead")
    assert release_note(there.session, leading, note.id or 0).status == "released"
    there.at(9, day=there.day + timedelta(days=8))
    with pytest.raises(NotAllowed):
        review_rows(there.session, leading, there.run)


def test_the_lead_edits_with_history_releases_and_gives_back(there: Notebook) -> None:
    note = there.note()
    edit_note(there.session, there.lead, note.id or 0, seen="桥站住了", domain="labour")
    edit_note(there.session, there.lead, note.id or 0, seen="桥站住了", domain="labour")
    row = review_rows(there.session, there.lead, there.run)[0]
    assert [(edit.seen, edit.domain, who) for edit, who in row.edits] == [(BRIDGE, "intellect", "班主任")]
    assert (row.note.seen, row.author, waiting_in(there.session, [there.run])) == ("桥站住了", "周小美", {there.run: 1})
    release_note(there.session, there.lead, note.id or 0)
    assert [one.seen for one in released_notes(there.session, there.run, there.child)] == ["桥站住了"]
    with pytest.raises(Invalid):
        return_note(there.session, there.lead, note.id or 0, "  ")
    return_note(there.session, there.lead, note.id or 0, "请写清楚是哪一天")
    assert released_notes(there.session, there.run) == []
    mine = own_page(there.session, there.helper)[0]
    assert (mine.note.status, mine.note.review_words, mine.children) == (
        "returned", "请写清楚是哪一天", (there.home.child.name,),
    )  # fmt: skip
    with pytest.raises(Conflict, match="note_not_waiting"):
        release_note(there.session, there.lead, note.id or 0)


def test_words_that_were_left_standing_need_the_lead_and_numbers_have_to_go(there: Notebook) -> None:
    doubtful = there.note("他总是帮忙", is_sure=True)
    numbered = there.note("妈妈电话13812345678", is_sure=True)
    plain = there.note()
    assert release_clear_notes(there.session, there.lead, there.run) == 1
    assert (plain.status, doubtful.status) == (NoteStatus.RELEASED.value, NoteStatus.SUBMITTED.value)
    with pytest.raises(RegistryError, match="note_has_findings"):
        release_note(there.session, there.lead, doubtful.id or 0)
    assert release_note(there.session, there.lead, doubtful.id or 0, is_sure=True).status == "released"
    with pytest.raises(RegistryError, match="note_has_number"):
        release_note(there.session, there.lead, numbered.id or 0, is_sure=True)


def test_the_ledger_tells_who_was_not_written_about_and_which_domain_is_thin(there: Notebook) -> None:
    quiet = there.another("王小明")
    for _ in range(3):
        there.note()
    there.note(domain="moral", is_draft=True)
    there.at(9, day=there.day + timedelta(days=2))
    found = coverage(there.session, there.lead, there.run)
    assert [(row.child.id, row.days_without, row.is_overdue, row.notes) for row in found.rows] == [
        (quiet, 3, True, 0), (there.child, 2, False, 3),
    ]  # fmt: skip
    assert (found.overdue, found.domains["intellect"], found.thin) == (
        1, 3, ("moral", "physical", "aesthetic", "labour"),
    )  # fmt: skip
    for actor in (there.helper, there.home.parent, there.office):
        with pytest.raises(NotAllowed):
            coverage(there.session, actor, there.run)


def test_whom_to_watch_is_named_on_the_day_and_masked_before(there: Notebook) -> None:
    there.at(18, day=there.day - timedelta(days=3))
    assert watch_list(there.session, there.helper, there.run, there.day) == []  # the term has not begun
    there.at(9)
    assert watch_list(there.session, there.helper, there.run, there.day) == [there.home.child.name]
    assert watch_list(there.session, there.volunteer(role=None), there.run, there.day) == []
    there.note()
    assert watch_list(there.session, there.helper, there.run, there.day) == []


def test_the_classes_of_who_writes_and_of_who_reviews(there: Notebook) -> None:
    there.note()
    told = {
        name: [(one.class_run.id, one.meets, one.is_reviewer, one.waiting) for one in note_classes(there.session, who)]
        for name, who in (("helper", there.helper), ("lead", there.lead))
    }
    assert told == {"helper": [(there.run, True, False, 0)], "lead": [(there.run, True, True, 1)]}
    at_site = note_classes(there.session, there.coordinator)
    assert {(one.class_run.site_id, one.is_reviewer) for one in at_site} == {(there.site, True)}
    assert clock.today() == there.day
