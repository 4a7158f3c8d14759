"""How long the board takes to answer on a district week: every kind of edit, a drag over a site, who can fill a place.

    python tests/bench/boards.py WEEK.json ROSTER.json [-n 200]

What is measured is the evaluation that an answer rests on, without the database and the web.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from registry.board.fill import who_can_fill
from registry.board.grid import where_it_works
from registry.board.steps import Wanted, step_for
from registry.engine.boards import Position, read_roster, write_entry
from registry.engine.rosters import read


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.monotonic()
    work()
    return 1000 * (time.monotonic() - begun)


def measured(position: Position, times: int, r: Random) -> dict[str, list[float]]:
    """Milliseconds by kind of question."""
    duties = sorted(position.roster.duties, key=repr)
    cells = [(c.id, s) for c in position.problem.classes for s in c.segments]
    found: dict[str, list[float]] = {}
    for _ in range(times):
        one, other, (c, s) = r.choice(duties), r.choice(duties), r.choice(cells)
        wanted = {
            "move": Wanted("move", write_entry(one), {"class": c, "segment": s}),
            "swap": Wanted("swap", write_entry(one), other=write_entry(other)),
            "remove": Wanted("remove", write_entry(one)),
            "add": Wanted("add", write_entry(replace(one, class_run=c, segment=s))),
            "pin": Wanted("pin", write_entry(one)),
        }
        for kind, change in wanted.items():
            try:
                step = step_for(position, change)
            except Exception as error:  # By chance nothing changes, or it stands there already.
                print(f"left out: {kind}: {error}", file=sys.stderr)
                continue
            found.setdefault(kind, []).append(timed(lambda step=step: position.judge(step)))  # type: ignore[misc]
        site = position.problem.class_run[one.class_run].site
        found.setdefault("drag over a site", []).append(timed(lambda: where_it_works(position, one, site)))  # noqa: B023
        found.setdefault("who can fill this", []).append(timed(lambda: who_can_fill(position, c, s)))  # noqa: B023
    return found


def main() -> None:
    """Print a table."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("week", type=Path)
    asked.add_argument("roster", type=Path)
    asked.add_argument("-n", type=int, default=200)
    given = asked.parse_args()
    problem = read(json.loads(given.week.read_text()))
    position = Position(problem, read_roster(json.loads(given.roster.read_text()), problem))
    print(
        f"whole check once: {timed(lambda: position.report):.0f} ms, whole cost: {timed(lambda: position.parts):.0f} ms"
    )
    print("| question | n | p50 ms | p95 ms | most ms |\n|---|---|---|---|---|")
    for kind, times in measured(position, given.n, Random(1)).items():
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"| {kind} | {len(times)} | {statistics.median(times):.1f} | {p95:.1f} | {max(times):.1f} |")


if __name__ == "__main__":
    main()
