"""`qingzai account …`. Whoever runs these has the database: they ask for no permission."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api import speak
from api.commands.console import BAD_INPUT, err, refusals
from api.commands.database import migrated_engine
from api.speak import accounts as words
from api.speak import fields
from api.speak.commands import line
from registry.accounts.directory import account_with, staff
from registry.accounts.passwords import problem_of, set_password
from registry.accounts.roles import make_administrator
from registry.accounts.sessions import revoke_others
from registry.conventions.phones import phone_of
from registry.db import session_scope
from registry.errors import FieldProblem, Invalid


def run_create_admin(phone: str, name: str, *, from_stdin: bool, is_forced: bool) -> None:
    """Make an administrator with a password. Whether one may be made is asked before the password is."""
    language = speak.from_environment()
    with refusals(), _problems():
        number = phone_of(phone)
        engine = migrated_engine()
        with session_scope(engine, is_writing=True) as session:
            account = make_administrator(session, phone=number, name=name, is_forced=is_forced)
            password = _password(from_stdin=from_stdin)
            if problem := problem_of(password, number):
                raise Invalid(problem)
            set_password(session, account, password)
        engine.dispose()
    err(line("administrator_made", language, name=name))


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    language = speak.from_environment()
    asked: str = typer.prompt(
        line("password_ask", language), hide_input=True, confirmation_prompt=line("password_again", language), err=True
    )
    return asked


def run_list() -> None:
    """One line an account: name, masked phone, roles."""
    language = speak.from_environment()
    with refusals():
        engine = migrated_engine()
        with session_scope(engine) as session:
            rows = staff(session)
        engine.dispose()
    for row in rows:
        held = [
            " ".join(filter(None, (words.role(grant.role, language), grant.site, grant.class_run)))
            for grant in row.grants
            if not grant.is_over
        ]
        closed = "" if row.is_active else line("account_closed", language)
        typer.echo("  ".join(filter(None, (row.name, row.phone, "; ".join(held), closed))))
    if not rows:
        err(line("accounts_none", language))


def run_revoke_sessions(phone: str) -> None:
    """End all sessions of a phone's account."""
    language = speak.from_environment()
    with refusals(), _problems():
        number = phone_of(phone)
        engine = migrated_engine()
        with session_scope(engine, is_writing=True) as session:
            count = revoke_others(session, account_with(session, number).id or 0, None)
        engine.dispose()
    err(line("sessions_revoked_1" if count == 1 else "sessions_revoked", language, n=count))


@contextmanager
def _problems() -> Iterator[None]:
    """Say what is wrong with an option as a form would, and end with exit code 2."""
    try:
        yield
    except Invalid as error:
        for problem in error.problems:
            err(_said(problem))
        raise typer.Exit(BAD_INPUT) from None


def _said(problem: FieldProblem) -> str:
    return f"{problem.field}: {fields.sentence(problem.code, problem.facts, speak.from_environment())}"
