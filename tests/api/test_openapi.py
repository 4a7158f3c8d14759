"""Whatever the interface's own description allows, and much that it forbids, is asked of it: every answer is one that
the description names, in the shape it names, and none is a crash."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from sqlmodel import select
from thorough import as_many

from api.app import create_app
from api.settings import Settings
from registry import clock
from registry.accounts.permissions import Action
from registry.accounts.sessions import token_hash
from registry.accounts.tables import Account, ApiToken, Role, RoleGrant
from registry.db import make_engine, session_scope
from registry.duties.publish import publish
from registry.families.tables import Guardian
from registry.rostering.tables import RosterDraft

DESCRIPTION = "/api/v1/openapi.json"
PATHS = create_app(Settings("sqlite:///never-opened.db")).openapi()["paths"]
OPERATIONS = sorted((path, method.upper()) for path, methods in PATHS.items() for method in methods)
WEEKS = [path for path in sorted(PATHS) if path.startswith("/api/v1/weeks")]
"""Anybody may read these. The small workbook's week, which is published, has something for each of them to tell."""
DRAFTS = [path for path in sorted(PATHS) if path.startswith("/api/v1/drafts")]
"""The same for staff."""
THERE = {"week": "2026-07-06", "draft": 1, "classes": "c1", "sites": "s1", "volunteers": "v1"}
THERE |= {"segments": "1-am", "slots": "1-1", "domains": "aesthetic"}
"""What that week holds, by the name of a path's parameter or by what stands before it."""
TOKEN = {"Authorization": "Bearer a-token-that-may-do-everything"}
OPEN = ("/api/v1/rounds", "/api/v1/purposes", "/api/v1/verify")
"""What else may be read without a sign-in."""
BY_LINK = ("/api/v1/duty-links", "/api/v1/swap-links")
"""Whoever holds a link needs no sign-in; any other token is refused."""
MODES = {"sound": GenerationMode.POSITIVE, "wrong": GenerationMode.NEGATIVE}


def few(examples: int) -> settings:
    """The same few examples in every run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def described(week_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The interface on a database of its own, with somebody who is office and guardian and has a token."""
    path = tmp_path_factory.mktemp("openapi") / "qingzai.db"
    shutil.copy(Path(week_url.removeprefix("sqlite:///")), path)
    engine = make_engine(f"sqlite:///{path}")
    with session_scope(engine) as session:
        account = Account(phone="13800138000", name="众", created_at=clock.now())
        session.add(account)
        session.flush()
        number = account.id or 0
        session.add(Guardian(account_id=number, name="众", created_at=clock.now()))
        begun = {"starts_on": date(2026, 1, 1), "granted_at": clock.now()}
        session.add(RoleGrant(account_id=number, role=Role.DISTRICT_OFFICE.value, **begun))
        hashed, scopes = token_hash(TOKEN["Authorization"].removeprefix("Bearer ")), [a.value for a in Action]
        session.add(ApiToken(account_id=number, name="x", token_hash=hashed, scopes=scopes, created_at=clock.now()))
        draft = session.exec(select(RosterDraft)).one()
        assert draft.roster_json is not None
        publish(session, draft.week, draft.problem_json, draft.roster_json, seed=draft.seed)
    engine.dispose()
    yield schemathesis.openapi.from_asgi(DESCRIPTION, create_app(Settings(f"sqlite:///{path}")))


def test_all_operations_are_described() -> None:
    assert len(OPERATIONS) >= 81
    assert all(path.startswith("/api/v1/") for path in PATHS)


@pytest.mark.parametrize("path", [*WEEKS, *DRAFTS])
def test_every_answer_about_what_is_there_is_as_described(described: Any, path: str) -> None:
    """By chance alone hardly any path would name a week that has a roster. First of all: others take the token away."""
    codes = set()

    @few(6)
    @given(case=described[path]["GET"].as_strategy())
    def ask(case: Case) -> None:
        for name in case.path_parameters:
            before = path.partition("/{" + name)[0].rpartition("/")[2]
            case.path_parameters[name] = THERE.get(name) or THERE[before]
        headers = TOKEN if path in DRAFTS else {}
        codes.add(case.call_and_validate(headers=headers, excluded_checks=[ignored_auth]).status_code)

    ask()
    assert codes == {200}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_described(described: Any, path: str, method: str, mode: str) -> None:
    operation = PATHS[path][method.lower()]
    if mode == "wrong" and not (operation.get("parameters") or operation.get("requestBody")):
        return  # there is nothing that could be wrong

    @few(as_many(3, 6) if path in (*WEEKS, *DRAFTS) else as_many(2, 3))
    @given(case=described[path][method].as_strategy(generation_mode=MODES[mode]))
    def ask(case: Case) -> None:
        # A schema cannot say that a date is a Monday or that a child exists: such a request may be refused.
        case.call_and_validate(
            headers={} if path in WEEKS else TOKEN, excluded_checks=[positive_data_acceptance, ignored_auth]
        )

    ask()


@pytest.mark.parametrize(("path", "method"), [o for o in OPERATIONS if o[0] not in WEEKS])
def test_without_a_sign_in_nothing_is_done(described: Any, path: str, method: str) -> None:
    """What is not open to everybody answers 401, in the one shape."""
    codes = set()

    @few(as_many(1, 2))
    @given(case=described[path][method].as_strategy())
    def ask(case: Case) -> None:
        answer = case.call(headers={"Origin": "http://testserver"})
        codes.add(answer.status_code if answer.status_code == 401 or method != "GET" else 200)

    ask()
    if path.startswith(BY_LINK):
        assert 401 not in codes
    else:
        assert codes in ({401}, {200} if path.startswith(OPEN) else {401})
