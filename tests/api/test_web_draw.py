"""The draw as the office sees it, step by step, and what everybody may take away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from asking import TestClient
from httpx2 import Response
from seasons import SmallSeason
from sqlalchemy import Engine
from sqlmodel import select

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, RoleGrant
from registry.db import make_engine, session_scope, sessions
from registry.enrolment.draws import run_draw
from registry.enrolment.tables import Application


@pytest.fixture
def season(sqlite_url: str) -> Iterator[tuple[SmallSeason, Engine]]:
    """A round that has closed: two places, three children."""
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        made = SmallSeason(session)
        run = made.class_run(2, name="甲班")
        for _ in range(3):
            made.apply(made.child(name="欧阳小雨"), run)
    yield made, engine
    engine.dispose()


def client(url: str, engine: Engine, account_id: int | None, role: str | None = None) -> TestClient:
    """A browser, signed in with this role for the whole district, or not at all."""
    made = TestClient(create_app(Settings(url)), headers={"Origin": "http://testserver"}, follow_redirects=False)
    if account_id is not None:
        with session_scope(engine) as session:
            account = session.get_one(Account, account_id)
            if role:
                session.add(
                    RoleGrant(
                        account_id=account_id, role=role, starts_on=date(2026, 1, 1), granted_at=account.created_at
                    )
                )
            made.cookies.set(SESSION_COOKIE, sign_in(session, account, device="test", address="test"))
    return made


def shown(response: Response) -> str:
    assert response.status_code == 200, response.text
    return response.text


def test_a_draw_step_by_step(sqlite_url: str, season: tuple[SmallSeason, Engine]) -> None:
    made, engine = season
    office = client(sqlite_url, engine, made.office.account_id, "district_office")
    page = f"/office/rounds/{made.round.id}/draw"
    assert "/draw/freeze" in shown(office.get(page))
    assert office.post(f"{page}/freeze").headers["location"] == page
    assert "揭晓种子并摇号" in shown(office.get(page))
    assert office.post("/office/draws/1/queue").status_code == 303
    assert 'http-equiv="refresh"' in shown(office.get(page))
    run_draw(sessions(engine), 1, seconds=20, workers=1)
    assert "公布结果" in shown(office.get(page))
    assert office.get(f"/enrol/rounds/{made.round.id}/certificate.json").status_code == 404
    assert office.post("/office/draws/1/publish").status_code == 303
    assert "下载证书" in shown(office.get(page))
    assert office.post("/office/draws/1/publish").status_code == 409


def test_anybody_verifies_a_published_draw(sqlite_url: str, season: tuple[SmallSeason, Engine], tmp_path: Path) -> None:
    made, engine = season
    office, nobody = (
        client(sqlite_url, engine, made.office.account_id, "district_office"),
        client(sqlite_url, engine, None),
    )
    office.post(f"/office/rounds/{made.round.id}/draw/freeze")
    frozen = nobody.get(f"/enrol/rounds/{made.round.id}/frozen.json").json()
    office.post("/office/draws/1/queue")
    run_draw(sessions(engine), 1, seconds=20, workers=1)
    office.post("/office/draws/1/publish")
    text = nobody.get(f"/enrol/rounds/{made.round.id}/certificate.json").text
    (tmp_path / "certificate.json").write_text(text, encoding="utf-8")
    (tmp_path / "verify_draw.py").write_text(nobody.get("/enrol/verify_draw.py").text, encoding="utf-8")
    command = [sys.executable, "-I", "verify_draw.py", "certificate.json", frozen["commitment"]]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    with session_scope(engine) as session:
        numbers = [a.number for a in session.exec(select(Application))]
    assert [n for n in numbers if n in text or n in json.dumps(frozen)] == []
    assert "欧阳" not in text


@pytest.mark.parametrize("role", ["site_coordinator", "auditor", None])
def test_nobody_but_the_office_runs_a_draw(
    sqlite_url: str, season: tuple[SmallSeason, Engine], role: str | None
) -> None:
    made, engine = season
    browser = client(sqlite_url, engine, made.office.account_id, role)
    page = f"/office/rounds/{made.round.id}/draw"
    assert browser.get(page).status_code == 403
    assert browser.post(f"{page}/freeze").status_code == 403


def test_who_is_not_signed_in_is_led_to_sign_in(sqlite_url: str, season: tuple[SmallSeason, Engine]) -> None:
    made, engine = season
    answer = client(sqlite_url, engine, None).get(f"/office/rounds/{made.round.id}/draw")
    assert (answer.status_code, answer.headers["location"]) == (
        303, f"/sign-in?next=%2Foffice%2Frounds%2F{made.round.id}%2Fdraw",
    )  # fmt: skip
