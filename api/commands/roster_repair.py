"""`qingzai roster repair`: the published roster of a problem file mended, with the fewest people disturbed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer

from api import speak
from api.commands.console import INTERRUPTED, err, input_errors
from api.commands.files import check_writable, read_json, write_json
from api.commands.interrupt import Interrupts, interrupts
from api.commands.notices import refuse_empty
from api.commands.progress import roster_display
from api.speak.commands import counted, line
from scheduler import read_problem, write_roster
from scheduler.result import Malformed, Progress, Repaired
from scheduler.roster.problem import Duty, Lesson, Pins, Problem

RESERVE = 0.6
"""Seconds of the time given that reading, checking and writing may take."""


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    seconds: float
    workers: int
    seed: int
    progress: bool | None


def run(problem_file: str, out: Path | None, options: Options) -> None:
    """Repair and write; exit 2 on bad input, 3 where it was interrupted before there was any roster."""
    with input_errors(), interrupts() as heard:
        try:
            repaired = _repair(problem_file, out, options, heard)
        except KeyboardInterrupt:
            repaired = None
        if repaired is None:
            err(line("interrupted_early", speak.from_environment()))
            raise typer.Exit(INTERRUPTED)
        if heard.stop.is_set():
            err(line("interrupted", speak.from_environment()))
        _say_dropped(repaired.result.dropped)
        write_json(write_roster(repaired.roster, repaired.result), out)


def _repair(problem_file: str, out: Path | None, options: Options, heard: Interrupts) -> Repaired | None:
    """The mended roster, or None where it was stopped before the work began."""
    check_writable(out)
    data = read_json(problem_file)
    problem = read_problem(data)
    refuse_empty(problem)
    if problem.published is None:
        raise Malformed("published", "nothing_published")
    if not _states_cost(data):
        err(line("published_unpriced", speak.from_environment()))
    heard.look()
    return None if heard.stop.is_set() else _search(problem, options, heard)


def _states_cost(data: object) -> bool:
    """Whether the published roster says what it costs, as a file that was read without error."""
    published = data.get("published") if isinstance(data, dict) else None
    result = published.get("result") if isinstance(published, dict) else None
    return isinstance(result, dict) and isinstance(result.get("cost"), dict)


def _search(problem: Problem, options: Options, heard: Interrupts) -> Repaired:
    from scheduler import repair

    has_roster = threading.Event()
    with roster_display(speak.from_environment(), options.seconds, shown=options.progress) as display:

        def tell(news: Progress) -> None:
            has_roster.set()
            display.tell(news)

        work = partial(
            repair,
            problem,
            seconds=max(options.seconds / 2, options.seconds - RESERVE),
            workers=options.workers,
            seed=options.seed,
            on_progress=tell,
            stop=heard.stop,
        )
        return heard.run(work, has_roster)


def _say_dropped(pins: Pins) -> None:
    """List the pins that could not hold any more."""
    language = speak.from_environment()
    entries: list[Duty | Lesson] = [*(d for d, _ in pins.duties), *(x for x, _ in pins.lessons)]
    if entries:
        err(counted("dropped", len(entries), language))
    for entry in entries:
        err(f"  {speak.entry(entry, language)}")
