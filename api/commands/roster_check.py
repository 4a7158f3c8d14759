"""`qingzai roster check`: all breaches and overrides of a roster, and its cost. Never loads the solver."""

from __future__ import annotations

import typer

from api import speak
from api.commands.console import BROKEN, input_errors
from api.commands.files import read_json, refuse_two_stdin
from api.speak.commands import counted, line
from api.speak.language import Language
from scheduler import check, cost, measure_repair, read_problem, read_repair_cost, read_result, read_roster
from scheduler.result import Cost, RepairCost, Violation


def run(problem_file: str, roster_file: str) -> None:
    """Print what is found; exit 1 where a rule is broken or the stated cost is not the roster's.

    A file that states people and changes is judged as the repair of the problem's published roster.
    """
    language = speak.from_environment()
    with input_errors():
        refuse_two_stdin(problem_file, roster_file)
        problem = read_problem(read_json(problem_file))
        data = read_json(roster_file)
        roster, stated = read_roster(data, problem), read_result(data)
        repaired = read_repair_cost(data)
        is_repair = repaired is not None and problem.published is not None
        checked, found = (
            measure_repair(problem, roster) if is_repair else (check(problem, roster), cost(problem, roster))
        )
    if repaired is not None and not is_repair:
        typer.echo(line("repair_unjudged", language))
    _list("broken", checked.violations, language)
    _list("overridden", checked.overridden, language)
    if not checked.violations:
        typer.echo(line("clean", language))
    is_same = _say_cost(found, repaired if is_repair else stated.cost if stated else None, language)
    if checked.violations or not is_same:
        raise typer.Exit(BROKEN)


def _list(code: str, found: tuple[Violation, ...], language: Language) -> None:
    if found:
        typer.echo(counted(code, len(found), language))
    for violation in found:
        typer.echo(f"  {speak.violation(violation, language)}")


def _say_cost(found: Cost | RepairCost, stated: Cost | RepairCost | None, language: Language) -> bool:
    """Print the recomputed cost beside the stated one; whether the two agree."""
    code = "repair_cost" if isinstance(found, RepairCost) else "cost"
    typer.echo(line(code, language, **found._asdict()))
    if stated is None:
        typer.echo(line("cost_unstated", language))
    elif stated == found:
        typer.echo(line("cost_same", language))
    else:
        typer.echo(line(f"{code}_differs", language, **stated._asdict()))
    return stated is None or stated == found
