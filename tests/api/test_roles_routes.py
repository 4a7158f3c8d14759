"""Every route of the application, asked by every role, on its own row and on a foreign one.

To add a route: one line in `ROUTES`. A route that has no line fails the test, and so does a line without a route.
- `OPEN`: anybody gets the same answer, whoever they are.
- `For(allowed)`: these roles pass, all others are refused (403); nobody is sent to sign in.
- `rows`: a function that makes what the path names, for the role that asks: `rows(world, role)` answers the path's
  parameters. It is called for each request, so that a change in one does no harm to the next.
- `foreign`: the same for a row that is not theirs; to all in `allowed` but `anywhere` it has to be one that does not
  exist (404), or with `foreign_is=NO` one that is refused.
- `body`: what a form sends.
The table that comes out stands in roles-routes.md beside this file; the test prints it when it differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from seasons import LONG_AGO, SmallSeason
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, ApiToken, LoginSession, Role, RoleGrant
from registry.db import make_engine, session_scope
from registry.enrolment.draws import freeze_round
from registry.enrolment.numbers import new_number
from registry.enrolment.tables import Application, EnrolmentRound, Place, RoundClass, Wish
from registry.families.tables import Child, Guardian, Guardianship
from registry.people import Volunteer
from registry.privacy.tables import AccessLog
from registry.programme import ClassRun, Site

TABLE = Path(__file__).parent / "roles-routes.md"
YES, NO, HIDDEN, SIGN_IN = "yes", "403", "404", "sign in"
NOBODY = "nobody"
PLAIN, GUARDIAN, VOLUNTEER, LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR = (
    "new account", "guardian", "volunteer", "class lead", "coordinator", "coordinator of another site", "office",
    "auditor",
)  # fmt: skip
SIGNED_IN = (PLAIN, GUARDIAN, VOLUNTEER, LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR)
ROLES = (NOBODY, *SIGNED_IN)
Params = dict[str, Any]
T = TypeVar("T")


class World:
    """A small season with somebody of each role."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.numbers = engine, count(50)
        with session_scope(engine) as session:
            season = SmallSeason(session)
            run = season.class_run(2)
            other = season.add(Site(name="乙点位", subdistrict="二街", longitude=106.6, latitude=29.6))
            self.office = season.office
            self.ids = {role: season.account().id or 0 for role in SIGNED_IN}
            season.add(Guardian(account_id=self.ids[GUARDIAN], name="家长", created_at=LONG_AGO))
            helper = season.add(
                Volunteer(
                    name="志愿者", sex="male", born_on=date(2000, 1, 1), kind="teacher", max_segments=5,
                    preferred_segments=3, reach_km=5.0,
                )
            )  # fmt: skip
            session.get_one(Account, self.ids[VOLUNTEER]).volunteer_id = helper.id
            for role, held, scope in (
                (LEAD, Role.CLASS_LEAD, {"class_run_id": run.id}),
                (COORDINATOR, Role.SITE_COORDINATOR, {"site_id": season.site.id}),
                (ELSEWHERE, Role.SITE_COORDINATOR, {"site_id": other.id}),
                (OFFICE, Role.DISTRICT_OFFICE, {}),
                (AUDITOR, Role.AUDITOR, {}),
            ):
                season.add(self._grant(self.ids[role], held, **scope))
            self.cookies = {
                role: sign_in(session, session.get_one(Account, number), device="", address="")
                for role, number in self.ids.items()
            }

    def _grant(self, account_id: int, role: Role, **scope: int | None) -> RoleGrant:
        started = clock.today() - timedelta(days=1)
        return RoleGrant(account_id=account_id, role=role, starts_on=started, granted_at=LONG_AGO, **scope)

    def account(self) -> int:
        """Somebody else."""
        with session_scope(self.engine) as session:
            made = Account(phone=f"137{next(self.numbers):08d}", name="别人", created_at=LONG_AGO)
            session.add(made)
            session.flush()
            return made.id or 0

    def grant(self) -> tuple[int, int]:
        """A role of somebody else."""
        number = self.account()
        with session_scope(self.engine) as session:
            made = self._grant(number, Role.AUDITOR)
            session.add(made)
            session.flush()
            return number, made.id or 0

    def session_of(self, account_id: int) -> int:
        """One more session of an account."""
        with session_scope(self.engine) as session:
            sign_in(session, session.get_one(Account, account_id), device="", address="")
            return max(n or 0 for n in session.exec(select(LoginSession.id)))

    def token(self) -> int:
        """A token of the office."""
        with session_scope(self.engine) as session:
            made = ApiToken(
                account_id=self.ids[OFFICE],
                name="x",
                token_hash=f"{next(self.numbers)}",
                scopes=[],
                created_at=LONG_AGO,
            )
            session.add(made)
            session.flush()
            return made.id or 0

    def round(self) -> int:
        """A round that has closed, to be drawn."""
        with session_scope(self.engine) as session:
            number = next(self.numbers)
            made = EnrolmentRound(
                season=2026, number=number, name=f"第{number}轮", mode="lottery", opens_at=LONG_AGO,
                closes_at=LONG_AGO + timedelta(days=9), seed_secret="a secret that nobody can guess, 2026",
                announced_at=LONG_AGO,
            )  # fmt: skip
            session.add(made)
            session.flush()
            return made.id or 0

    def draw(self) -> int:
        """A draw that is frozen."""
        number = self.round()
        with session_scope(self.engine) as session:
            return freeze_round(session, self.office, number).id or 0

    def application(self, account_id: int) -> Params:
        """An application of this account's child in an open round by approval, with a place on offer."""
        now = clock.now()
        with session_scope(self.engine) as session:

            def add(row: T) -> T:
                session.add(row)
                session.flush()
                return row

            known = session.exec(select(Guardian).where(Guardian.account_id == account_id)).first()
            guardian = known or add(Guardian(account_id=account_id, name="家长", created_at=LONG_AGO))
            run = session.exec(select(ClassRun)).first()
            assert run is not None
            round_ = add(
                EnrolmentRound(
                    season=2026, number=next(self.numbers), name="开着的", mode="approval", opens_at=LONG_AGO,
                    closes_at=now + timedelta(days=1), announced_at=LONG_AGO,
                )
            )  # fmt: skip
            add(RoundClass(round_id=round_.id or 0, class_run_id=run.id or 0, places=2, min_to_open=0))
            child = add(
                Child(
                    name="张小丰", sex="male", born_on=date(2018, 3, 1), entry_year=2024, created_at=now, changed_at=now
                )
            )
            add(
                Guardianship(
                    child_id=child.id or 0, guardian_id=guardian.id or 0, relation="mother", created_at=LONG_AGO
                )
            )
            mine = add(
                Application(
                    number=new_number(), round_id=round_.id or 0, child_id=child.id or 0, guardian_id=guardian.id or 0,
                    status="submitted", weekdays=[1], created_at=now, submitted_at=now, changed_at=now,
                )
            )  # fmt: skip
            add(Wish(application_id=mine.id or 0, rank=1, class_run_id=run.id or 0))
            place = add(
                Place(
                    application_id=mine.id or 0, class_run_id=run.id or 0, rank=1, source="approval", status="offered",
                    offered_at=now, answer_by=now + timedelta(days=1),
                )
            )  # fmt: skip
            return {
                "number": mine.number, "place_id": place.id, "offer": place.id, "round_id": round_.id,
                "body": {"child": child.id, "round": round_.id},
            }  # fmt: skip


Rows = Callable[[World, str], Params]


@dataclass(frozen=True)
class For:
    """Who passes; see above."""

    allowed: tuple[str, ...]
    rows: Rows = lambda _world, _role: {}
    foreign: Rows | None = None
    foreign_is: str = HIDDEN
    anywhere: tuple[str, ...] = ()
    body: dict[str, str] = field(default_factory=dict)
    json: dict[str, object] | None = None
    denied: str = NO


OPEN = For((), rows=lambda _w, _r: {})
EVERYBODY = For(SIGNED_IN)
ONE_ACCOUNT: Rows = lambda world, _: {"id_": world.account(), "id": None}
OWN_SESSION: Rows = lambda w, role: {"id_": w.session_of(w.ids.get(role, w.ids[PLAIN]))}
OTHERS_SESSION: Rows = lambda w, _: {"id_": w.session_of(w.account())}
A_GRANT: Rows = lambda w, _: dict(zip(("id_", "grant_id"), w.grant(), strict=True))
A_TOKEN: Rows = lambda w, _: {"id_": w.token()}
A_ROUND: Rows = lambda w, _: {"round_id": w.round()}
A_DRAW: Rows = lambda w, _: {"draw_id": w.draw()}
NEW_GRANT: dict[str, object] = {"role": "auditor"}
NEW_ACCOUNT = {"phone": "13900001111", "name": "新人"}
NEW_TOKEN: dict[str, object] = {"name": "x", "scopes": ["account.see"]}
NEW_ROUND: dict[str, object] = {
    "season": 2026, "name": "x", "opens_at": "2100-01-01T00:00:00Z", "closes_at": "2100-01-02T00:00:00Z",
}  # fmt: skip


def own_application(world: World, role: str) -> Params:
    """The guardian's own, to others somebody's."""
    return world.application(world.ids[GUARDIAN] if role == GUARDIAN else world.account())


def others_application(world: World, _role: str) -> Params:
    """Somebody else's."""
    return world.application(world.account())


def of_family(body: dict[str, str] | None = None, json: dict[str, object] | None = None) -> For:
    """A route about an application: to everybody but its family it does not exist."""
    return For((GUARDIAN,), own_application, foreign=others_application, body=body or {}, json=json, denied=HIDDEN)


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
    "POST /me/sessions/{id_}/revoke": For(SIGNED_IN, OWN_SESSION, foreign=OTHERS_SESSION),
    "GET /me/password": For((LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR), foreign_is=HIDDEN),
    "POST /me/password": For((LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR), foreign_is=HIDDEN),
    # Accounts and tokens.
    "GET /office/accounts": For((OFFICE, AUDITOR)),
    "POST /office/accounts": For((OFFICE,), body=NEW_ACCOUNT),
    "GET /office/accounts/{id_}": For((OFFICE, AUDITOR), ONE_ACCOUNT),
    "POST /office/accounts/{id_}/grants": For((OFFICE,), ONE_ACCOUNT, body={"role": "auditor"}),
    "POST /office/accounts/{id_}/grants/{grant_id}/revoke": For((OFFICE,), A_GRANT),
    "POST /office/accounts/{id_}/close": For((OFFICE,), ONE_ACCOUNT),
    "POST /office/accounts/{id_}/reopen": For((OFFICE,), ONE_ACCOUNT),
    "POST /office/accounts/{id_}/sign-out": For((OFFICE,), ONE_ACCOUNT),
    "GET /office/tokens": For((OFFICE,)),
    "POST /office/tokens": For((OFFICE,)),
    "POST /office/tokens/{id_}/revoke": For((OFFICE,), A_TOKEN),
    "GET /api/v1/session": EVERYBODY,
    "GET /api/v1/session/all": EVERYBODY,
    "DELETE /api/v1/session/all": EVERYBODY,
    "DELETE /api/v1/session/all/{id}": For(SIGNED_IN, OWN_SESSION, foreign=OTHERS_SESSION),
    "GET /api/v1/accounts": For((OFFICE, AUDITOR)),
    "POST /api/v1/accounts": For((OFFICE,), json=dict(NEW_ACCOUNT)),
    "GET /api/v1/accounts/{id}": For((OFFICE, AUDITOR), ONE_ACCOUNT),
    "POST /api/v1/accounts/{id}/grants": For((OFFICE,), ONE_ACCOUNT, json=NEW_GRANT),
    "DELETE /api/v1/accounts/{id}/grants/{grant_id}": For((OFFICE,), A_GRANT),
    "GET /api/v1/tokens": For((OFFICE,)),
    "POST /api/v1/tokens": For((OFFICE,), json=NEW_TOKEN),
    "DELETE /api/v1/tokens/{id}": For((OFFICE,), A_TOKEN),
    # The draw.
    "GET /office/rounds/{round_id}/draw": For((OFFICE,), A_ROUND),
    "POST /office/rounds/{round_id}/draw/freeze": For((OFFICE,), A_ROUND),
    "POST /office/draws/{draw_id}/queue": For((OFFICE,), A_DRAW),
    "POST /office/draws/{draw_id}/stop": For((OFFICE,), A_DRAW),
    "POST /office/draws/{draw_id}/publish": For((OFFICE,), A_DRAW),
    "GET /enrol/rounds/{round_id}/frozen.json": OPEN,
    "GET /enrol/rounds/{round_id}/certificate.json": OPEN,
    "GET /enrol/verify_draw.py": OPEN,
    # Enrolment: rounds for everybody, applications for their families.
    "GET /enrol": OPEN,
    "GET /enrol/rounds/{round_id}": OPEN,
    "GET /enrol/rounds/{round_id}/notice": OPEN,
    "POST /enrol/rounds/{round_id}/start": of_family(),
    "GET /enrol/applications/{number}": of_family(),
    "GET /enrol/applications/{number}/wishes": of_family(),
    "POST /enrol/applications/{number}/wishes": of_family({"do": "up"}),
    "GET /enrol/applications/{number}/review": of_family(),
    "POST /enrol/applications/{number}/submit": of_family(),
    "GET /enrol/applications/{number}/receipt": of_family(),
    "GET /enrol/applications/{number}/withdraw": of_family(),
    "POST /enrol/applications/{number}/withdraw": of_family(),
    "POST /enrol/offers/{place_id}/confirm": of_family(),
    "GET /enrol/offers/{place_id}/decline": of_family(),
    "POST /enrol/offers/{place_id}/decline": of_family(),
    "GET /api/v1/rounds": OPEN,
    "POST /api/v1/rounds": For((OFFICE,), json=NEW_ROUND),
    "GET /api/v1/rounds/{round}": OPEN,
    "PUT /api/v1/rounds/{round}": For((OFFICE,), json=NEW_ROUND),
    "POST /api/v1/rounds/{round}/announce": For((OFFICE,)),
    "POST /api/v1/rounds/{round}/cancel": For((OFFICE,)),
    "GET /api/v1/rounds/{round}/classes": OPEN,
    "PUT /api/v1/rounds/{round}/classes": For((OFFICE,), json={"items": []}),
    "GET /api/v1/rounds/{round}/notice": OPEN,
    "GET /api/v1/applications": EVERYBODY,
    "POST /api/v1/applications": of_family(json={}),
    "GET /api/v1/applications/{number}": of_family(),
    "PUT /api/v1/applications/{number}": of_family(json={"version": 1, "wishes": [1]}),
    "POST /api/v1/applications/{number}/submit": of_family(json={"request_key": "a key of the test"}),
    "POST /api/v1/applications/{number}/withdraw": of_family(),
    "POST /api/v1/applications/{number}/approve": For(
        (COORDINATOR, OFFICE), others_application, json={"class_run": 1}, denied=HIDDEN
    ),
    "POST /api/v1/applications/{number}/reject": For(
        (COORDINATOR, OFFICE), others_application, json={"reason": "x"}, denied=HIDDEN
    ),
    "POST /api/v1/offers/{offer}/confirm": of_family(),
    "POST /api/v1/offers/{offer}/decline": of_family(),
    # Signing out comes last: it ends the session of the role that asks.
    "POST /sign-out": OPEN,
}
OPEN_BELOW = ("GET /api/v1/weeks", "GET /api/v1/drafts")
"""The interface of the weeks, which nobody needs to sign in for: each is asked as `OPEN`."""


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


def asked(app: FastAPI, world: World, role: str, name: str, line: For, params: Params) -> Response:
    """The answer to a role."""
    browser = TestClient(app, headers={"Origin": "http://testserver"}, follow_redirects=False)
    if role != NOBODY:
        browser.cookies.set(SESSION_COOKIE, world.cookies[role])
    method, path = name.split(" ", 1)
    for hole in re.findall(r"{(\w+)}", path):
        value = params.get(hole) or params.get(f"{hole}_") or {"week": "2026-07-06"}.get(hole, 1)
        path = path.replace(f"{{{hole}}}", str(value))
    more = params.get("body", {})
    if line.json is not None:
        return browser.request(method, path, json={**line.json, **more})
    return (
        browser.request(method, path, data={**line.body, **more}) if method == "POST" else browser.request(method, path)
    )


def came_out(answer: Response) -> str:
    """What the answer says about permission."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next")
    if to_sign_in or answer.status_code == 401:
        return SIGN_IN
    assert answer.status_code < 500, answer.text
    return {403: NO, 404: HIDDEN}.get(answer.status_code, YES)


def should(line: For, role: str, *, is_foreign: bool, name: str) -> str:
    """What the line says."""
    if role == NOBODY:
        return SIGN_IN
    if role not in line.allowed:
        return HIDDEN if name.endswith("/me/password") and name.startswith("GET") else line.denied
    return line.foreign_is if is_foreign and role not in line.anywhere else YES


def test_every_role_gets_what_its_line_says(app: FastAPI, world: World) -> None:
    wrong, table = [], []
    for name in [n for n in ROUTES if n in routes(app)]:
        line = ROUTES[name]
        for is_foreign in (False, True) if line.foreign else (False,):
            rows = line.foreign if is_foreign and line.foreign else line.rows
            found = {role: _answer(app, world, role, name, line, rows) for role in ROLES}
            if line is OPEN:
                wrong += [(name, role, found[role]) for role in ROLES if found[role] in (NO, SIGN_IN)]
            else:
                wanted = {role: should(line, role, is_foreign=is_foreign, name=name) for role in ROLES}
                wrong += [(name, role, found[role], wanted[role]) for role in ROLES if found[role] != wanted[role]]
            told = dict.fromkeys(ROLES, YES) if line is OPEN else found
            table.append((name + (" (another's)" if is_foreign else ""), told))
    assert wrong == []
    assert TABLE.read_text(encoding="utf-8") == written(table), f"roles-routes.md should be:\n\n{written(table)}"


def _answer(app: FastAPI, world: World, role: str, name: str, line: For, rows: Rows) -> str:
    answer = asked(app, world, role, name, line, rows(world, role))
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


def test_an_attempt_on_somebody_elses_row_is_logged(app: FastAPI, world: World) -> None:
    """The grant of a coordinator who may grant nothing leaves no role, and one line in the access log."""
    before = _log(world)
    number = world.account()
    name = "POST /office/accounts/{id_}/grants"
    assert asked(app, world, COORDINATOR, name, ROUTES[name], {"id_": number}).status_code == 403
    assert _log(world) == [*before, (world.ids[COORDINATOR], "role.grant", "account", number, True)]
    with session_scope(world.engine) as session:
        assert session.exec(select(RoleGrant).where(RoleGrant.account_id == number)).all() == []


def _log(world: World) -> list[tuple[object, ...]]:
    with session_scope(world.engine) as session:
        lines = session.exec(select(AccessLog)).all()
        return [(one.account_id, one.action, one.subject, one.subject_id, one.is_refused) for one in lines]
