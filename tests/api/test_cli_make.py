"""`qingzai roster make`: what is solved, stored and said; Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, delete, select
from typer.testing import CliRunner, Result
from workbooks import SmallWorkbook

from api.cli import app
from registry.db import make_engine, session_scope
from registry.exchange import import_workbook
from registry.programme import ClassRun
from registry.rostering.drafts import latest_done
from registry.rostering.tables import RosterDraft
from scheduler import check, cost, read_problem, read_result, read_roster

QINGZAI = [sys.executable, "-c", "from api.cli import main; main()"]
ROOT = Path(__file__).parent.parent.parent


def make(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["roster", "make", *arguments])


@pytest.fixture
def filled(database_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database with the small district; commands work on it."""
    yield from holding(small.write(), database_url, monkeypatch)


@pytest.fixture
def town_url(sqlite_url: str, district_workbook: Path) -> str:
    """A database with some sites of a district: enough work for minutes, and a first roster within seconds."""
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        import_workbook(session, district_workbook)
        session.execute(delete(ClassRun).where(col(ClassRun.site_id) > 12))
    engine.dispose()
    return sqlite_url


def holding(workbook: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The database, filled from a workbook."""
    monkeypatch.setenv("QINGZAI_DATABASE_URL", url)
    engine = make_engine(url)
    with session_scope(engine) as session:
        import_workbook(session, workbook)
    yield engine
    engine.dispose()


def drafts(engine: Engine) -> list[RosterDraft]:
    """All drafts, the first first."""
    with session_scope(engine) as session:
        return list(session.exec(select(RosterDraft).order_by("id")))


def test_a_draft_is_made_and_stored(filled: Engine) -> None:
    result = make("--week", "2026-07-06", "--seconds", "2", "--workers", "1", "--seed", "3")
    [made] = drafts(filled)
    assert (result.exit_code, made.status, made.week.isoformat()) == (0, "done", "2026-07-06")
    assert (made.seconds, made.workers, made.seed) == (2, 1, 3)
    problem = read_problem(made.problem_json)
    assert made.roster_json is not None
    roster, stated = read_roster(made.roster_json, problem), read_result(made.roster_json)
    assert check(problem, roster).violations == ()
    assert stated is not None
    assert stated.cost == cost(problem, roster)


def test_what_is_said(filled: Engine) -> None:
    """Two carers, 20 children: on Monday both come in the morning and at noon, the student alone in the afternoon;
    from Tuesday on nobody. Each of the 15 parts of the day needs two adults: 30 - 5 = 25 places open. Of the 14 parts
    short of someone one is a place short of the minimum of two, and 13 or 14 lack a lead."""
    result = make("--week", "2026-07-06", "--seconds", "2", "--no-progress")
    assert result.stderr == (
        "the week of 2026-07-06: 1 classes at 1 sites, 2 volunteers (2 of them cleared); "
        "searching for at most 2 s, Ctrl-C keeps the best so far\n"
        "look at it: qingzai serve\n"
    )
    lines = result.stdout.splitlines()
    assert lines[0] == "the roster of the week of 2026-07-06 is stored as draft 1"
    assert lines[1].startswith("  safety: 25 places for adults are open, ")
    assert [line.partition(":")[0] for line in lines] == [lines[0], "  safety", "  programme", "  quality"]


def test_in_chinese(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    result = make("--week", "2026-07-06", "--seconds", "1")
    assert result.stdout.startswith("2026-07-06 这一周的排班已存为草稿 1\n  安全：")
    assert result.stderr.endswith("在网页上看：qingzai serve\n")


def test_progress(filled: Engine) -> None:
    lines = make("--week", "2026-07-06", "--seconds", "2", "--progress").stderr.splitlines()
    assert [line for line in lines if " · done · safety gaps: " in line] == [lines[-2]]


def test_each_run_makes_another_draft(filled: Engine) -> None:
    for number in (1, 2):
        result = make("--week", "2026-07-06", "--seconds", "1")
        assert f"is stored as draft {number}" in result.stdout
    assert [d.status for d in drafts(filled)] == ["done", "done"]


def test_an_understaffed_week_is_no_error(
    sqlite_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is cleared: every place stays open, and that is a roster too."""
    small.change("志愿者", 2, 从业查询日期="").change("志愿者", 3, 从业查询日期="")
    for engine in holding(small.write(), sqlite_url, monkeypatch):
        result = make("--week", "2026-07-06", "--seconds", "1")
        assert (result.exit_code, [d.status for d in drafts(engine)]) == (0, ["done"])
        assert "2 volunteers (0 of them cleared)" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_stores_the_best_so_far(town_url: str) -> None:
    environment = os.environ | {"QINGZAI_DATABASE_URL": town_url, "QINGZAI_LANG": "en"}
    command = [*QINGZAI, "roster", "make", "--week", "2026-07-13", "--seconds", "300", "--progress"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as running:
        assert running.stderr
        while " s · " not in running.stderr.readline():  # until there is a first roster
            assert running.poll() is None
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, said = running.communicate(timeout=30)
    assert (running.returncode, said.splitlines()[-2:]) == (
        0, ["interrupted: storing the best so far", "look at it: qingzai serve"],
    )  # fmt: skip
    assert time.monotonic() - began < 15
    engine = make_engine(town_url)
    with session_scope(engine) as session:
        found = latest_done(session)
    engine.dispose()
    assert found is not None
    assert len((found.roster_json or {})["duties"]) > 100


def test_a_database_that_fails_is_told_in_one_sentence(
    sqlite_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read-only, locked, full: all look alike to the command. A table that is gone stands for them."""
    for engine in holding(small.write(), sqlite_url, monkeypatch):
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE roster_draft")
        result = make("--week", "2026-07-06", "--seconds", "1")
        assert (result.exit_code, result.output) == (
            2,
            "the database cannot be used: no such table: roster_draft. "
            "See whether it is read-only, the disk is full, or another program holds it\n",
        )
