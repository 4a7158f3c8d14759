"""Passwords, sessions, roles, tokens, the outbox, and who may do what to which row; on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from registry import clock
from registry.accounts import roles, tokens
from registry.accounts.outbox import Letter, post, send_due
from registry.accounts.passwords import change_password, problem_of
from registry.accounts.permissions import Action, Actor, Held, Subject, actor_of, may, require
from registry.accounts.sessions import revoke, revoke_others, sessions_of, sign_in, sign_out, who_is
from registry.accounts.sign_in import Browser, Entered, enter_password
from registry.accounts.tables import Account, LoginSession, OutboxMessage, Role, RoleGrant
from registry.db import session_scope, sessions
from registry.errors import FieldProblem, Invalid, NotAllowed, NotFound, Refused
from registry.privacy.tables import AccessLog
from registry.programme import Setting

PHONE, OTHER = "13800138000", "13900139000"
HERE = Browser("test", "192.0.2.1")


def problem(answer: object) -> str:
    """The code of what went wrong."""
    assert isinstance(answer, FieldProblem), answer
    return answer.code


def administrator(session: Session, phone: str = PHONE) -> tuple[Account, Actor]:
    """The first administrator, signed in."""
    account = roles.make_administrator(session, phone=phone, name="王主任")
    sign_in(session, account, device="", address="")
    [one] = sessions_of(session, account.id or 0)
    return account, actor_of(session, account, clock.today(), session_id=one.id)


def test_a_password_is_set_by_its_owner_and_signs_in(session: Session) -> None:
    _, actor = administrator(session)
    assert problem(change_password(session, actor, current="", password="short", again="short")) == "password_short"
    assert problem(change_password(session, actor, current="", password="long enough", again="x")) == "password_differs"
    assert change_password(session, actor, current="", password="long enough", again="long enough") is None
    assert problem(change_password(session, actor, current="no", password="another one")) == "password_current_wrong"
    assert change_password(session, actor, current="long enough", password="another one") is None
    assert problem(enter_password(session, PHONE, "long enough", HERE)) == "password_wrong"
    assert isinstance(enter_password(session, PHONE, "another one", HERE), Entered)


def test_wrong_passwords_are_limited(session: Session) -> None:
    session.add(Setting(key="sign_in_limits", value={"wrong_per_phone": 2}))
    _, actor = administrator(session)
    change_password(session, actor, current="", password="long enough")
    assert [problem(enter_password(session, PHONE, "wrong", HERE)) for _ in range(2)] == ["password_wrong"] * 2
    assert problem(enter_password(session, PHONE, "long enough", HERE)) == "too_many_tries"


@pytest.mark.parametrize(
    ("password", "code"),
    [("123456789", "password_short"), (f"x{PHONE}", "password_is_phone"), ("aaaaaaaaaab", "password_simple"),
     ("x" * 50_000, "too_long"), ("long enough", None)],
)  # fmt: skip
def test_what_a_password_must_be(password: str, code: str | None) -> None:
    found = problem_of(password, PHONE)
    assert (found.code if found else None) == code


def test_parents_have_no_password(session: Session) -> None:
    account = Account(phone=PHONE, created_at=clock.now())
    session.add(account)
    session.flush()
    actor = who_is(session, sign_in(session, account, device="", address=""))
    assert actor is not None
    assert problem(change_password(session, actor, current="", password="long enough")) == "password_not_for_you"


def test_sessions_are_listed_revoked_and_expire(session: Session) -> None:
    account = Account(phone=PHONE, created_at=clock.now())
    other = Account(phone=OTHER, created_at=clock.now())
    session.add_all([account, other])
    session.flush()
    held = [sign_in(session, account, device=f"d{n}", address="") for n in range(4)]
    number = {one.device: one.id or 0 for one in sessions_of(session, account.id or 0)}
    with pytest.raises(NotFound):
        revoke(session, other.id or 0, number["d0"])
    revoke(session, account.id or 0, number["d0"])
    sign_out(session, held[1])
    sign_out(session, "no such token")
    assert [who_is(session, token) is not None for token in held] == [False, False, True, True]
    assert revoke_others(session, account.id or 0, number["d2"]) == 1
    assert [one.device for one in sessions_of(session, account.id or 0)] == ["d2"]
    session.exec(update(LoginSession).values(expires_at=clock.now()))
    session.expire_all()
    assert who_is(session, held[2]) is None


def test_a_session_lives_on_while_it_is_used(session: Session) -> None:
    account = Account(phone=PHONE, created_at=clock.now())
    session.add(account)
    session.flush()
    token = sign_in(session, account, device="", address="")
    before = clock.now() - timedelta(days=20)
    session.exec(update(LoginSession).values(seen_at=before, expires_at=clock.now() + timedelta(days=1)))
    session.expire_all()
    assert who_is(session, token) is not None
    session.expire_all()
    [one] = session.exec(select(LoginSession)).all()
    assert (clock.now() - one.seen_at < timedelta(minutes=1), one.expires_at - one.seen_at) == (
        True,
        timedelta(days=30),
    )


def test_roles_are_granted_within_scope_and_time_and_logged(session: Session) -> None:
    account, office = administrator(session)
    other, _ = roles.open_account(session, office, phone=OTHER, name="李")
    number = other.id or 0
    with pytest.raises(Invalid) as error:
        roles.grant_role(session, office, number, role=Role.SITE_COORDINATOR)
    assert [(p.field, p.code) for p in error.value.problems] == [("site_id", "choose_one")]
    with pytest.raises(Invalid) as error:
        roles.grant_role(session, office, number, role=Role.GUARDIAN)
    assert error.value.problems[0].field == "role"
    tomorrow = clock.today() + timedelta(days=1)
    grant = roles.grant_role(session, office, number, role=Role.AUDITOR, starts_on=tomorrow, ends_on=tomorrow)
    held = [actor_of(session, other, clock.today() + timedelta(days=n)).has(Role.AUDITOR) for n in (0, 1, 2)]
    assert held == [False, True, False]
    roles.revoke_role(session, office, number, grant.id or 0)
    assert not actor_of(session, other, tomorrow).has(Role.AUDITOR)
    logged = [(line.account_id, line.action) for line in session.exec(select(AccessLog).order_by(col(AccessLog.id)))]
    assert logged == [
        (None, "role.grant"), (account.id, "account.open"), (account.id, "role.grant"), (account.id, "role.revoke"),
    ]  # fmt: skip


def test_the_last_administrator_stays(session: Session) -> None:
    account, office = administrator(session)
    with pytest.raises(Refused) as error, session.begin_nested():
        roles.close_account(session, office, account.id or 0)
    assert error.value.code == "last_administrator"
    with pytest.raises(Refused):
        roles.make_administrator(session, phone=OTHER, name="李")
    second = roles.make_administrator(session, phone=OTHER, name="李", is_forced=True)
    session.refresh(account)
    roles.close_account(session, office, account.id or 0)
    assert [one.id for one in roles.administrators(session)] == [second.id]


def test_a_token_does_what_it_names_and_no_more(session: Session) -> None:
    _, office = administrator(session)
    made, token = tokens.make_token(session, office, name="x", scopes=["account.see"])
    holder = tokens.who_holds(session, token)
    assert holder is not None
    assert [may(holder, action) for action in (Action.SEE_ACCOUNTS, Action.GRANT_ROLE)] == [True, False]
    with pytest.raises(NotAllowed):
        tokens.make_token(session, holder, name="y", scopes=["account.see"])
    assert (token in made.token_hash, tokens.who_holds(session, token + "x")) == (False, None)
    tokens.revoke_token(session, office, made.id or 0)
    assert tokens.who_holds(session, token) is None


def test_a_token_cannot_widen_itself(session: Session) -> None:
    _, office = administrator(session)
    _, token = tokens.make_token(session, office, name="x", scopes=["token.make"])
    holder = tokens.who_holds(session, token)
    assert holder is not None
    with pytest.raises(Invalid) as error:
        tokens.make_token(session, holder, name="y", scopes=["token.make", "role.grant"])
    assert error.value.problems == (FieldProblem("scopes", "scope_not_yours", {"scopes": ["role.grant"]}),)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [({"name": " "}, "name", "needed"), ({"name": "x" * 50_000}, "name", "too_long"),
     ({"scopes": []}, "scopes", "choose_one"), ({"scopes": ["all"]}, "scopes", "scope_unknown"),
     ({"scopes": ["application.make"]}, "scopes", "scope_not_yours"),
     ({"last_day": date(2020, 1, 1)}, "last_day", "date_past")],
)  # fmt: skip
def test_what_a_token_must_say(session: Session, changes: dict[str, object], field: str, code: str) -> None:
    _, office = administrator(session)
    with pytest.raises(Invalid) as error:
        tokens.make_token(session, office, **{"name": "x", "scopes": ["account.see"], **changes})  # type: ignore[arg-type]
    assert [(p.field, p.code) for p in error.value.problems] == [(field, code)]


def test_a_message_is_sent_once_and_its_code_forgotten(engine: Engine) -> None:
    with session_scope(engine) as session:
        post(session, PHONE, "sign_in_code", {"code": "123456", "minutes": 5})
    sent: list[Letter] = []
    assert [send_due(sessions(engine), sent.append) for _ in range(2)] == [1, 0]
    assert [(one.phone, one.facts["code"]) for one in sent] == [(PHONE, "123456")]
    with session_scope(engine) as session:
        [kept] = session.exec(select(OutboxMessage)).all()
    assert (kept.facts, kept.due_at, kept.sent_at is not None) == ({"minutes": 5}, None, True)


def test_a_failed_sending_is_kept_and_tried_again_later(engine: Engine) -> None:
    with session_scope(engine) as session:
        post(session, PHONE, "offer", {"n": 1})

    def fail(_letter: Letter) -> None:
        raise ConnectionError("13800138000 said no")

    sent: list[Letter] = []
    assert [send_due(sessions(engine), send) for send in (fail, sent.append)] == [0, 0]
    with session_scope(engine) as session:
        [kept] = session.exec(select(OutboxMessage)).all()
        assert (kept.failure, kept.tries, kept.sent_at) == ("ConnectionError", 1, None)
        kept.due_at = clock.now()
        session.add(kept)
    assert send_due(sessions(engine), sent.append) == 1


def test_an_old_code_is_not_sent_any_more(engine: Engine) -> None:
    long_ago = clock.now() - timedelta(minutes=6)
    with session_scope(engine) as session:
        message = post(session, PHONE, "sign_in_code", {"code": "123456"})
        message.created_at = long_ago
        session.add(message)
    sent: list[Letter] = []
    assert (send_due(sessions(engine), sent.append), sent) == (0, [])
    with session_scope(engine) as session:
        [kept] = session.exec(select(OutboxMessage)).all()
    assert (kept.facts, kept.due_at, kept.failure) == ({}, None, "expired")


def somebody(*held: Held, account: int = 1, guardian: int | None = None) -> Actor:
    return Actor(account, "x", held, guardian_id=guardian)


COORDINATOR = somebody(Held(Role.SITE_COORDINATOR, site_id=3))
LEAD = somebody(Held(Role.CLASS_LEAD, class_run_id=5))
GUARDIAN = somebody(Held(Role.GUARDIAN), guardian=7)
CHILD = Subject(site_ids=frozenset({3}), class_run_ids=frozenset({5}), guardian_ids=frozenset({7}))
FOREIGN = Subject(site_ids=frozenset({4}), class_run_ids=frozenset({6}), guardian_ids=frozenset({8}))


@pytest.mark.parametrize("actor", [COORDINATOR, LEAD, GUARDIAN])
def test_own_rows_and_foreign_ones(actor: Actor) -> None:
    assert [may(actor, Action.SEE_CHILD, row) for row in (CHILD, FOREIGN, None)] == [True, False, True]
    assert may(actor, Action.GRANT_ROLE) is False


def test_everybody_has_their_own_account_and_nobody_anothers() -> None:
    own, anothers = (Subject(account_ids=frozenset({number})) for number in (1, 2))
    for actor in (somebody(), somebody(Held(Role.DISTRICT_OFFICE))):
        assert [may(actor, Action.OWN_ACCOUNT, row) for row in (own, anothers)] == [True, False]


def test_what_is_denied_names_the_row() -> None:
    hidden = NotFound("child_unknown", child=9)
    with pytest.raises(NotFound) as error:
        require(GUARDIAN, Action.SEE_CHILD, FOREIGN, otherwise=hidden)
    denied = error.value.denied
    assert denied is not None
    assert (denied.account_id, denied.action, denied.subject, denied.subject_id) == (1, "child.see", "child", 9)


def test_a_class_lead_sees_the_class_seven_days_longer(session: Session) -> None:
    account = Account(phone=PHONE, created_at=clock.now())
    session.add(account)
    session.flush()
    last = date(2026, 7, 17)
    for role in (Role.CLASS_LEAD, Role.AUDITOR):
        session.add(RoleGrant(
            account_id=account.id or 0, role=role, starts_on=date(2026, 7, 6), ends_on=last, granted_at=clock.now()
        ))  # fmt: skip
    session.flush()
    held = [
        [actor_of(session, account, last + timedelta(days=n)).has(role) for n in (0, 1, 7, 8)]
        for role in (Role.CLASS_LEAD, Role.AUDITOR)
    ]
    assert held == [[True, True, True, False], [True, False, False, False]]
