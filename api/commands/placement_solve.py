"""`qingzai placement solve`: children to class runs, with live progress, whole or not written at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer

from api import speak
from api.commands.console import INTERRUPTED, err, input_errors
from api.commands.files import check_writable, read_json, write_json
from api.commands.interrupt import Interrupts, interrupts
from api.commands.progress import placement_display
from api.speak.commands import line as common_line
from api.speak.placements import counted, line, wishes
from scheduler.placement.files import read_problem, write_placement
from scheduler.placement.problem import Problem
from scheduler.placement.result import Placed

MOST_NAMES = 10
"""So many names a notice lists before it only counts."""


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    seconds: float
    workers: int
    progress: bool | None


def run(problem_file: str, out: Path | None, options: Options) -> None:
    """Solve and write; exit 2 on bad input, 3 where it was interrupted before there was any placement."""
    language = speak.from_environment()
    with input_errors(), interrupts() as heard:
        check_writable(out)
        problem = read_problem(read_json(problem_file))
        try:
            placed = _solve(problem, options, heard)
        except (KeyboardInterrupt, TimeoutError):
            err(line("interrupted_early", language))
            raise typer.Exit(INTERRUPTED) from None
        if heard.stop.is_set():
            err(common_line("interrupted", language))
        write_json(write_placement(placed), out)


def _solve(problem: Problem, options: Options, heard: Interrupts) -> Placed:
    from scheduler.placement.solve import solve

    _say_notices(problem)
    heard.look()
    if heard.stop.is_set():
        raise KeyboardInterrupt
    with placement_display(speak.from_environment(), options.seconds, shown=options.progress) as display:
        work = partial(
            solve,
            problem,
            seconds=options.seconds,
            workers=options.workers,
            on_progress=display.tell,
            stop=heard.stop,
        )
        return heard.run(work)


def _say_notices(problem: Problem) -> None:
    """Wishes that do not count, and children left without one: no error, but somebody should know."""
    language = speak.from_environment()
    if problem.ignored:
        shown = _first(wishes(problem.ignored, language))
        err(counted("ignored", len(problem.ignored), language, wishes=shown))
    if problem.without_wish:
        names = _first(problem.without_wish)
        err(counted("without_wish", len(problem.without_wish), language, children=names))


def _first(names: Sequence[str]) -> list[str]:
    return [*names[:MOST_NAMES], "…"] if len(names) > MOST_NAMES else list(names)
