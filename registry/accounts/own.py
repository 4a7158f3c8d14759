"""What everybody can do with their own account."""

from __future__ import annotations

from sqlmodel import Session

from registry.accounts.permissions import Action, Actor, Subject, require
from registry.accounts.tables import Account
from registry.errors import FieldProblem, Invalid

LONGEST_NAME = 100


def account_of(session: Session, actor: Actor) -> Account:
    """One's own account.

    Raises:
        NotAllowed: a token without that scope.
    """
    require(actor, Action.OWN_ACCOUNT, Subject(account_ids=frozenset({actor.account_id})))
    return session.get_one(Account, actor.account_id)


def has_password(session: Session, actor: Actor) -> bool:
    """Whether a password is set."""
    return account_of(session, actor).password_hash is not None


def rename(session: Session, actor: Actor, name: str) -> Account:
    """Change one's own name.

    Raises:
        Invalid: `needed`, `too_long`, `name_malformed` at `name`.
    """
    name, account = name.strip(), account_of(session, actor)
    if not name:
        raise Invalid(FieldProblem("name", "needed"))
    if len(name) > LONGEST_NAME:
        raise Invalid(FieldProblem("name", "too_long", {"limit": LONGEST_NAME, "length": len(name)}))
    if not name.isprintable():
        raise Invalid(FieldProblem("name", "name_malformed"))
    account.name = name
    session.add(account)
    session.flush()
    return account


def speak_to(session: Session, actor: Actor, language: str) -> None:
    """Choose the language of messages; a known one, or `choose_one` at `language`."""
    if language not in ("zh", "en"):
        raise Invalid(FieldProblem("language", "choose_one"))
    account = account_of(session, actor)
    account.language = language
    session.add(account)
    session.flush()
