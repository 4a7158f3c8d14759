"""`qingzai roster solve`: a roster from a problem file, with live progress, whole or not written at all."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import typer

from api import speak
from api.commands.console import INTERRUPTED, err, input_errors
from api.commands.files import check_writable, read_json, refuse_two_stdin, write_json
from api.commands.interrupt import Interrupts, interrupts
from api.commands.notices import refuse_empty, say_notices
from api.commands.progress import roster_display
from api.speak.commands import line
from scheduler import read_problem, read_roster, write_roster
from scheduler.result import Malformed, Progress, Solved
from scheduler.roster.problem import Problem, Roster


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    seconds: float
    workers: int
    seed: int
    deterministic: float | None
    sites: tuple[str, ...]
    start: str | None
    progress: bool | None


def run(problem_file: str, out: Path | None, options: Options) -> None:
    """Solve and write; exit 2 on bad input, 3 where it was interrupted before there was any roster."""
    with input_errors(), interrupts() as heard:
        try:
            solved = _solve(problem_file, out, options, heard)
        except KeyboardInterrupt:
            solved = None
        if solved is None:
            err(line("interrupted_early", speak.from_environment()))
            raise typer.Exit(INTERRUPTED)
        if heard.stop.is_set():
            err(line("interrupted", speak.from_environment()))
        for what in solved.result.failures:
            err(line("process_failed", speak.from_environment(), what=what))
        write_json(write_roster(solved.roster, solved.result), out)


def _solve(problem_file: str, out: Path | None, options: Options, heard: Interrupts) -> Solved | None:
    """The best roster found, or None where it was stopped before the solver began."""
    refuse_two_stdin(problem_file, options.start or "")
    check_writable(out)
    problem = read_problem(read_json(problem_file))
    refuse_empty(problem)
    start = _read_start(options.start, problem) if options.start else None
    sites = _known_sites(options.sites, problem)
    say_notices(problem)
    heard.look()
    return None if heard.stop.is_set() else _search(problem, options, sites, start, heard)


def _read_start(name: str, problem: Problem) -> Roster:
    """The roster to start from. One of another week or district is refused, with the first entry that does not fit.

    What names people, classes and hours of the problem fits, even where it breaks a rule by now: the search drops it.

    Raises:
        Malformed: `start_misfit`, with what was found where.
    """
    data = read_json(name)
    try:
        start = read_roster(data, problem)
        _check_hours(data, problem)
    except Malformed as error:
        raise Malformed(name, "start_misfit", cause=error) from None
    return start


def _check_hours(data: Any, problem: Problem) -> None:
    """Each class has the segments and slots that a roster file, read well before, gives it."""
    for kind, several, own in (("segment", "duties", "segments"), ("slot", "lessons", "slots")):
        for number, entry in enumerate(data[several]):
            run = problem.class_run[entry["class"]]
            if entry[kind] not in getattr(run, own):
                facts = {"class": run.id, "kind": kind, "id": entry[kind]}
                raise Malformed(f"{several}[{number}].{kind}", "not_of_class", **facts)


def _known_sites(names: tuple[str, ...], problem: Problem) -> frozenset[str] | None:
    for name in names:
        if name not in problem.site:
            raise Malformed("--site", "unknown_id", kind="site", id=name)
    return frozenset(names) or None


def _search(
    problem: Problem, options: Options, sites: frozenset[str] | None, start: Roster | None, heard: Interrupts
) -> Solved:
    from scheduler import solve

    seconds = options.seconds if options.deterministic is None else None
    has_roster = threading.Event()
    with roster_display(speak.from_environment(), seconds, shown=options.progress) as display:

        def tell(news: Progress) -> None:
            has_roster.set()
            display.tell(news)

        work = partial(
            solve,
            problem,
            seconds=options.seconds,
            workers=options.workers,
            seed=options.seed,
            deterministic=options.deterministic,
            sites=sites,
            start=start,
            on_progress=tell,
            stop=heard.stop,
        )
        return heard.run(work, has_roster)
