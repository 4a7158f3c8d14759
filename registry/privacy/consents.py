"""Consent, item by item: the texts in force, the answers of a family, what is still to be asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlmodel import Session, col, select

from registry import clock
from registry.errors import FieldProblem, Invalid
from registry.privacy.tables import ConsentItem, ConsentRecord, ConsentText


def digest_of(zh: str, en: str) -> str:
    """The SHA-256 of both texts, in hex: what a record keeps to show which words were agreed to."""
    return hashlib.sha256(f"{zh}\0{en}".encode()).hexdigest()


def texts_now(session: Session) -> dict[ConsentItem, ConsentText]:
    """The newest text of each item that is in force today, in the order of `ConsentItem`."""
    valid = select(ConsentText).where(ConsentText.valid_from <= clock.today()).order_by(col(ConsentText.version))
    newest = {ConsentItem(text.item): text for text in session.exec(valid)}
    return {item: newest[item] for item in ConsentItem if item in newest}


def answers(session: Session, child_id: int) -> dict[ConsentItem, ConsentRecord]:
    """The newest answer about a child for each item that was ever answered."""
    given = select(ConsentRecord).where(ConsentRecord.child_id == child_id).order_by(col(ConsentRecord.id))
    return {ConsentItem(record.item): record for record in session.exec(given)}


def unanswered(session: Session, child_id: int) -> list[ConsentItem]:
    """Items whose text in force the family has neither agreed to nor refused."""
    known = answers(session, child_id)
    return [i for i, text in texts_now(session).items() if i not in known or known[i].text_digest != text.digest]


def blocking(session: Session, child_id: int) -> list[ConsentItem]:
    """Required items to which the newest answer is not yes: with these a child cannot be enrolled."""
    known = answers(session, child_id)
    required = [item for item, text in texts_now(session).items() if text.is_required]
    return [item for item in required if item not in known or not known[item].is_given]


def record(session: Session, child_id: int, guardian_id: int, given: Mapping[ConsentItem, bool | None]) -> None:
    """Keep a guardian's answers to the texts in force. An answer that has not changed is not stored again.

    Raises:
        Invalid: `choose_one` at each item that was left without an answer.
    """
    missing = [FieldProblem(item.value, "choose_one") for item, answer in given.items() if answer is None]
    if missing:
        raise Invalid(*missing)
    texts, known = texts_now(session), answers(session, child_id)
    for item, answer in given.items():
        text, old = texts[item], known.get(item)
        assert text.id is not None and answer is not None
        if old is not None and old.is_given == answer and old.text_digest == text.digest:
            continue
        session.add(
            ConsentRecord(
                child_id=child_id, guardian_id=guardian_id, item=item.value, text_id=text.id,
                text_digest=text.digest, is_given=answer, at=clock.now(),
            )
        )  # fmt: skip
    session.flush()
