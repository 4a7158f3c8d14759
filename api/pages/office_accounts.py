"""The office's pages of accounts: find one, open one, grant and revoke roles, end sessions."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form, refused
from api.pages.reading import FormText, day, go, number, shown
from api.pages.render import render
from registry.accounts import roles
from registry.accounts.directory import account, accounts, scopes_of_roles
from registry.accounts.permissions import Action, Actor, may
from registry.accounts.sessions import sessions_of
from registry.accounts.tables import Role
from registry.conventions.phones import phone_of
from registry.errors import FieldProblem, Invalid

router = APIRouter(prefix="/office/accounts", include_in_schema=False)

ON_A_PAGE = 40


@router.get("")
def list_accounts(
    request: Request, session: DbSession, actor: SignedIn,
    q: Annotated[str, Query(max_length=100)] = "", staff: Annotated[str, Query(max_length=5)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    """Accounts by name; the search finds names and the last digits of phones."""
    return _list(request, session, actor, Form(), q=q, staff=staff, page=page)


@router.post("")
def open_account(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, phone: FormText = "", name: FormText = ""
) -> Response:
    """An account for somebody who has not signed in yet."""
    kept = {"phone": shown(phone), "name": shown(name)}
    try:
        found, _ = roles.open_account(session, actor, phone=phone_of(phone), name=name)
    except Invalid as error:
        return _list(request, session, actor, refused(kept, error, language), status=422)
    return go(f"/office/accounts/{found.id}")


@router.get("/{id_}")
def one_account(request: Request, session: DbSession, actor: SignedIn, id_: int) -> Response:
    """One account and its roles."""
    return _one(request, session, actor, id_, Form())


@router.post("/{id_}/grants")
def grant(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, id_: int,
    role: FormText = "", site_id: FormText = "", class_run_id: FormText = "",
    starts_on: FormText = "", ends_on: FormText = "",
) -> Response:  # fmt: skip
    """Give somebody a role."""
    kept = {"role": role, "site_id": site_id, "class_run_id": class_run_id, "starts_on": starts_on, "ends_on": ends_on}
    try:
        first, last = _days(starts_on, ends_on)
        known = Role(role) if role in {granted.value for granted in roles.GRANTED} else None
        roles.grant_role(
            session, actor, id_, role=known, site_id=number(site_id), class_run_id=number(class_run_id),
            starts_on=first, ends_on=last,
        )  # fmt: skip
    except Invalid as error:
        form = refused({name: shown(value) for name, value in kept.items()}, error, language)
        return _one(request, session, actor, id_, form, status=422)
    return go(f"/office/accounts/{id_}")


@router.post("/{id_}/grants/{grant_id}/revoke")
def revoke_grant(session: DbSession, actor: SignedIn, id_: int, grant_id: int) -> Response:
    """Take a role away."""
    roles.revoke_role(session, actor, id_, grant_id)
    return go(f"/office/accounts/{id_}")


@router.post("/{id_}/close")
def close(session: DbSession, actor: SignedIn, id_: int) -> Response:
    """Close an account."""
    roles.close_account(session, actor, id_)
    return go(f"/office/accounts/{id_}")


@router.post("/{id_}/reopen")
def reopen(session: DbSession, actor: SignedIn, id_: int) -> Response:
    """Open a closed account again."""
    roles.reopen_account(session, actor, id_)
    return go(f"/office/accounts/{id_}")


@router.post("/{id_}/sign-out")
def sign_out(session: DbSession, actor: SignedIn, id_: int, password: FormText = "") -> Response:
    """End somebody's sessions, and delete the password where that is ticked."""
    roles.end_sessions(session, actor, id_, password_too=bool(password))
    return go(f"/office/accounts/{id_}")


def _days(*written: str) -> list[date | None]:
    found: list[date | None] = []
    names = ("starts_on", "ends_on")
    for name, text in zip(names, written, strict=True):
        try:
            found.append(day(text))
        except ValueError:
            raise Invalid(FieldProblem(name, "date_malformed")) from None
    return found


def _list(
    request: Request, session: DbSession, actor: Actor, form: Form, *, q: str = "", staff: str = "", page: int = 1,
    status: int = 200,
) -> Response:  # fmt: skip
    first = (page - 1) * ON_A_PAGE
    total, rows = accounts(session, actor, search=q, staff_only=bool(staff), first=first, most=ON_A_PAGE)
    return render(
        request, "office/accounts.html", status=status, form=form, rows=rows, total=total, q=q, staff=bool(staff),
        page=page, pages=max(1, -(-total // ON_A_PAGE)), may_grant=may(actor, Action.GRANT_ROLE),
    )  # fmt: skip


def _one(request: Request, session: DbSession, actor: Actor, id_: int, form: Form, *, status: int = 200) -> Response:
    row = account(session, actor, id_)
    sites, classes = scopes_of_roles(session)
    return render(
        request, "office/account.html", status=status, form=form, row=row, sites=sites, classes=classes,
        granted=[role.value for role in roles.GRANTED], may_grant=may(actor, Action.GRANT_ROLE),
        sessions=len(sessions_of(session, id_)),
    )  # fmt: skip
