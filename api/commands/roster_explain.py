"""`qingzai roster explain`: why a place is open and what would fill it, why this person, why not that one."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import typer

from api import speak
from api.commands.console import input_errors
from api.commands.files import read_json, refuse_two_stdin, write_json
from api.speak.answers import lines, told
from api.speak.commands import line
from api.speak.names import Names
from scheduler import read_problem, read_roster
from scheduler.files.explanations import write_explanation
from scheduler.result import Malformed
from scheduler.roster.explain import Answer, explain, explain_open
from scheduler.roster.problem import Problem, Roster


@dataclass(frozen=True)
class Question:
    """What is asked: a place (a class and one of the next three), a person, both, or everything that is open."""

    class_run: str | None
    segment: str | None
    slot: str | None
    domain: str | None
    volunteer: str | None

    @property
    def hours(self) -> dict[str, str]:
        """Which of a class's places, as the option that names it."""
        given = {"segment": self.segment, "slot": self.slot, "domain": self.domain}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def is_single(self) -> bool:
        """Whether it is about one place or person, not about all that is open."""
        return bool(self.hours) or self.volunteer is not None


def run(problem_file: str, roster_file: str, question: Question, *, as_json: bool) -> None:
    """Print the answers as sentences, each as soon as it is found, or all of them as JSON."""
    gc.set_threshold(100_000)  # A short life with many small objects: looking for cycles took a tenth of it.
    with input_errors():
        refuse_two_stdin(problem_file, roster_file)
        problem = read_problem(read_json(problem_file))
        roster = read_roster(read_json(roster_file), problem)
        _check(question, problem)
    answers = _answers(problem, roster, question)
    if as_json:
        write_json(write_explanation(problem.week, answers), None)
    else:
        _say(answers, Names(problem, speak.from_environment(), with_ids=True))


def _check(question: Question, problem: Problem) -> None:
    """Refuse ids that are not there, and questions about no place.

    Raises:
        Malformed: `unknown_id`, `needs_class`, `one_place`, `not_of_class`.
    """
    known: dict[str, Collection[str]] = {"class": problem.class_run, "segment": problem.segment, "slot": problem.slot}
    known["volunteer"] = problem.volunteer
    asked = {"class": question.class_run, "segment": question.segment, "slot": question.slot}
    asked["volunteer"] = question.volunteer
    for kind, id_ in asked.items():
        if id_ is not None and id_ not in known[kind]:
            raise Malformed(f"--{kind}", "unknown_id", kind=kind, id=id_)
    for kind, id_ in question.hours.items():
        if question.class_run is None:
            raise Malformed(f"--{kind}", "needs_class")
        if len(question.hours) > 1:
            raise Malformed(f"--{kind}", "one_place")
        run = problem.class_run[question.class_run]
        own = {"segment": run.segments, "slot": run.slots, "domain": tuple(problem.minimums(run))}
        if id_ not in own[kind]:
            raise Malformed(f"--{kind}", "not_of_class", **{"class": run.id, "kind": kind, "id": id_})
    if question.class_run is not None and question.volunteer is not None and not question.hours:
        raise Malformed("--volunteer", "needs_place")


def _answers(problem: Problem, roster: Roster, question: Question) -> Iterator[Answer]:
    if question.is_single:
        yield explain(
            problem,
            roster,
            class_run=question.class_run,
            segment=question.segment,
            slot=question.slot,
            domain=question.domain,
            volunteer=question.volunteer,
        )
    else:
        yield from explain_open(problem, roster, class_run=question.class_run)


def _say(answers: Iterable[Answer], names: Names) -> None:
    is_open = False
    for answer in answers:
        is_open = True
        for indent, text in lines(told(answer, names), names):
            typer.echo("  " * indent + text)
    if not is_open:
        typer.echo(line("nothing_open", names.language))
