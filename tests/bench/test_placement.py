"""Time and memory of placements from 1,000 to 100,000 children; `pytest -m bench tests/bench/test_placement.py`.

Each size runs in a process of its own, whose figures go to `results/placement.json`: seconds on the clock and of the
processor, megabytes at most, levels proven, those that are not with value and bound, and whether the draw is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "placement.json"

MEASURE = """
import json, resource, sys, time
from children import children
from scheduler.placement.check import check
from scheduler.placement.files import read_problem
from scheduler.placement.solve import solve
n, is_simple, seconds = int(sys.argv[1]), sys.argv[2] == "simple", float(sys.argv[3])
problem = read_problem(children(n, 1, simple=is_simple))
wall, cpu = time.monotonic(), time.process_time()
placed = solve(problem, seconds=seconds, workers=2)
wall, cpu = time.monotonic() - wall, time.process_time() - cpu
levels = placed.result.levels
print(json.dumps({
    "children": n, "kind": sys.argv[2], "seconds": round(wall, 1), "processor_seconds": round(cpu, 1),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    "levels": len(levels), "proven": sum(x.value == x.bound for x in levels), "draw": placed.result.draw,
    "unproven": [[x.name, x.value, x.bound] for x in levels if x.value < x.bound],
    "placed": sum(x.value for x in levels if x.name.startswith("placed.")), "faults": len(check(problem, placed)),
}))
"""


@pytest.mark.bench
@pytest.mark.parametrize(
    ("n", "kind", "seconds"),
    [
        (1_000, "simple", 10),
        (10_000, "simple", 10),
        (100_000, "simple", 180),
        (1_000, "everything", 60),
        (10_000, "everything", 60),
        (100_000, "everything", 180),
    ],
)
def test_times_and_memory(n: int, kind: str, seconds: float) -> None:
    command = [sys.executable, "-c", MEASURE, str(n), kind, str(seconds)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": f"{HERE}:{HERE.parent.parent}"},
    )
    found = json.loads(done.stdout)
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    others = [row for row in known if (row["children"], row["kind"]) != (n, kind)]
    RESULTS.write_text(json.dumps([*others, found], indent=1) + "\n")
    assert found["faults"] == 0
    if kind == "simple":
        assert (found["proven"], found["draw"]) == (found["levels"], "proven")
        assert found["seconds"] <= seconds
        assert found["megabytes"] <= 1024
