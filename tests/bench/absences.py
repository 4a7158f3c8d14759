"""Random absences in a district week, each from the report to the repaired draft: `python tests/bench/absences.py`.

`[ROSTER] [N]`: the roster file that the board begins with (else one is solved in 90 s), and how many absences (50). The
board lies in an SQLite file; each absence, somebody engaged away from one random weekday to another, is reported by the
action behind the page and worked out by the process that the server starts for it. So the seconds are those that a
coordinator waits: reading and writing the week, the search in a process that waits ready as in a server, and the check
of what it found. The repair is put aside again before the next.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from weeks import week

from api.jobs import Runner
from registry import clock
from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Account, Role
from registry.board.tables import RosterBoard
from registry.db import Sessions, make_engine, migrate, sessions
from registry.engine.rosters import solve_problem
from registry.repairs.asking import Report, report
from registry.repairs.deciding import RepairView, drop_repair, see_repair

MONDAY = date(2090, 7, 3)
SITES, SEED, SOLVING = 72, 1, 90.0
READY_AFTER = 10.0
"""Seconds until the process that waits for the first repair has loaded all."""
LOOKS_EVERY = 0.25
"""Seconds between two looks at whether it is done; the page takes one."""
HEAD = "| away | days | entries lost | s | safety left | programme left | people | changes |"


def main(roster: str = "", n: str = "50") -> None:
    """Print the table while it grows."""
    problem = week(SITES, SEED)
    found = json.loads(Path(roster).read_text(encoding="utf-8")) if roster else _solved(problem)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/absences.db"
        migrate(url)
        made, runner = sessions(make_engine(url)), Runner(url)
        boss = _board(made, problem, found)
        runner.start()
        time.sleep(READY_AFTER)
        print(f"Published: {found['result']['cost']}", "", HEAD, "|" + "---|" * 8, sep="\n", flush=True)
        rows = [_one(made, boss, *one) for one in _drawn(problem, found, int(n))]
        runner.stop()
    print("", _summary(rows), sep="\n")


def _solved(problem: dict[str, Any]) -> dict[str, Any]:
    return solve_problem(problem, seconds=SOLVING, workers=2, seed=1)


def _board(made: Sessions, problem: dict[str, Any], roster: dict[str, Any]) -> Actor:
    with made() as session:
        now = clock.now()
        account = Account(phone="13900000000", name="bench", created_at=now)
        files = {"problem_json": problem, "roster_json": {k: v for k, v in roster.items() if k != "result"}}
        session.add_all([account, RosterBoard(week=MONDAY, opened_at=now, changed_at=now, **files)])
        session.flush()
        return Actor(account.id or 0, "bench", (Held(Role.DISTRICT_OFFICE),))


def _drawn(problem: dict[str, Any], roster: dict[str, Any], n: int) -> list[tuple[str, int, int, int]]:
    """Who is away from which weekday to which, and how many entries that takes; at least one."""
    weekday = {s["id"]: s["weekday"] for s in problem["segments"]}
    weekday |= {s["id"]: weekday[s["segment"]] for s in problem["slots"]}
    days: dict[str, list[int]] = {}
    for d in roster["duties"]:
        days.setdefault(d["volunteer"], []).append(weekday[d["segment"]])
    for x in roster["lessons"]:
        days.setdefault(x["instructor"], []).append(weekday[x["slot"]])
    dice, drawn = random.Random(SEED), []
    while len(drawn) < n:
        who, first, last = dice.choice(sorted(days)), *sorted(dice.choices(sorted(set(weekday.values())), k=2))
        if lost := sum(first <= day <= last for day in days[who]):
            drawn.append((who, first, last, lost))
    return drawn


def _one(made: Sessions, boss: Actor, who: str, first: int, last: int, lost: int) -> dict[str, Any]:
    began = time.monotonic()
    with made(is_writing=True) as session:
        number = report(session, boss, MONDAY, [Report("absent", who, first, last)]).id or 0
    while (seen := _look(made, boss, number)).is_waiting:
        time.sleep(LOOKS_EVERY)
    took = time.monotonic() - began
    levels = {level.name: level for level in seen.levels}
    with made(is_writing=True) as session:
        drop_repair(session, boss, MONDAY, number)
    left = [str(levels[name].cost - levels[name].before) for name in ("safety", "programme")]
    told = [_told(levels[name].cost, levels[name].bound) for name in ("people", "changes")]
    print("| " + " | ".join([who, f"{first}–{last}", str(lost), f"{took:.1f}", *left, *told]) + " |", flush=True)
    return {"seconds": took, **levels}


def _look(made: Sessions, boss: Actor, number: int) -> RepairView:
    with made() as session:
        return see_repair(session, boss, MONDAY, number)


def _told(cost: int, bound: int) -> str:
    return f"**{cost}**" if cost == bound else f"{cost} (≥ {bound})"


def _summary(rows: list[dict[str, Any]]) -> str:
    seconds = sorted(row["seconds"] for row in rows)
    mended = sum(all(row[name].cost == row[name].before for name in ("safety", "programme")) for row in rows)
    proven = {name: sum(row[name].is_proven for row in rows) for name in ("people", "changes")}
    over = {name: sum(row[name].cost - row[name].bound for row in rows) for name in ("people", "changes")}
    total = {name: sum(row[name].cost for row in rows) for name in ("people", "changes")}
    return "\n".join([
        f"{len(rows)} absences; nothing is missing afterwards in {mended}; that what is left is the least possible is "
        f"proven in {sum(row['safety'].is_proven and row['programme'].is_proven for row in rows)}.",
        f"Seconds: median {statistics.median(seconds):.1f}, 9 of 10 within {seconds[int(len(rows) * 0.9) - 1]:.1f}, "
        f"most {seconds[-1]:.1f}.",
        f"Fewest people proven in {proven['people']}; {total['people']} disturbed in all, at most {over['people']} "
        "more than the proven minimum.",
        f"Fewest changes proven in {proven['changes']}; {total['changes']} in all, at most {over['changes']} more than "
        "the proven minimum.",
    ])  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
