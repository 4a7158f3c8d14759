"""The figures of the benchmark as tables. Pure functions from the JSON to text, so that they can be tested."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from plot import growth_plot, level_plot

LEVELS = ("safety", "programme", "quality")
MARKS = (2, 10, 30, 60, 120)
EACH = 0.25  # seconds: a trace keeps one moment of each such span
NAMES = {"engine": "this engine", "monolith": "one CP-SAT model", "timefold": "Timefold"}
NOTHING = "–"
TITLE = "# The roster engine, measured\n"
INTRODUCTION = """\
Made by `python tests/bench/roster.py`; the figures are in `roster.json`. All weeks but *town* and *site* (the example
files in `tests/data`) come from seed 1 of `tests/bench/weeks.py`. The contenders ran one after the other, with the same
seconds and two workers on the same cores, each in a fresh process; the seconds include building the model. *One CP-SAT
model* is every rule in one model (`scheduler.roster.model.whole`), the levels weighted so that none outweighs a better
one, without hints. *Timefold* is the model in `timefold/Rostering.java` with Timefold 1.24 (the jars of its wheel on
PyPI) as it comes: construction, then local search, in one thread, because more threads are not in the free edition; it
knows no bounds. Every roster was checked by `scheduler.check`, and every cost is recomputed from the roster.

A cell reads *cost ≥ bound*: no roster can be below the bound, given the cost of the levels before it. “–” stands where
there was no roster yet. *Gap* is (cost − bound) / cost. Lower is better everywhere. Memory is resident MiB: of all
processes of the contender together (shared pages counted once for each), and of the largest one. *CPU* is the
processor seconds used; twice the seconds would be both cores all the time. *Load* is the machine's one-minute load just
before: above about 1, something else was running, and the figures are worse than they should be.
"""


def thinned(trace: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A trace without repetitions, the last moment of each short span, and its very last."""
    kept: list[dict[str, Any]] = []
    for here in sorted(trace, key=lambda moment: moment["seconds"]):
        if kept and (here["cost"], here["bound"]) == (kept[-1]["cost"], kept[-1]["bound"]):
            continue
        if kept and here["seconds"] // EACH == kept[-1]["seconds"] // EACH:
            kept.pop()
        kept.append(here)
    return kept


def at(trace: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    """The last moment of a trace up to a time; nothing known before its first."""
    known = [moment for moment in trace if moment["seconds"] <= seconds]
    return known[-1] if known else {"seconds": 0.0, "cost": None, "bound": None}


def level(moment: dict[str, Any], i: int) -> str:
    """A level's cost and bound: “93 ≥ 80”, or one number where they are equal."""
    if moment["cost"] is None:
        return NOTHING
    found, bound = moment["cost"][i], moment["bound"] and moment["bound"][i]
    if bound is None:
        return f"{found:,}"
    return f"**{found:,}**" if found == bound else f"{found:,} ≥ {bound:,}"


def gap(moment: dict[str, Any], i: int = 2) -> str:
    """How far a level's cost is above its bound, in per cent of the cost."""
    if moment["cost"] is None or moment["bound"] is None:
        return NOTHING
    found, bound = moment["cost"][i], moment["bound"][i]
    return f"{100 * (found - bound) / found:.1f} %" if found else "0.0 %"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table whose columns but the first two stand to the right."""
    rule = ["---" if i < 2 else "---:" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows]) + "\n"


def last(run: dict[str, Any]) -> dict[str, Any]:
    """How a run ended."""
    return run["trace"][-1] if run["trace"] else at([], 0)


def finals(runs: list[dict[str, Any]]) -> str:
    """How each run on each week ended."""
    head = ["week", "contender", "seconds", *LEVELS, "gap of quality", "rules broken", "MiB, all", "MiB, largest"]
    rows = []
    for run in runs:
        end = last(run)
        broken = NOTHING if run.get("violations") is None else str(run["violations"])
        failed = f" (failed: exit {run['exit']})" if run["exit"] else ""
        rows.append([_week(run), NAMES[run["contender"]] + failed, f"{run.get('took', run['seconds']):.1f}"])
        rows[-1] += [*(level(end, i) for i in range(3)), gap(end), broken]
        rows[-1] += [f"{run['tree_mib']:,}", f"{run['process_mib']:,}", f"{run['cpu_seconds']:.0f}"]
        rows[-1] += [f"{run['load_before']:.1f}"]
    return table([*head, "CPU s", "load"], rows)


def over_time(runs: list[dict[str, Any]]) -> str:
    """Levels at the marks that the runs reached."""
    rows = []
    for run in runs:
        for mark in (m for m in MARKS if m <= run["seconds"]):
            # What a contender tells as it stops may come a moment after its time.
            moment = at(run["trace"], mark) if mark < run["seconds"] else last(run)
            rows.append([run["week"], NAMES[run["contender"]], f"{mark} s", *(level(moment, i) for i in range(3))])
            rows[-1].append(gap(moment))
    return table(["week", "contender", "after", *LEVELS, "gap of quality"], rows)


def growth_table(runs: list[dict[str, Any]]) -> str:
    """This engine at each size."""
    rows = []
    for run in runs:
        end = last(run)
        share = NOTHING if end["cost"] is None else f"{100 * end['cost'][1] / run['lesson_slots']:.1f} %"
        rows.append([str(run["sites"]), str(run["classes"]), str(run["volunteers"]), f"{run['took']:.1f}"])
        rows[-1] += [*(level(end, i) for i in range(3)), share, gap(end), str(run["violations"])]
        rows[-1] += [f"{run['tree_mib']:,}", f"{run['process_mib']:,}"]
    head = ["sites", "classes", "volunteers", "seconds", *LEVELS, "programme, of the slots", "gap of quality"]
    return table([*head, "rules broken", "MiB, all", "MiB, largest"], rows)


def city_table(told: dict[str, Any]) -> str:
    """The city's jobs in one process and in two: the time, the rosters, the memory of a job."""
    rows = []
    for processes in ("1", "2"):
        runs, took = told[processes]["runs"], told[processes]["took"]
        ends = [last(run) for run in runs]
        means = [f"{_mean([end['cost'][i] for end in ends if end['cost']]):,.1f}" for i in range(3)]
        broken = sum(run["violations"] or 0 for run in runs)
        most = max(run["tree_mib"] for run in runs)
        rows.append([processes, str(told["jobs"]), f"{took:.1f}", f"{3600 * told['jobs'] / took:.0f}", *means])
        rows[-1] += [str(broken), f"{most:,}"]
    head = ["processes", "jobs", "seconds for all", "jobs an hour", *(f"mean {name}" for name in LEVELS)]
    return table([*head, "rules broken", "MiB of a job, most"], rows)


def city_words(told: dict[str, Any]) -> str:
    """What was measured of the city, and what was not."""
    ratio = told["1"]["took"] / told["2"]["took"]
    return (
        f"{told['jobs']} ordinary district weeks (seeds 1 to {told['jobs']}; a city has 20) of {told['seconds']:g} s"
        " each, one worker a job, each process on a core of its own. Two processes do"
        f" **{ratio:.2f} ×** the jobs of one in the same time. As a job takes the seconds it is given, the levels must"
        " be read beside it: if two at a time hindered each other, their rosters would be worse.\n"
    )


def _mean(values: list[int]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _week(run: dict[str, Any]) -> str:
    return f"{run['week']} ({run['classes']} classes, {run['volunteers']} volunteers)"


def words(told: dict[str, Any]) -> str:
    """The whole report."""
    m = told["machine"]
    parts = [TITLE, INTRODUCTION]
    parts.append(
        f"Measured on {m['date']}: {m['cores']} cores of {m['processor']}, {m['memory']}, Python {m['python']},"
        f" ortools {m['ortools']}.\n"
    )
    if notes := told.get("notes"):
        parts.append("".join(f"- {note}\n" for note in notes))
    if runs := told.get("weeks"):
        parts += ["## Weeks\n", finals(runs), "![Levels over time](levels.svg)\n", "### Over time\n", over_time(runs)]
    if runs := told.get("growth"):
        about = f"Ordinary weeks (seed 1), this engine, {runs[0]['seconds']:g} s each, two workers.\n"
        parts += ["## Growth\n", about, growth_table(runs), "![Growth](growth.svg)\n"]
    if city := told.get("city"):
        parts += ["## City\n", city_words(city), city_table(city)]
    return "\n".join(parts)


def as_json(value: Any, indent: str = "") -> str:
    """JSON in which whatever fits on a line stands on one, so that a changed figure is a changed line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) <= 110 or not isinstance(value, dict | list):
        return flat
    inner, pairs = indent + " ", value.items() if isinstance(value, dict) else [("", each) for each in value]
    marks = "{}" if isinstance(value, dict) else "[]"
    lines = [inner + (f"{json.dumps(k)}: " if marks == "{}" else "") + as_json(v, inner) for k, v in pairs]
    return marks[0] + "\n" + ",\n".join(lines) + "\n" + indent + marks[1]


def write_report(folder: Path, told: dict[str, Any]) -> None:
    """The figures, and the tables and plots made of them."""
    (folder / "roster.json").write_text(as_json(told) + "\n", encoding="utf-8")
    (folder / "roster.md").write_text(words(told), encoding="utf-8")
    if told.get("weeks"):
        there = {run["contender"] for run in told["weeks"]}
        names = {contender: name for contender, name in NAMES.items() if contender in there}
        (folder / "levels.svg").write_text(level_plot(told["weeks"], names), encoding="utf-8")
    if told.get("growth"):
        (folder / "growth.svg").write_text(growth_plot(told["growth"]), encoding="utf-8")
