"""Consents are asked before an application is sent."""

from __future__ import annotations

import pytest
from sqlmodel import Session
from town import a_round, family, make_town

from registry import clock
from registry.enrolment.applications import begin
from registry.enrolment.sending import submit
from registry.enrolment.wishes import set_wishes
from registry.errors import Refused
from registry.privacy.consents import answer_consents, consent_rows, digest_of
from registry.privacy.tables import ConsentItem, ConsentText

KEY = "key-of-the-form"


def consent_text(session: Session, item: ConsentItem, *, is_required: bool) -> None:
    session.add(
        ConsentText(item=item.value, version=99, zh="同意吗", en="Agreed?", digest=digest_of("同意吗", "Agreed?"),
                    is_required=is_required, valid_from=clock.today())
    )  # fmt: skip
    session.flush()


def test_consents_are_asked_before_an_application_is_sent(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    consent_text(session, ConsentItem.DATA, is_required=True)
    consent_text(session, ConsentItem.PUBLIC_PHOTO, is_required=False)
    actor, [child] = family(session, consents=False)
    mine = begin(session, actor, its.id or 0, child.id or 0)
    set_wishes(session, actor, mine.number, runs[:1], None)

    def answer(**given: bool) -> None:
        seen = {row.item: row.text.digest for row in consent_rows(session, child.id or 0)}
        answer_consents(session, actor, child.id or 0, {ConsentItem(i): yes for i, yes in given.items()}, seen)

    def missing() -> object:
        with pytest.raises(Refused) as caught:
            submit(session, actor, mine.number, KEY)
        return caught.value.code, caught.value.facts["items"]

    first = missing()
    assert first[0] == "consents_missing"  # type: ignore[index]
    assert {"data", "public_photo"} <= set(first[1])  # type: ignore[index]
    others = [
        row.item.value for row in consent_rows(session, child.id or 0) if row.item not in ("data", "public_photo")
    ]
    answer(**dict.fromkeys(others, True))
    answer(data=False)
    assert missing() == ("consents_missing", ["data", "public_photo"])
    answer(data=True)
    answer(public_photo=False)  # refusing photos never blocks
    assert submit(session, actor, mine.number, KEY).status == "submitted"
