"""`qingzai placement after`, `next`: what happens after a draw, and the next round. Never loads the solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api import speak
from api.commands.console import err, input_errors
from api.commands.files import check_writable, read_json, refuse_two_stdin, write_json
from api.speak.placements_after import change, counted, offer, small
from scheduler.placement.after.acts import filled, happen
from scheduler.placement.after.events import read_events, read_season, write_season
from scheduler.placement.after.rounds import next_round
from scheduler.placement.after.season import Season
from scheduler.placement.after.small import small_runs
from scheduler.placement.files import read_placement, read_problem, write_problem
from scheduler.placement.rules import RULES, minimum
from scheduler.result import Malformed


@dataclass(frozen=True)
class Inputs:
    """The files that a command line names."""

    problem: str
    result: str
    events: str | None


def run(inputs: Inputs, out: Path | None, problem_out: Path | None, *, is_filled: bool) -> None:
    """Write the standing after the events, and the problem as it is now; exit 2 on bad input, with nothing written."""
    with input_errors():
        refuse_two_stdin(inputs.problem, inputs.result, inputs.events or "")
        for path in (out, problem_out):
            check_writable(path)
        if problem_out is not None and (out is None or out == problem_out):
            raise Malformed(str(problem_out), "one_output")
        season, begun = _season(inputs)
        if is_filled:
            season = filled(season)
        written = write_season(season)
        if problem_out is not None:
            write_json(write_problem(season.standing.problem), problem_out)
        write_json(written, out)
    _say(season, begun)


def run_next(inputs: Inputs, out: Path | None, *, confirmed_only: bool) -> None:
    """Write the problem of the next round; exit 2 on bad input."""
    with input_errors():
        refuse_two_stdin(inputs.problem, inputs.result, inputs.events or "")
        check_writable(out)
        season, _ = _season(inputs)
        confirmed = season.confirmed if confirmed_only else None
        problem = next_round(season.standing, confirmed, season.declined)
        write_json(write_problem(problem), out)
    language = speak.from_environment()
    kept = sum(len(c.keep) for c in problem.children)
    err(counted("next_children", len(problem.children), language))
    err(counted("next_kept", kept, language))


def _season(inputs: Inputs) -> tuple[Season, int]:
    """The season after all events, and how many changes it had before them. A sound result is needed to begin with."""
    problem = read_problem(read_json(inputs.problem))
    data = read_json(inputs.result)
    placed = read_placement(data, problem)
    if any(True for rule in RULES if rule is not minimum for _ in rule(problem, placed.placement)):
        raise Malformed(inputs.result, "broken_placement")
    season = read_season(data, problem, placed)
    events = read_events(read_json(inputs.events), problem) if inputs.events is not None else ()
    return happen(season, events), len(season.changes)


def _say(season: Season, begun: int) -> None:
    """What followed, who is to be asked now, and where somebody has to decide, on standard error."""
    language = speak.from_environment()
    new = season.changes[begun:]
    err(counted("changes", len(new), language))
    for one in new:
        err(f"  {change(one, language)}")
    err(counted("offers", len(season.offers), language))
    for asked in season.offers:
        err(f"  {offer(asked, language)}")
    found = small_runs(season.standing, season.offers)
    if found:
        err(counted("small", len(found), language))
        for run in found:
            err(f"  {small(run, language)}")
