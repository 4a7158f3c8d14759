"""`qingzai placement explain`: why every child has what it has. Never loads the solver."""

from __future__ import annotations

import typer

from api import speak
from api.commands.console import input_errors
from api.commands.files import read_json, refuse_two_stdin, write_json
from api.speak.placement_reasons import sentence
from scheduler.placement.files import read_placement, read_problem
from scheduler.placement.reasons import Reasons, write_reasons
from scheduler.placement.rules import RULES
from scheduler.result import Malformed


def run(problem_file: str, result_file: str, child: str | None, *, as_json: bool) -> None:
    """Print one sentence for each child, or for the one that is named; with `as_json` all facts."""
    with input_errors():
        refuse_two_stdin(problem_file, result_file)
        problem = read_problem(read_json(problem_file))
        placed = read_placement(read_json(result_file), problem)
        if child is not None and child not in problem.child:
            raise Malformed("--child", "unknown_id", kind="child", id=child)
        if any(True for rule in RULES for _ in rule(problem, placed.placement)):
            raise Malformed(result_file, "broken_placement")
    index = Reasons(problem, placed)
    found = (index.of(name) for name in ([child] if child is not None else problem.child))
    if as_json:
        write_json(write_reasons(found), None)
        return
    language = speak.from_environment()
    for reason in found:
        typer.echo(sentence(reason, language))
