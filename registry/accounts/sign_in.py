"""Signing in: a code to the phone for everybody, which makes the account of whoever comes first; or staff's password.

What went wrong is answered, not raised: the attempt has to be written down, and an error would undo that. No answer
tells whether a phone has an account.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from registry import clock
from registry.accounts import limits, passwords
from registry.accounts.codes import DIGITS, LASTS, make_code, seconds_to_resend, use_code
from registry.accounts.outbox import SIGN_IN_CODE, post
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.db import take_turns
from registry.errors import FieldProblem
from registry.people import Volunteer

CODE, PASSWORD = "code", "password"


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in: what the browser says it is, and the address it comes from."""

    device: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is in: the token of the new session, which the browser keeps."""

    token: str
    account: Account
    is_new: bool = False


def ask_code(session: Session, phone: str, browser: Browser, language: str) -> FieldProblem | None:
    """Send a code to the phone; None says that it is on its way. `phone` is as `phone_of` made it.

    Answers `resend_too_soon` or `too_many_codes` with the seconds to wait, or the minutes.
    """
    take_turns(session, f"sign-in {phone}")
    if seconds := seconds_to_resend(session, phone):
        return FieldProblem("phone", "resend_too_soon", {"seconds": seconds})
    for limit, key in (("codes_per_phone", phone), ("codes_per_address", browser.address)):
        if seconds := limits.wait(session, "code_asked", limit, key, succeeded=True):
            return _later(seconds, "phone", "too_many_codes")
    limits.note(session, "code_asked", phone, browser.address, succeeded=True)
    facts = {"code": make_code(session, phone), "minutes": int(LASTS.total_seconds()) // 60}
    post(session, phone, SIGN_IN_CODE, facts, language)
    return None


def enter_code(session: Session, phone: str, code: str, browser: Browser, language: str) -> Entered | FieldProblem:
    """Sign in with a code. The first time makes the account.

    Answers `code_malformed`, `code_wrong` with the tries that are left, `code_over` (expired, used, tried too often,
    never sent), `too_many_tries` with minutes, or `account_closed`, which only the phone's owner gets to see.
    """
    code = code.strip()
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return FieldProblem("code", "code_malformed")
    if problem := _held_up(session, CODE, phone, browser, "code"):
        return problem
    problem = use_code(session, phone, code)
    limits.note(session, CODE, phone, browser.address, succeeded=problem is None)
    if problem:
        return problem
    account, is_new = find_or_make_account(session, phone, language)
    return _entered(session, account, browser, is_new=is_new)


def enter_password(session: Session, phone: str, password: str, browser: Browser) -> Entered | FieldProblem:
    """Sign in with a password.

    Answers `password_wrong`, whatever of the two was wrong, `too_many_tries`, `account_closed`.
    """
    if problem := _held_up(session, PASSWORD, phone, browser, "password"):
        return problem
    account = session.exec(select(Account).where(Account.phone == phone)).first()
    is_right = passwords.is_right(session, account, password)
    limits.note(session, PASSWORD, phone, browser.address, succeeded=is_right)
    if account is None or not is_right:
        return FieldProblem("password", "password_wrong")
    return _entered(session, account, browser)


def find_or_make_account(session: Session, phone: str, language: str = "zh", name: str = "") -> tuple[Account, bool]:
    """The account of a phone, and whether it is new.

    A new one is a volunteer's where exactly one volunteer has that phone.
    """
    take_turns(session, f"sign-in {phone}")
    found = session.exec(select(Account).where(Account.phone == phone)).first()
    if found is not None:
        return found, False
    same = session.exec(select(Volunteer).where(Volunteer.phone == phone)).all()
    volunteer = same[0] if len(same) == 1 else None
    made = Account(
        phone=phone, name=name or (volunteer.name if volunteer else ""), language=language, created_at=clock.now(),
        volunteer_id=volunteer.id if volunteer else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made, True


def _entered(session: Session, account: Account, browser: Browser, *, is_new: bool = False) -> Entered | FieldProblem:
    if not account.is_active:
        return FieldProblem("phone", "account_closed")
    token = sign_in(session, account, device=browser.device, address=browser.address)
    return Entered(token, account, is_new)


def _held_up(session: Session, kind: str, phone: str, browser: Browser, field: str) -> FieldProblem | None:
    """Too many wrong answers from this phone's number or this address."""
    for limit, key in (("wrong_per_phone", phone), ("wrong_per_address", browser.address)):
        if seconds := limits.wait(session, kind, limit, key, succeeded=False):
            return _later(seconds, field, "too_many_tries")
    return None


def _later(seconds: int, field: str, code: str) -> FieldProblem:
    return FieldProblem(field, code, {"minutes": -(-seconds // 60)})
