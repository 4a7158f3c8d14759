"""Messages to phones: put down with the change they tell of, sent after it is committed, each once.

A sending that failed is tried again after ever longer pauses. A sender takes a message by moving its `due_at` ahead, in
one statement and a unit of work of its own, so that of several servers one sends it; where that server dies meanwhile,
the message is due again later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select, update

from registry import clock
from registry.accounts.tables import OutboxMessage
from registry.db import Sessions

SIGN_IN_CODE = "sign_in_code"
SECRETS = ("code", "answer", "swap")
"""Facts that are deleted once the message is sent or given up."""
LASTS: Mapping[str, timedelta] = {SIGN_IN_CODE: timedelta(minutes=5), "duty_reminder": timedelta(hours=10)}
"""Messages that are of no use later are given up then; all others are tried for some three days."""
FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES = timedelta(seconds=10), timedelta(hours=6), 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that a sender has taken: to whom, what, in which language."""

    id: int
    phone: str
    code: str
    facts: Mapping[str, Any]
    language: str


def post(session: Session, phone: str, code: str, facts: Mapping[str, Any], language: str = "zh") -> OutboxMessage:
    """Put a message down. It goes out after the unit of work is committed."""
    now = clock.now()
    message = OutboxMessage(phone=phone, code=code, facts=dict(facts), language=language, created_at=now, due_at=now)
    session.add(message)
    session.flush()
    return message


def send_due(sessions: Sessions, send: Callable[[Letter], None], most: int = 100) -> int:
    """Send what is due, each message in units of work of its own; answers how many were sent.

    Whatever `send` raises is kept with the message as the name of its type: its text may hold the message.
    """
    sent = 0
    for number in _due(sessions, most):
        letter = _take(sessions, number)
        if letter is not None:
            sent += _sent(sessions, letter, send)
    return sent


def _due(sessions: Sessions, most: int) -> list[int]:
    with sessions() as session:
        due = select(OutboxMessage.id).where(col(OutboxMessage.due_at) <= clock.now())
        return [n for n in session.exec(due.order_by(col(OutboxMessage.id)).limit(most)) if n is not None]


def _take(sessions: Sessions, number: int) -> Letter | None:
    """The message, if nobody else has taken it meanwhile and it is still of use."""
    with sessions() as session:
        now = clock.now()
        found = session.get_one(OutboxMessage, number)
        mine = update(OutboxMessage).where(
            col(OutboxMessage.id) == number, col(OutboxMessage.due_at) <= now, col(OutboxMessage.tries) == found.tries
        )
        taken = session.exec(mine.values(tries=found.tries + 1, due_at=now + _pause(found.tries)))
        if taken.rowcount != 1:
            return None
        session.refresh(found)
        if _is_over(found, now):
            _close(session, found, "expired")
            return None
        return Letter(number, found.phone, found.code, dict(found.facts), found.language)


def _sent(sessions: Sessions, letter: Letter, send: Callable[[Letter], None]) -> bool:
    try:
        send(letter)
    except Exception as error:  # whatever somebody's own sender may raise must not stop the others
        failure = type(error).__name__
    else:
        failure = ""
    with sessions() as session:
        found = session.get_one(OutboxMessage, letter.id)
        if not failure:
            found.sent_at = clock.now()
            _close(session, found, None)
        elif found.tries >= MOST_TRIES:
            _close(session, found, failure)
        else:
            found.failure = failure[:200]
            session.add(found)
    return not failure


def _close(session: Session, message: OutboxMessage, failure: str | None) -> None:
    message.due_at, message.failure = None, failure
    message.facts = {name: value for name, value in message.facts.items() if name not in SECRETS}
    session.add(message)
    session.flush()


def _pause(tries: int) -> timedelta:
    return min(FIRST_PAUSE * float(2**tries), LONGEST_PAUSE)


def _is_over(message: OutboxMessage, now: datetime) -> bool:
    lasts = LASTS.get(message.code)
    return lasts is not None and message.created_at + lasts <= now
