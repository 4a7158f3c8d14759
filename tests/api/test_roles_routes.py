"""Every route of the application, asked by every role, on its own row and on a foreign one.

To add a route: one line in `ROUTES`. A route that has no line fails the test, and so does a line without a route.
- `OPEN`: anybody gets the same answer, whoever they are.
- `For(allowed)`: these roles pass, all others are refused (403, or `others_get`); nobody is sent to sign in.
- `rows`: a function that makes what the path names, for the role that asks: `rows(world, role)` answers the path's
  parameters. It is called for each request, so that a change in one does no harm to the next.
- `foreign`: the same for a row that is not theirs; to all in `allowed` but `anywhere` it has to be one that does not
  exist (404), or with `foreign_is=NO` one that is refused.
- `body`: what a form sends; `files`: with these files.
The table that comes out stands in roles-routes.md beside this file; the test prints it when it differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from asking import TestClient
from board_routes import board_lines
from books_routes import books_lines
from certs_routes import certificate_lines, insurance_lines
from close_routes import day_lines
from duties_routes import duties_lines
from enrol_routes import enrol_lines
from everybody import (
    AUDITOR,
    COORDINATOR,
    ELSEWHERE,
    GUARDIAN,
    LEAD,
    NOBODY,
    OFFICE,
    PLAIN,
    ROLES,
    SIGNED_IN,
    VOLUNTEER,
    Params,
    World,
)
from family_routes import family_lines
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from making_routes import making_lines
from mine_routes import mine_lines
from notes_routes import notes_lines
from office_routes import office_lines
from out_routes import out_lines
from privacy_routes import privacy_lines
from repair_routes import repair_lines
from sqlmodel import select
from substitute_routes import substitute_lines

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.tables import RoleGrant
from registry.db import make_engine, session_scope
from registry.privacy.tables import AccessLog

TABLE = Path(__file__).parent / "roles-routes.md"
YES, NO, HIDDEN, SIGN_IN = "yes", "403", "404", "sign in"
Rows = Callable[[World, str], Params]


@dataclass(frozen=True)
class For:
    """Who passes; see above."""

    allowed: tuple[str, ...]
    rows: Rows = lambda _world, _role: {}
    foreign: Rows | None = None
    foreign_is: str = HIDDEN
    others_get: str = NO
    anywhere: tuple[str, ...] = ()
    body: dict[str, str] = field(default_factory=dict)
    json: dict[str, object] | None = None
    files: dict[str, bytes] | None = None


OPEN = For((), others_get=YES)
EVERYBODY = For(SIGNED_IN)


def one_account(world: World, _role: str) -> Params:
    return {"id_": world.account()}


def own_session(world: World, role: str) -> Params:
    return {"id_": world.session_of(world.ids.get(role, world.ids[PLAIN]))}


def others_session(world: World, _role: str) -> Params:
    return {"id_": world.session_of(world.account())}


def a_grant(world: World, _role: str) -> Params:
    return dict(zip(("id_", "grant_id"), world.grant(), strict=True))


def a_token(world: World, _role: str) -> Params:
    return {"id_": world.token()}


NEW_GRANT: dict[str, object] = {"role": "auditor"}
NEW_ACCOUNT = {"phone": "13900001111", "name": "新人"}
NEW_TOKEN: dict[str, object] = {"name": "x", "scopes": ["account.see"]}
WEEK = ("", "/classes", "/classes/{id_}", "/classes/{id_}/why", "/sites", "/sites/{id_}", "/volunteers")
WEEK += ("/volunteers/{id_}", "/volunteers/{id_}/why")

ROUTES: dict[str, For] = {
    "GET /": OPEN,
    **{f"GET /weeks/{{week}}{rest}": OPEN for rest in WEEK},
    "GET /api/v1/openapi.json": OPEN,
    # Signing in, one's own page.
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "GET /sign-in/code": OPEN,
    "POST /sign-in/code": OPEN,
    "POST /sign-in/again": OPEN,
    "GET /sign-in/password": OPEN,
    "POST /sign-in/password": OPEN,
    "GET /me": EVERYBODY,
    "POST /me/name": EVERYBODY,
    "POST /me/language": For(SIGNED_IN, body={"language": "zh"}),
    "POST /me/sessions/others/revoke": EVERYBODY,
    "POST /me/sessions/{id_}/revoke": For(SIGNED_IN, own_session, foreign=others_session),
    "GET /me/password": For((LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR), others_get=HIDDEN),
    "POST /me/password": For((LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR), others_get=HIDDEN),
    # Accounts and tokens.
    "GET /office/accounts": For((OFFICE, AUDITOR)),
    "POST /office/accounts": For((OFFICE,), body=NEW_ACCOUNT),
    "GET /office/accounts/{id_}": For((OFFICE, AUDITOR), one_account),
    "POST /office/accounts/{id_}/grants": For((OFFICE,), one_account, body={"role": "auditor"}),
    "POST /office/accounts/{id_}/grants/{grant_id}/revoke": For((OFFICE,), a_grant),
    "POST /office/accounts/{id_}/close": For((OFFICE,), one_account),
    "POST /office/accounts/{id_}/reopen": For((OFFICE,), one_account),
    "POST /office/accounts/{id_}/sign-out": For((OFFICE,), one_account),
    "GET /office/tokens": For((OFFICE,)),
    "POST /office/tokens": For((OFFICE,)),
    "POST /office/tokens/{id_}/revoke": For((OFFICE,), a_token),
    "GET /api/v1/session": EVERYBODY,
    "GET /api/v1/session/all": EVERYBODY,
    "DELETE /api/v1/session/all": EVERYBODY,
    "DELETE /api/v1/session/all/{id}": For(SIGNED_IN, own_session, foreign=others_session),
    "GET /api/v1/accounts": For((OFFICE, AUDITOR)),
    "POST /api/v1/accounts": For((OFFICE,), json=dict(NEW_ACCOUNT)),
    "GET /api/v1/accounts/{id}": For((OFFICE, AUDITOR), one_account),
    "POST /api/v1/accounts/{id}/grants": For((OFFICE,), one_account, json=NEW_GRANT),
    "DELETE /api/v1/accounts/{id}/grants/{grant_id}": For((OFFICE,), a_grant),
    "GET /api/v1/tokens": For((OFFICE,)),
    "POST /api/v1/tokens": For((OFFICE,), json=NEW_TOKEN),
    "DELETE /api/v1/tokens/{id}": For((OFFICE,), a_token),
    # The draw.
    "GET /office/rounds/{round_id}/draw": For((OFFICE,), lambda world, _role: {"round_id": world.round()}),
    "POST /office/rounds/{round_id}/draw/freeze": For((OFFICE,), lambda world, _role: {"round_id": world.round()}),
    "POST /office/draws/{draw_id}/queue": For((OFFICE,), lambda world, _role: {"draw_id": world.draw()}),
    "POST /office/draws/{draw_id}/stop": For((OFFICE,), lambda world, _role: {"draw_id": world.draw()}),
    "POST /office/draws/{draw_id}/publish": For((OFFICE,), lambda world, _role: {"draw_id": world.draw()}),
    "GET /enrol/rounds/{round_id}/frozen.json": OPEN,
    "GET /enrol/rounds/{round_id}/certificate.json": OPEN,
    "GET /enrol/verify_draw.py": OPEN,
    **certificate_lines(For, OPEN, EVERYBODY, GUARDIAN, VOLUNTEER, LEAD, COORDINATOR, ELSEWHERE, OFFICE),
    **insurance_lines(For, OFFICE),
    **enrol_lines(For, GUARDIAN, COORDINATOR, OFFICE, OPEN, EVERYBODY),
    **family_lines(For, SIGNED_IN, GUARDIAN),
    **office_lines(For, OFFICE, AUDITOR, COORDINATOR, ELSEWHERE),
    **duties_lines(For, OFFICE),
    **mine_lines(For, OPEN, VOLUNTEER, (COORDINATOR, ELSEWHERE, OFFICE), (COORDINATOR, OFFICE)),
    **privacy_lines(For, OPEN),
    **board_lines(For, COORDINATOR, ELSEWHERE, OFFICE),
    **out_lines(For, COORDINATOR, ELSEWHERE, OFFICE),
    **making_lines(For, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR),
    **repair_lines(For, COORDINATOR, ELSEWHERE, OFFICE),
    **substitute_lines(For, COORDINATOR, ELSEWHERE, OFFICE, VOLUNTEER, OPEN),
    **books_lines(For, LEAD, VOLUNTEER, COORDINATOR, ELSEWHERE, GUARDIAN, OFFICE),
    **day_lines(For, LEAD, VOLUNTEER, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR),
    **notes_lines(For, LEAD, VOLUNTEER, COORDINATOR, ELSEWHERE, OFFICE),
    # Signing out comes last: it ends the session of the role that asks.
    "POST /sign-out": OPEN,
}
OPEN_BELOW = ("GET /api/v1/weeks",)
"""The interface of the published weeks, which nobody needs to sign in for: each is asked as `OPEN`."""


def routes(app: FastAPI) -> list[str]:
    """Every route as METHOD /path."""
    found = set()
    for route in iter_route_contexts(app.routes):
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}:
            found.add(f"{method} {route.path}")
    return sorted(found)


@pytest.fixture
def app(sqlite_url: str) -> FastAPI:
    return create_app(Settings(sqlite_url))


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    engine = make_engine(sqlite_url)
    yield World(engine)
    engine.dispose()


def expected(name: str) -> For | None:
    """A route's line."""
    return ROUTES.get(name) or (OPEN if name.startswith(OPEN_BELOW) else None)


def test_every_route_has_its_line(app: FastAPI) -> None:
    there = routes(app)
    assert [name for name in there if expected(name) is None] == []
    assert sorted(set(ROUTES) - set(there)) == []


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    """One for all roles: to start one costs more than to ask."""
    with TestClient(app, headers={"Origin": "http://testserver"}, follow_redirects=False) as opened:
        yield opened


def asked(browser: TestClient, world: World, role: str, name: str, line: For, params: Params) -> Response:
    """The answer to a role."""
    browser.cookies.clear()
    if role != NOBODY:
        browser.cookies.set(SESSION_COOKIE, world.cookies[role])
    method, path = name.split(" ", 1)
    for hole in re.findall(r"{(\w+)}", path):
        value = params.get(hole) or params.get(f"{hole}_") or {"week": "2026-07-06"}.get(hole, 1)
        path = path.replace(f"{{{hole}}}", str(value))
    more = params.get("body", {})
    if line.json is not None:
        return browser.request(method, path, json={**line.json, **more})
    if method == "POST":
        return browser.request(method, path, data={**line.body, **more}, files=line.files)
    return browser.request(method, path)


def came_out(answer: Response) -> str:
    """What the answer says about permission."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next")
    if to_sign_in or answer.status_code == 401:
        return SIGN_IN
    assert answer.status_code < 500, answer.text
    return {403: NO, 404: HIDDEN}.get(answer.status_code, YES)


def should(line: For, role: str, *, is_foreign: bool) -> str:
    """What the line says."""
    if role == NOBODY:
        return SIGN_IN
    if role not in line.allowed:
        return line.others_get
    return line.foreign_is if is_foreign and role not in line.anywhere else YES


def test_every_role_gets_what_its_line_says(app: FastAPI, browser: TestClient, world: World) -> None:
    wrong, table, there = [], [], set(routes(app))
    for name in [n for n in ROUTES if n in there]:
        line = ROUTES[name]
        for is_foreign in (False, True) if line.foreign else (False,):
            rows = line.foreign if is_foreign and line.foreign else line.rows
            found = {role: _answer(browser, world, role, name, line, rows) for role in ROLES}
            if line is OPEN:
                wrong += [(name, role, found[role]) for role in ROLES if found[role] in (NO, SIGN_IN)]
            else:
                wanted = {role: should(line, role, is_foreign=is_foreign) for role in ROLES}
                wrong += [(name, role, found[role], wanted[role]) for role in ROLES if found[role] != wanted[role]]
            told = dict.fromkeys(ROLES, YES) if line is OPEN else found
            table.append((name + (" (another's)" if is_foreign else ""), told))
    assert wrong == [], "\n".join(map(str, wrong))
    assert TABLE.read_text(encoding="utf-8") == written(table), f"roles-routes.md should be:\n\n{written(table)}"


def _answer(browser: TestClient, world: World, role: str, name: str, line: For, rows: Rows) -> str:
    answer = asked(browser, world, role, name, line, rows(world, role))
    # The steps of signing in lead to the first one, or on to one's own page: they are open, not refused.
    return YES if name.startswith(("GET /sign-in", "POST /sign-", "GET /enrol/rounds")) else came_out(answer)


def written(table: list[tuple[str, dict[str, str]]]) -> str:
    """The table as Markdown."""
    marks = {YES: "✓", NO: "403", HIDDEN: "404", SIGN_IN: "→"}
    head = "# Roles and routes\n\nMade and checked by test_roles_routes.py. ✓ passes, → is sent to sign in (401 in the "
    head += "interface), 403 is refused, 404 is told that there is no such row.\n\n"
    lines = [f"| route | {' | '.join(ROLES)} |", f"|---|{'---|' * len(ROLES)}"]
    lines += [f"| `{name}` | {' | '.join(marks[told[role]] for role in ROLES)} |" for name, told in table]
    lines += [f"| `{name}/…` | {' | '.join(marks[YES] for _ in ROLES)} |" for name in OPEN_BELOW]
    return head + "\n".join(lines) + "\n"


def test_an_attempt_on_somebody_elses_row_is_logged(browser: TestClient, world: World) -> None:
    """The grant of a coordinator who may grant nothing leaves no role, and one line in the access log."""
    before = _log(world)
    number = world.account()
    name = "POST /office/accounts/{id_}/grants"
    assert asked(browser, world, COORDINATOR, name, ROUTES[name], {"id_": number}).status_code == 403
    assert _log(world) == [*before, (world.ids[COORDINATOR], "role.grant", "account", number, True)]
    with session_scope(world.engine) as session:
        assert session.exec(select(RoleGrant).where(RoleGrant.account_id == number)).all() == []


def _log(world: World) -> list[tuple[object, ...]]:
    with session_scope(world.engine) as session:
        lines = session.exec(select(AccessLog)).all()
        return [(one.account_id, one.action, one.subject, one.subject_id, one.is_refused) for one in lines]
