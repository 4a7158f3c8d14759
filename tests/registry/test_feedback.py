"""One-to-one feedback: who writes, who releases, who reads; nobody else's child is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from homes import home
from keepsakes import Shelf
from sqlmodel import Session, select
from town import office

from registry.accounts.tables import OutboxMessage, Role
from registry.books.feedback import (
    FeedbackInput,
    change_feedback,
    child_feedback,
    class_children,
    drop_feedback,
    family_feedback,
    my_feedback_classes,
    release_feedback,
    write_feedback,
)
from registry.books.reading import reply
from registry.books.tables import GuardianFeedback
from registry.errors import Conflict, Invalid, NotAllowed, NotFound

GIVEN = FeedbackInput("愿意动手试", "蚂蚁", "一起记天气")


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf(session, monkeypatch)


def test_a_volunteers_words_reach_the_family_once_the_lead_has_released_them(there: Shelf) -> None:
    helper = there.volunteer()
    row = write_feedback(there.session, helper, there.run, there.child, GIVEN)
    assert write_feedback(there.session, helper, there.run, there.child, GIVEN).id == row.id
    assert family_feedback(there.session, there.parent, there.child, there.run)[1] == []
    with pytest.raises(NotAllowed):
        release_feedback(there.session, helper, row.id or 0)
    release_feedback(there.session, there.lead, row.id or 0)
    release_feedback(there.session, there.lead, row.id or 0)
    told = [message.code for message in there.session.exec(select(OutboxMessage))]
    assert told.count("feedback_released") == 1
    _, found, _ = family_feedback(there.session, there.parent, there.child, there.run)
    assert [(one.strengths, one.interests, one.suggestion, by) for one, by in found] == [
        ("愿意动手试", "蚂蚁", "一起记天气", "周小美")
    ]
    reply(there.session, there.parent, there.child, there.run, "我们试了")
    assert [one.said for one, _ in family_feedback(there.session, there.parent, there.child, there.run)[2]] == [
        "我们试了"
    ]
    for change in (
        lambda: change_feedback(there.session, there.lead, row.id or 0, GIVEN),
        lambda: drop_feedback(there.session, there.lead, row.id or 0),
    ):
        with pytest.raises(Conflict, match="feedback_released"):
            change()


def test_no_other_child_is_named(there: Shelf) -> None:
    there.another("王小明")
    for words, code in (("和王小明一起", "names_other_child"), ("和小明一起", "may_name_child")):
        with pytest.raises(Invalid) as error:
            write_feedback(there.session, there.lead, there.run, there.child, FeedbackInput("好奇", words))
        assert [(one.field, one.code) for one in error.value.problems] == [("interests", code)]
    with pytest.raises(Invalid) as error:
        write_feedback(there.session, there.lead, there.run, there.child, FeedbackInput("", "", "字" * 401))
    assert [(one.field, one.code) for one in error.value.problems] == [
        ("strengths", "needed"), ("suggestion", "too_long"),
    ]  # fmt: skip
    assert there.session.exec(select(GuardianFeedback)).all() == []


def test_who_writes_about_whom(there: Shelf) -> None:
    helper, stranger = there.volunteer(), there.volunteer(role=None)
    uncleared = there.volunteer(is_cleared=False)
    elsewhere = office(there.session, Role.SITE_COORDINATOR, there.site + 1)
    for who in (stranger, elsewhere):
        with pytest.raises(NotFound, match="class_run_unknown"):
            write_feedback(there.session, who, there.run, there.child, GIVEN)
    with pytest.raises(NotAllowed, match="clearance_needed"):
        write_feedback(there.session, uncleared, there.run, there.child, GIVEN)
    for who in (office(there.session), there.parent):
        with pytest.raises(NotAllowed):
            write_feedback(there.session, who, there.run, there.child, GIVEN)
    with pytest.raises(NotFound, match="child_unknown"):
        write_feedback(there.session, there.lead, there.run, 999, GIVEN)
    row = write_feedback(there.session, there.lead, there.run, there.child, GIVEN)
    with pytest.raises(NotFound, match="feedback_unknown"):
        change_feedback(there.session, helper, row.id or 0, GIVEN)
    assert child_feedback(there.session, helper, there.run, there.child) == []
    assert [one.author for one in child_feedback(there.session, there.lead, there.run, there.child)] == ["班主任"]
    assert [n for _, n, _ in class_children(there.session, there.coordinator, there.run)] == [1]
    assert [run.id for run in my_feedback_classes(there.session, helper)] == [there.run]
    there.at(9, day=there.day + timedelta(days=8))
    assert my_feedback_classes(there.session, helper) == []
    with pytest.raises(NotFound, match="class_run_unknown"):
        write_feedback(there.session, helper, there.run, there.child, FeedbackInput("太晚了"))


def test_a_family_reads_its_own_childs_alone(there: Shelf) -> None:
    stranger = home(there.session, name="张一诺")
    there.feedback()
    with pytest.raises(NotFound, match="child_unknown"):
        family_feedback(there.session, stranger.parent, there.child, there.run)
    assert family_feedback(there.session, stranger.parent, stranger.id, there.run)[1] == []


def test_the_gentle_check_shows_labels_and_the_lead_decides(there: Shelf) -> None:
    row = write_feedback(there.session, there.volunteer(), there.run, there.child, FeedbackInput("有点懒，但会道歉"))
    (shown,) = child_feedback(there.session, there.lead, there.run, there.child)
    assert [one.words for one in shown.findings] == ["懒"]
    change_feedback(there.session, there.lead, row.id or 0, FeedbackInput("弄错了会自己道歉"))
    (shown,) = child_feedback(there.session, there.lead, there.run, there.child)
    assert (shown.findings, shown.row.strengths) == ((), "弄错了会自己道歉")
    drop_feedback(there.session, there.lead, row.id or 0)
    assert child_feedback(there.session, there.lead, there.run, there.child) == []
