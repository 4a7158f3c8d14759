"""Signing in with a code: limits, expiry, replay, what is told; on both databases.

Time is passed by moving what is stored back, not by turning a clock.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from registry.accounts import limits
from registry.accounts.sessions import who_is
from registry.accounts.sign_in import Browser, Entered, ask_code, enter_code, enter_password
from registry.accounts.tables import OutboxMessage, SignInAttempt, SignInCode
from registry.errors import FieldProblem
from registry.programme import Setting

PHONE, OTHER = "13800138000", "13900139000"
HERE = Browser("test", "192.0.2.1")


def ask(session: Session, phone: str = PHONE) -> str:
    """Ask for a code after a minute's pause; answers it as it stands in the outbox."""
    _pass(session, timedelta(seconds=61))
    assert ask_code(session, phone, HERE, "zh") is None
    newest = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id).desc())).first()
    assert newest is not None
    return str(newest.facts["code"])


def _pass(session: Session, time: timedelta) -> None:
    """Let time pass for codes and attempts."""
    for code in session.exec(select(SignInCode)):
        code.sent_at, code.expires_at = code.sent_at - time, code.expires_at - time
        session.add(code)
    for attempt in session.exec(select(SignInAttempt)):
        attempt.at -= time
        session.add(attempt)
    session.flush()


def enter(session: Session, code: str, phone: str = PHONE) -> Entered | FieldProblem:
    return enter_code(session, phone, code, HERE, "zh")


def problem(answer: object) -> str:
    """The code of what went wrong."""
    assert isinstance(answer, FieldProblem), answer
    return answer.code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_signs_in_once_and_makes_the_account_once(session: Session) -> None:
    code = ask(session)
    first = enter(session, f" {code} ")
    assert isinstance(first, Entered)
    assert (first.is_new, first.account.phone) == (True, PHONE)
    assert problem(enter(session, code)) == "code_over"
    again = enter(session, ask(session))
    assert isinstance(again, Entered)
    assert (again.is_new, again.account.id) == (False, first.account.id)


def test_a_code_is_good_for_five_minutes(session: Session) -> None:
    code = ask(session)
    _pass(session, timedelta(minutes=4, seconds=50))
    assert isinstance(enter(session, code), Entered)
    code = ask(session)
    _pass(session, timedelta(minutes=5))
    assert problem(enter(session, code)) == "code_over"


def test_only_the_newest_code_is_good(session: Session) -> None:
    old, new = ask(session), ask(session)
    if old != new:
        assert problem(enter(session, old)) == "code_wrong"
    assert isinstance(enter(session, new), Entered)


def test_five_wrong_tries_end_a_code(session: Session) -> None:
    code = ask(session)
    assert [problem(enter(session, wrong(code))) for _ in range(5)] == ["code_wrong"] * 4 + ["code_over"]
    assert problem(enter(session, code)) == "code_over"


def test_a_code_is_of_no_use_for_another_phone(session: Session) -> None:
    code = ask(session)
    assert problem(enter(session, code, OTHER)) == "code_over"


@pytest.mark.parametrize("text", ["", "12345", "1234567", "１２３４５６", "abcdef", "9" * 50_000])
def test_what_is_no_code_costs_no_try(session: Session, text: str) -> None:
    ask(session)
    assert problem(enter(session, text)) == "code_malformed"
    assert [code.tries for code in session.exec(select(SignInCode))] == [0]


def test_another_code_after_sixty_seconds(session: Session) -> None:
    ask(session)
    refused = ask_code(session, PHONE, HERE, "zh")
    assert problem(refused) == "resend_too_soon"
    assert ask_code(session, OTHER, HERE, "zh") is None


def test_five_codes_an_hour_to_a_phone(session: Session) -> None:
    for _ in range(5):
        ask(session)
    _pass(session, timedelta(minutes=2))
    assert problem(ask_code(session, PHONE, Browser("", "192.0.2.99"), "zh")) == "too_many_codes"
    _pass(session, timedelta(minutes=60))
    assert ask_code(session, PHONE, HERE, "zh") is None


def test_the_district_sets_how_many_codes_an_address_may_ask_for(session: Session) -> None:
    session.add(Setting(key="sign_in_limits", value={"codes_per_address": 2}))
    assert [ask_code(session, f"1380013800{n}", HERE, "zh") for n in (1, 2)] == [None, None]
    assert problem(ask_code(session, "13800138003", HERE, "zh")) == "too_many_codes"
    assert ask_code(session, "13800138003", Browser("", "192.0.2.2"), "zh") is None


def test_wrong_codes_are_limited_per_phone(session: Session) -> None:
    for _ in range(3):
        code = ask(session)
        for _ in range(5):
            enter(session, wrong(code))
    code = ask(session)
    assert problem(enter(session, code)) == "too_many_tries"


def test_the_code_itself_is_not_kept(session: Session) -> None:
    code = ask(session)
    [stored] = session.exec(select(SignInCode))
    assert code not in stored.code_hash
    assert len(stored.code_hash.partition(":")[2]) == 64


def test_asking_tells_nothing_about_accounts(session: Session) -> None:
    assert isinstance(enter(session, ask(session)), Entered)
    _pass(session, timedelta(hours=2))
    assert [ask_code(session, phone, HERE, "zh") for phone in (PHONE, OTHER)] == [None, None]
    assert [problem(enter(session, "000000", phone)) for phone in (PHONE, OTHER)] == ["code_wrong", "code_wrong"]
    told = [enter_password(session, phone, "some password", HERE) for phone in (PHONE, OTHER)]
    assert told[0] == told[1] == FieldProblem("password", "password_wrong")


def test_a_closed_account_is_told_to_its_owner_alone(session: Session) -> None:
    entered = enter(session, ask(session))
    assert isinstance(entered, Entered)
    entered.account.is_active = False
    session.flush()
    assert who_is(session, entered.token) is None
    code = ask(session)
    assert problem(enter(session, wrong(code))) == "code_wrong"
    assert problem(enter(session, code)) == "account_closed"


def test_what_no_limit_looks_at_is_forgotten(session: Session) -> None:
    ask(session)
    limits.forget(session)
    assert len(session.exec(select(SignInCode)).all()) == 1
    _pass(session, timedelta(days=1, minutes=1))
    limits.forget(session)
    assert (session.exec(select(SignInCode)).all(), session.exec(select(SignInAttempt)).all()) == ([], [])
