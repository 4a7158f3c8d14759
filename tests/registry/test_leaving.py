"""A guardian leaves, never the last one; a required consent taken back ends the applications that rest on it."""

from __future__ import annotations

import pytest
from homes import home, second_guardian
from sqlmodel import Session, col, select

from registry.accounts.tables import OutboxMessage
from registry.enrolment.tables import Application, Place
from registry.errors import Conflict, NotFound
from registry.families.history import changes_of
from registry.families.leaving import leave_child
from registry.families.reads import guardians_of
from registry.families.views import child_page
from registry.privacy.consents import answer_consents, consent_rows
from registry.privacy.tables import ConsentItem
from registry.privacy.withdrawals import endings


def codes(session: Session) -> list[str]:
    return [message.code for message in session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id)))]


def required(session: Session, child: int) -> ConsentItem:
    """What is required for the place."""
    return next(row.item for row in consent_rows(session, child) if row.text.is_required)


def test_the_last_guardian_stays(session: Session) -> None:
    here = home(session)
    with pytest.raises(Conflict) as error:
        leave_child(session, here.parent, here.id)
    assert error.value.code == "last_guardian"
    assert guardians_of(session, [here.id])[here.id] == {here.parent.guardian_id}


def test_who_leaves_sees_the_child_no_more_and_the_other_goes_on(session: Session) -> None:
    here = home(session)
    other = second_guardian(session, here.child)
    leave_child(session, here.parent, here.id)
    assert guardians_of(session, [here.id])[here.id] == {other.guardian_id}
    with pytest.raises(NotFound):
        child_page(session, here.parent, here.id)
    session.refresh(here.application)
    assert here.application.guardian_id == other.guardian_id
    assert {"guardian_left", "guardian_left_me"} <= set(codes(session))
    assert changes_of(session, here.id)[0].what == "guardian.left"


def test_a_required_consent_is_taken_back_after_a_question_and_ends_the_place(session: Session) -> None:
    here = home(session)
    item = required(session, here.id)
    row = next(row for row in consent_rows(session, here.id) if row.item == item)
    seen = {item: row.text.digest}
    assert [one.application.number for one in endings(session, here.parent, here.id)] == [here.application.number]
    with pytest.raises(Conflict) as error:
        answer_consents(session, here.parent, here.id, {item: False}, seen)
    assert dict(error.value.facts) == {"numbers": [here.application.number]}
    session.refresh(here.application)
    assert here.application.status == "confirmed"
    answer_consents(session, here.parent, here.id, {item: False}, seen, is_sure=True)
    assert session.exec(select(Application.status).where(Application.id == here.application.id)).one() == "withdrawn"
    assert session.exec(select(Place.status).where(Place.application_id == here.application.id)).one() != "confirmed"
    assert "consent_withdrawn" in codes(session)
    assert endings(session, here.parent, here.id) == []
