"""`qingzai roster check`: all breaches and overrides of a roster, and its cost. Never loads the solver."""

from __future__ import annotations

import typer

from api import speak
from api.commands.console import BROKEN, input_errors
from api.commands.files import read_json, refuse_two_stdin
from api.speak.commands import counted, line
from api.speak.language import Language
from scheduler import check, cost, read_problem, read_result, read_roster
from scheduler.result import Cost, Violation


def run(problem_file: str, roster_file: str) -> None:
    """Print what is found; exit 1 where a rule is broken or the stated cost is not the roster's."""
    language = speak.from_environment()
    with input_errors():
        refuse_two_stdin(problem_file, roster_file)
        problem = read_problem(read_json(problem_file))
        data = read_json(roster_file)
        roster, stated = read_roster(data, problem), read_result(data)
    checked, found = check(problem, roster), cost(problem, roster)
    _list("broken", checked.violations, language)
    _list("overridden", checked.overridden, language)
    if not checked.violations:
        typer.echo(line("clean", language))
    is_same = _say_cost(found, stated.cost if stated else None, language)
    if checked.violations or not is_same:
        raise typer.Exit(BROKEN)


def _list(code: str, found: tuple[Violation, ...], language: Language) -> None:
    if found:
        typer.echo(counted(code, len(found), language))
    for violation in found:
        typer.echo(f"  {speak.violation(violation, language)}")


def _say_cost(found: Cost, stated: Cost | None, language: Language) -> bool:
    """Print the recomputed cost beside the stated one; whether the two agree."""
    typer.echo(line("cost", language, **found._asdict()))
    if stated is None:
        typer.echo(line("cost_unstated", language))
    elif stated == found:
        typer.echo(line("cost_same", language))
    else:
        typer.echo(line("cost_differs", language, **stated._asdict()))
    return stated is None or stated == found
