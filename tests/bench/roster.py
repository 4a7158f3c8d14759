"""The benchmark of the roster engine: run by hand, never by the tests.

`python tests/bench/roster.py` measures everything and writes `tests/bench/results/`: the figures as JSON, tables as
Markdown, plots as SVG. `python tests/bench/roster.py weeks --only short town --seconds 5 --results /elsewhere` measures
a part; what is not measured again stays as it was. One thing runs at a time, except where the city's jobs are two.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from itertools import product
from pathlib import Path
from platform import python_version
from typing import Any

from javamodel import jars
from report import thinned, write_report
from watch import Watch
from weeks import WEEKS, week

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DATA = ROOT / "tests" / "data"
RESULTS = HERE / "results"
DISTRICTS = ("supplied", "short", "rooms", "half-days", "large-site")
FILES = {"town": DATA / "town-week.json", "site": DATA / "site-week.json"}
CONTENDERS = ("engine", "monolith", "timefold")
GROWTH = (1, 6, 12, 24, 48, 72)
PATIENCE = 180  # seconds after the time given, then a contender is stopped


@contextmanager
def problem_file(name: str, *, sites: int = 72, seed: int = 1) -> Any:
    """The path of a problem: an example file, or a seeded week written for as long as the block lasts."""
    if name in FILES:
        yield FILES[name]
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.json"
        path.write_text(json.dumps(week(sites, seed, kind=WEEKS[name])), encoding="utf-8")
        yield path


def measure(contender: str, path: Path, seconds: float, *, workers: int = 2, core: int | None = None) -> dict[str, Any]:
    """One contender on one problem, in a process that is watched from outside."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answer.json"
        command = [sys.executable, str(HERE / "contenders.py"), contender, str(path), str(out)]
        command += ["--seconds", str(seconds), "--workers", str(workers)]
        command += ["--core", str(core)] if core is not None else []
        load = os.getloadavg()[0]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, env=environment) as process, Watch(process.pid) as watch:
            usage = _wait(process, seconds + PATIENCE)
        answer = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {"trace": [], "cost": None}
    answer["trace"] = thinned(answer["trace"])
    about = {"contender": contender, "seconds": seconds, "workers": workers, "load_before": round(load, 1)}
    memory = {"tree_mib": watch.tree, "process_mib": watch.largest}
    return about | answer | memory | {"cpu_seconds": round(usage, 1), "exit": process.returncode}


def _wait(process: subprocess.Popen[bytes], patience: float) -> float:
    """Wait for a process; the processor seconds of it and of the children it waited for."""
    end = time.monotonic() + patience
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime
        if time.monotonic() > end:
            process.kill()
        time.sleep(0.05)


def one_run(name: str, contender: str, seconds: float) -> dict[str, Any]:
    """A contender on a week."""
    with problem_file(name) as path:
        run = {"week": name, **_size(path), **measure(contender, path, seconds)}
    _say(f"{name} {contender}", run)
    return run


def replaced(runs: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs with a new one in place of the same contender's on the same week, in the order of the report."""
    kept = [run for run in runs if (run["week"], run["contender"]) != (new["week"], new["contender"])]
    names = [*DISTRICTS, *FILES]
    return sorted([*kept, new], key=lambda run: (names.index(run["week"]), CONTENDERS.index(run["contender"])))


def growth(sizes: list[int], seconds: float) -> list[dict[str, Any]]:
    """This engine on ordinary weeks of more and more sites."""
    runs = []
    for sites in sizes:
        with problem_file("ordinary", sites=sites) as path:
            runs.append({**_size(path), **measure("engine", path, seconds)})
        _say(f"{sites} sites", runs[-1])
    return runs


def city(jobs: int, seconds: float) -> dict[str, Any]:
    """District weeks as independent jobs of one worker: in one process after another, and in two at a time.

    Each process stays on a core of its own. A job is given the same seconds either way, so that the time for all is
    one half of the story; the other is whether the rosters are as good.
    """
    told: dict[str, Any] = {"jobs": jobs, "seconds": seconds}
    for processes in (1, 2):
        began = time.monotonic()
        with ThreadPoolExecutor(processes) as pool:
            shares = [range(k, jobs, processes) for k in range(processes)]
            runs = [run for share in pool.map(_jobs, shares, range(processes), [seconds] * processes) for run in share]
        took = round(time.monotonic() - began, 1)
        told[str(processes)] = {"took": took, "runs": sorted(runs, key=lambda run: run["seed"])}
        print(f"city: {jobs} jobs in {processes} processes: {took} s", flush=True)
    return told


def _jobs(share: range, core: int, seconds: float) -> list[dict[str, Any]]:
    cores = sorted(os.sched_getaffinity(0))
    runs = []
    for seed in share:
        with problem_file("ordinary", seed=seed + 1) as path:
            run = measure("engine", path, seconds, workers=1, core=cores[core % len(cores)])
        runs.append({"seed": seed + 1, **run})
        _say(f"city, week {seed + 1}", run)
    return runs


def machine() -> dict[str, str]:
    """What the figures depend on; no name of a host, no path."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("model name\t: ")[2].partition("\n")[0]
    memory = int(Path("/proc/meminfo").read_text(encoding="utf-8").split()[1]) / (1 << 20)
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": cpu or "unknown",
        "memory": f"{memory:.0f} GiB",
        "python": python_version(),
        "ortools": version("ortools"),
        "date": date.today().isoformat(),
    }


def _size(path: Path) -> dict[str, int]:
    facts = json.loads(path.read_text(encoding="utf-8"))
    sizes = {name: len(facts[name]) for name in ("sites", "classes", "volunteers")}
    return sizes | {"lesson_slots": sum(len(c["slots"]) for c in facts["classes"])}


def _say(what: str, run: dict[str, Any]) -> None:
    last = run["trace"][-1] if run["trace"] else {"cost": None, "bound": None}
    broken, memory = run.get("violations"), run["tree_mib"]
    print(f"{what}: {run['cost']} bound {last['bound']} broken {broken}, {memory} MiB", flush=True)


def main() -> None:
    """Measure the parts asked for and write the results after each."""
    parser = argparse.ArgumentParser(description="The benchmark of the roster engine.")
    parser.add_argument("parts", nargs="*", default=[], help="weeks, growth, city, report; all if none is named")
    parser.add_argument("--only", nargs="+", default=[*DISTRICTS, *FILES], help="the weeks to measure")
    parser.add_argument("--contenders", nargs="+", default=CONTENDERS, choices=CONTENDERS)
    parser.add_argument("--sites", nargs="+", type=int, default=list(GROWTH), help="the sizes of the growth")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--growth-seconds", type=float, default=30)
    parser.add_argument("--city-seconds", type=float, default=20)
    parser.add_argument("--jobs", type=int, default=4, help="district weeks of the city")
    parser.add_argument("--note", action="append", help="what a reader must know of this run; replaces earlier notes")
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    parts = given.parts or ["weeks", "growth", "city"]
    given.results.mkdir(parents=True, exist_ok=True)
    store = given.results / "roster.json"
    told: dict[str, Any] = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
    if given.note:
        told["notes"] = given.note
    if parts != ["report"]:
        told["machine"] = machine()
    if "weeks" in parts:
        for name, contender in product(given.only, given.contenders):
            if contender != "timefold" or jars():
                told["weeks"] = replaced(told.get("weeks", []), one_run(name, contender, given.seconds))
                write_report(given.results, told)
    if "growth" in parts:
        told["growth"] = growth(given.sites, given.growth_seconds)
        write_report(given.results, told)
    if "city" in parts:
        told["city"] = city(given.jobs, given.city_seconds)
    write_report(given.results, told)


if __name__ == "__main__":
    main()
