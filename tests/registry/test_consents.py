"""Consent: item by item, to the very words that were shown; required ones, changed texts, taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from households import Household, household
from sqlmodel import Session, select

from registry import clock
from registry.errors import Invalid
from registry.privacy.consents import (
    answer_consents,
    blocking,
    consent_rows,
    digest_of,
    history,
    is_agreed,
    texts_now,
    unanswered,
)
from registry.privacy.default_texts import FIRST
from registry.privacy.tables import ConsentItem, ConsentRecord, ConsentText

YES_AND_NO = {ConsentItem.DATA: True, ConsentItem.CLASS_PHOTO: False, ConsentItem.PUBLIC_PHOTO: False}


@pytest.fixture
def home(session: Session) -> Household:
    return household(session)


def answer(home: Household, child: int, given: dict[ConsentItem, bool | None]) -> None:
    """To the texts in force."""
    texts = texts_now(home.session)
    answer_consents(home.session, home.actor, child, given, {item: texts[item].digest for item in given})


def new_version(session: Session, item: ConsentItem, days: int = 0) -> ConsentText:
    """A changed text of an item, in force in so many days."""
    made = ConsentText(
        item=item.value, version=2, zh="新的文字", en="new words", digest=digest_of("新的文字", "new words"),
        is_required=item is ConsentItem.DATA, valid_from=clock.today() + timedelta(days=days),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_a_new_database_has_a_text_for_each_item_and_requires_one_alone(session: Session) -> None:
    texts = texts_now(session)
    assert list(texts) == list(ConsentItem)
    assert [item for item, text in texts.items() if text.is_required] == [ConsentItem.DATA]
    assert [(t.item, t.zh, t.en) for t in texts.values()] == [(t.item, t.zh, t.en) for t in FIRST]
    assert [t.digest for t in texts.values()] == [digest_of(t.zh, t.en) for t in texts.values()]


def test_nothing_is_answered_beforehand(home: Household) -> None:
    child = home.child()
    assert unanswered(home.session, child) == list(ConsentItem)
    assert blocking(home.session, child) == [ConsentItem.DATA]


def test_refusing_photos_blocks_nothing(home: Household) -> None:
    child = home.child()
    answer(home, child, {**dict.fromkeys(ConsentItem, False), ConsentItem.DATA: True})
    assert (unanswered(home.session, child), blocking(home.session, child)) == ([], [])
    assert [item for item in ConsentItem if is_agreed(home.session, child, item)] == [ConsentItem.DATA]


def test_a_no_to_what_is_required_blocks(home: Household) -> None:
    child = home.child()
    answer(home, child, {ConsentItem.DATA: False})
    assert blocking(home.session, child) == [ConsentItem.DATA]


def test_an_item_without_an_answer_is_told_and_nothing_is_kept(home: Household) -> None:
    child = home.child()
    with pytest.raises(Invalid) as error:
        answer(home, child, {ConsentItem.DATA: True, ConsentItem.OUTING: None})
    assert [(p.field, p.code) for p in error.value.problems] == [("outing", "choose_one")]
    assert home.session.exec(select(ConsentRecord)).all() == []


def test_taking_back_is_one_answer_and_all_are_kept_with_the_words_that_were_shown(home: Household) -> None:
    child = home.child()
    answer(home, child, YES_AND_NO)
    answer(home, child, {ConsentItem.CLASS_PHOTO: True, ConsentItem.DATA: True})
    answer(home, child, {ConsentItem.CLASS_PHOTO: False})
    digest = texts_now(home.session)[ConsentItem.CLASS_PHOTO].digest
    kept = [(p.record.is_given, p.version, p.guardian_name, p.record.text_digest) for p in history(home.session, child)
            if p.item is ConsentItem.CLASS_PHOTO]  # fmt: skip
    assert kept == [(given, 1, "张三丰", digest) for given in (False, True, False)]
    assert len(history(home.session, child)) == 5  # an answer that has not changed is not kept again


def test_a_new_version_asks_again_and_an_old_yes_holds_until_then(home: Household) -> None:
    child = home.child()
    answer(home, child, {ConsentItem.OUTING: True, ConsentItem.DATA: True})
    for item in (ConsentItem.OUTING, ConsentItem.DATA):
        new_version(home.session, item)
    assert set(unanswered(home.session, child)) >= {ConsentItem.OUTING, ConsentItem.DATA}
    assert is_agreed(home.session, child, ConsentItem.OUTING)
    # Who enrols from now on has to agree to the words that are in force.
    assert blocking(home.session, child) == [ConsentItem.DATA]
    answer(home, child, {ConsentItem.DATA: True})
    assert blocking(home.session, child) == []
    assert [past.version for past in history(home.session, child)] == [2, 1, 1]


def test_a_text_of_tomorrow_is_not_asked_today(home: Household) -> None:
    new_version(home.session, ConsentItem.OUTING, days=1)
    assert texts_now(home.session)[ConsentItem.OUTING].version == 1


def test_an_answer_to_words_that_were_not_shown_is_refused(home: Household) -> None:
    child = home.child()
    old = texts_now(home.session)[ConsentItem.OUTING].digest
    new_version(home.session, ConsentItem.OUTING)
    for digest in (old, "forged", None):
        seen = {} if digest is None else {ConsentItem.OUTING: digest}
        with pytest.raises(Invalid) as error:
            answer_consents(home.session, home.actor, child, {ConsentItem.OUTING: True}, seen)
        assert [(p.field, p.code) for p in error.value.problems] == [("outing", "text_changed")]
    assert home.session.exec(select(ConsentRecord)).all() == []


def test_whoever_is_under_eight_never_leaves_alone_and_is_not_asked(home: Household) -> None:
    child = home.child(age=6)
    assert [row.item for row in consent_rows(home.session, child)] == [
        item for item in ConsentItem if item is not ConsentItem.SELF_LEAVE
    ]
    with pytest.raises(Invalid) as error:
        answer(home, child, {ConsentItem.SELF_LEAVE: True})
    assert [(p.field, p.code) for p in error.value.problems] == [("self_leave", "not_asked")]
    assert is_agreed(home.session, child, ConsentItem.SELF_LEAVE) is False


def test_either_guardian_answers_for_the_child_and_siblings_have_answers_of_their_own(home: Household) -> None:
    child, sibling = home.child(), home.child("张二")
    answer(home, child, {ConsentItem.DATA: True})
    assert (blocking(home.session, child), blocking(home.session, sibling)) == ([], [ConsentItem.DATA])
