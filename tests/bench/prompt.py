"""How long somebody waits for a small repair: `PYTHONPATH=.:tests python tests/bench/prompt.py`.

An absence in a site's week is reported again and again, in an SQLite file with the runner that `serve` has. Printed are
the seconds until a process works on it and until it is done, in a process that is started for it and in one that waits
ready, alone and while a town's week is being solved.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

from longwork import a_long_solve, stored, wait_for
from mended import MONDAY, solved_site
from sqlalchemy import Engine

from api import jobs
from api.supervise import Spare
from registry import clock
from registry.board.tables import RosterBoard
from registry.db import make_engine, migrate, session_scope
from registry.engine.repairs import damaged
from registry.repairs.causes import ABSENT, Cause, with_cause
from registry.repairs.tables import BoardRepair
from registry.repairs.work import queue_repair

TIMES = 5
IDLE = 8.0
"""Seconds in which the process for the next repair loads."""


def main() -> None:
    """Print the table."""
    print("| process | beside | s until begun | s until done |", "|---|---|---|---|", sep="\n", flush=True)
    for is_warm in (False, True):
        for is_busy in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{folder}/prompt.db"
                migrate(url)
                begun, done = _measured(url, is_warm=is_warm, is_busy=is_busy)
            names = ("ready" if is_warm else "started for it", "a solve" if is_busy else "nothing")
            print("| " + " | ".join([*names, f"{begun:.2f}", f"{done:.2f}"]) + " |", flush=True)


def _measured(url: str, *, is_warm: bool, is_busy: bool) -> tuple[float, float]:
    engine, runner = make_engine(url), jobs.Runner(url)
    if not is_warm:
        runner._spare = _Nothing(url)
    board = _board(engine)
    runner.start()
    if is_busy:
        solve = a_long_solve(engine)
        wait_for(lambda: stored(engine, solve).progress_json is not None)
    found = [_one(engine, board) for _ in range(TIMES)]
    runner.stop()
    engine.dispose()
    return statistics.median(begun for begun, _ in found), statistics.median(done for _, done in found)


class _Nothing(Spare):
    def get_ready(self) -> None:
        """Never."""


def _board(engine: Engine) -> int:
    problem, roster = solved_site()
    with session_scope(engine) as session:
        made = RosterBoard(
            week=MONDAY, problem_json=problem, roster_json=roster, opened_at=clock.now(), changed_at=clock.now()
        )
        session.add(made)
        session.flush()
        return made.id or 0


def _one(engine: Engine, board: int) -> tuple[float, float]:
    time.sleep(IDLE)
    problem, roster = solved_site()
    away = with_cause(problem, Cause(ABSENT, (1,), roster["duties"][0]["volunteer"]))
    began = time.monotonic()
    with session_scope(engine, is_writing=True) as session:
        made = BoardRepair(
            board_id=board, revision=0, seed=1, causes_json=[{"kind": ABSENT}], without_json=[], sites_json=[],
            problem_json=damaged(problem, roster, away, seed=1, frozen_before=None), asked_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        number = queue_repair(session, made).id or 0

    def until(happens: Callable[[], bool]) -> float:
        while not happens():
            time.sleep(0.02)
        return time.monotonic() - began

    return (
        until(lambda: stored(engine, number).started_at is not None),
        until(lambda: stored(engine, number).status == "done"),
    )


if __name__ == "__main__":
    main()
