"""`qingzai placement check`: everything in a result file that is not so. Never loads the solver."""

from __future__ import annotations

import typer

from api import speak
from api.commands.console import BROKEN, input_errors
from api.commands.files import read_json, refuse_two_stdin
from api.speak.placements import counted, fault, level, line
from scheduler.placement.check import check, level_values
from scheduler.placement.files import read_placement, read_problem
from scheduler.placement.result import Level


def run(problem_file: str, result_file: str) -> None:
    """Print what is found and the level values as counted; exit 1 where anything is not so."""
    language = speak.from_environment()
    with input_errors():
        refuse_two_stdin(problem_file, result_file)
        problem = read_problem(read_json(problem_file))
        placed = read_placement(read_json(result_file), problem)
    found = check(problem, placed)
    typer.echo(counted("faults", len(found), language) if found else line("clean", language))
    for one in found:
        typer.echo(f"  {fault(one, language)}")
    for name, value in level_values(problem, placed.placement).items():
        typer.echo(level(Level(name, value, value), language))
    if placed.result is None:
        typer.echo(line("unstated", language))
    if found:
        raise typer.Exit(BROKEN)
