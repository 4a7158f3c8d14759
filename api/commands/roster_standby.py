"""`qingzai roster standby`: who should be ready on each weekday, so that any single absence can be covered."""

from __future__ import annotations

import json

import typer

from api import speak
from api.commands.console import input_errors
from api.commands.files import read_json, refuse_two_stdin
from api.commands.notices import refuse_empty
from api.speak import standby as sentences
from scheduler import read_problem, read_roster, standbys


def run(problem_file: str, roster_file: str, seconds: float, *, as_json: bool) -> None:
    """Print the stand-bys of each weekday and the absences that nothing covers; exit 2 on bad input."""
    language = speak.from_environment()
    with input_errors():
        refuse_two_stdin(problem_file, roster_file)
        problem = read_problem(read_json(problem_file))
        refuse_empty(problem)
        roster = read_roster(read_json(roster_file), problem)
    days = standbys(problem, roster, seconds=seconds)
    if as_json:
        typer.echo(json.dumps([sentences.facts(day) for day in days], ensure_ascii=False, indent=1))
        return
    for day in days:
        for said in sentences.told(day, language):
            typer.echo(said)
