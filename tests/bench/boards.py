"""How long the board takes to answer on a district week: every request that an edit, a drag or a menu makes.

    python tests/bench/boards.py qingzai-demo.db [-n 60] [-o tests/bench/results/boards.md]

The database is one that `qingzai demo --no-serve` has made (or any SQLite file with a finished draft); a copy of it is
worked on. What is measured is the whole application from request to response: permissions, the database with its
commit, the rules, the page; not the network.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, cast

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.access import SESSION_COOKIE
from api.app import create_app
from api.ready import read_ahead
from api.settings import Settings
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, Role, RoleGrant
from registry.board.boards import open_board
from registry.db import make_engine, migrate, session_scope
from registry.engine.boards import Position, read_roster, write_entry
from registry.engine.rosters import read
from registry.rostering.drafts import weeks_done

GOAL = 150
"""Milliseconds within which every answer has to be there."""


class Bench:
    """A copy of a database, its board, and a browser of the office at one of two processes."""

    def __init__(self, url: str, web: TestClient, other: TestClient, r: Random) -> None:
        self.web, self.other, self.r, self.times = web, other, r, dict[str, list[float]]()
        self.work = dict[str, list[float]]()
        engine = make_engine(url)
        with session_scope(engine, is_writing=True) as session:
            office = select(RoleGrant.account_id).where(RoleGrant.role == Role.DISTRICT_OFFICE.value)
            account = session.exec(select(Account).where(col(Account.id).in_(office))).first()
            assert account is not None
            for browser in (web, other):
                browser.cookies.set(SESSION_COOKIE, sign_in(session, account, device="", address=""))
            self.week = sorted(weeks_done(session))[-1]
            board = open_board(session, self.week)
            problem = read(board.problem_json)
            self.position = Position(problem, read_roster(board.roster_json, problem))
        engine.dispose()
        self.api, self.page = f"/api/v1/boards/{self.week}", f"/board/{self.week}"

    def ask(self, name: str, method: str, path: str, web: TestClient | None = None, **sent: Any) -> Any:
        """A request, timed under a name."""
        begun, worked = time.perf_counter(), time.process_time()
        answer = (web or self.web).request(method, path, **sent)
        self.times.setdefault(name, []).append(1000 * (time.perf_counter() - begun))
        self.work.setdefault(name, []).append(1000 * (time.process_time() - worked))
        assert answer.status_code < 400, (name, answer.status_code, answer.text[:300])
        return answer

    def change(self, kind: str, entry: dict[str, Any], **more: Any) -> None:
        """An edit, then its undoing."""
        revision = self.web.get(self.api).json()["revision"]
        sent = {"kind": kind, "entry": entry, "revision": revision, "let_stand": True, **more}
        try:
            self.ask(f"edit: {kind}", "POST", f"{self.api}/edits", json=sent)
        except AssertionError as error:  # By chance a check or a ban is in the way, which nothing overrides.
            assert "rules_stand" in str(error) or "already_here" in str(error), error
            self.times[f"edit: {kind}"].pop()
            self.work[f"edit: {kind}"].pop()
            return
        site = self.position.problem.class_run[entry["class"]].site
        seen = "page of a site, where another process has changed the board"
        self.ask(seen, "GET", f"{self.page}/sites/{site}?by=class", self.other)
        self.ask("undo", "POST", f"{self.api}/undo")
        self.ask(seen, "GET", f"{self.page}/sites/{site}?by=class", self.other)

    def round(self) -> None:
        """Each kind of question once, about entries by chance."""
        problem, roster, r = self.position.problem, self.position.roster, self.r
        duty, other = r.sample(sorted(roster.duties, key=repr), 2)
        lesson = r.choice(sorted(roster.lessons, key=repr))
        one, two, course = write_entry(duty), write_entry(other), write_entry(lesson)
        site = problem.class_run[duty.class_run].site
        at, teaching = f"{self.api}/sites/{site}", problem.class_run[lesson.class_run].site
        self.ask("drag a duty: every place of the site", "POST", f"{at}/targets", json=one)
        self.ask("drag a duty, by volunteer", "POST", f"{at}/targets?by=volunteer", json=one)
        self.ask("drag a lesson", "POST", f"{self.api}/sites/{teaching}/targets", json=course)
        self.ask("drag from the tray", "POST", f"{at}/targets", json={"volunteer": other.volunteer})
        run = r.choice(problem.classes)
        self.ask("effect of a move", "POST", f"{self.api}/effect", json={
            "kind": "move", "entry": one, "to": {"class": run.id, "segment": r.choice(run.segments)}, "revision": 0,
        })  # fmt: skip
        self.ask("who can fill this", "GET", f"{self.api}/classes/{duty.class_run}/segments/{duty.segment}/people")
        self.ask("who can teach this", "GET", f"{self.api}/classes/{lesson.class_run}/segments/{lesson.slot}/people")
        self.change("remove", one)
        self.change("swap", one, other=two)
        self.change("move", one, to={"class": run.id, "segment": r.choice(run.segments)})
        self.change("pin", one)
        self.change("remove", course)
        for by in ("class", "volunteer", "course", "room"):
            self.ask(f"page of a site, by {by}", "GET", f"{self.page}/sites/{site}?by={by}")
        self.ask("menu of a piece", "GET", f"{self.page}/sites/{site}/moves", params={"entry": json.dumps(one)})
        self.ask("page: who can fill this", "GET", f"{self.page}/sites/{site}/cells/{duty.class_run}/{duty.segment}")
        self.ask("page of all sites", "GET", self.page)


@contextmanager
def on_a_copy(database: Path) -> Iterator[tuple[str, TestClient, TestClient]]:
    """The application on a copy of a database, and once more as another process has it: with a memory of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "board.db"
        shutil.copy(database, copy)
        migrate(url := f"sqlite:///{copy}")
        origin = {"Origin": "http://testserver"}
        with (
            TestClient(create_app(Settings(url)), headers=origin) as web,
            TestClient(create_app(Settings(url)), headers=origin) as other,
        ):
            yield url, web, other


def table(times: dict[str, list[float]], work: dict[str, list[float]]) -> str:
    """A row for each kind of question."""
    lines = ["| answer | n | p50 ms | p95 ms | most ms | p50 CPU | p95 CPU |", "|---|--:|--:|--:|--:|--:|--:|"]
    for name, several in times.items():
        shown = (
            statistics.median(several),
            _p95(several),
            max(several),
            statistics.median(work[name]),
            _p95(work[name]),
        )
        lines.append(f"| {name} | {len(several)} | {' | '.join(f'{n:.0f}' for n in shown)} |")
    return "\n".join(lines)


def _p95(several: list[float]) -> float:
    return statistics.quantiles(several, n=20, method="inclusive")[-1] if len(several) > 1 else several[0]


def report(bench: Bench, ahead: float, first: float) -> str:
    """The table with what it was measured on."""
    problem, cpu = bench.position.problem, _cpu()
    head = f"""# Answers of the board

A week of {len(problem.sites)} sites, {len(problem.classes)} classes, {len(problem.volunteers)} volunteers,
{len(bench.position.roster.duties)} duties and {len(bench.position.roster.lessons)} lessons; {os.cpu_count()} cores
({cpu}), Python {platform.python_version()}, SQLite. From request to response, the goal is {GOAL} ms. A server that
starts reads ahead for {ahead / 1000:.1f} s beside its first answers (templates, the newest board); the first page of
the board after that: {first:.0f} ms. Load of the machine when it ended: {os.getloadavg()[0]:.0f} (other work
stretches the times; the CPU columns are what the answers themselves cost).

Again: `python tests/bench/boards.py qingzai-demo.db`.

"""
    return head + table(bench.times, bench.work) + "\n"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), platform.machine())


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    """Print a table, and write it where asked to."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("database", type=Path)
    asked.add_argument("-n", type=int, default=60)
    asked.add_argument("-o", type=Path)
    given = asked.parse_args()
    with on_a_copy(given.database) as (url, web, other):
        bench = Bench(url, web, other, Random(1))
        ahead = timed(lambda: read_ahead(cast(FastAPI, web.app)).join())
        first = timed(lambda: web.get(bench.page))
        other.get(bench.page)
        for _ in range(given.n):
            bench.round()
        told = report(bench, ahead, first)
    print(told)
    if given.o:
        given.o.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
