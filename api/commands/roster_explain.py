"""`qingzai roster explain`: why a place is open and what would fill it, why this person, why not that one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import typer

from api import speak
from api.commands.console import input_errors
from api.commands.files import read_json, refuse_two_stdin, write_json
from api.speak import explanations
from api.speak.commands import line
from api.speak.names import Names
from scheduler import read_problem, read_roster
from scheduler.files.explanations import write_explanation
from scheduler.result import Malformed
from scheduler.roster.explain import Answer, explain, explain_open
from scheduler.roster.explain.answers import Want
from scheduler.roster.explain.judge import who
from scheduler.roster.problem import Problem, Roster

MOST_NEAREST = 3


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
        for indent, text in _lines(answer, names):
            typer.echo("  " * indent + text)
    if not is_open:
        typer.echo(line("nothing_open", names.language))


def _lines(answer: Answer, names: Names) -> Iterator[tuple[int, str]]:
    """Every line of an answer with its indent."""
    if answer.place:
        yield 0, explanations.place(answer.place, names)
        for want in answer.wants:
            yield 1, explanations.want(want, answer.place, names)
            yield from _want_lines(want, names)
    if len(answer.plan) > 1:
        yield 1, line("plan" if answer.plan_fills else "plan_part", names.language)
        yield from ((2, explanations.change(c, names)) for c in answer.plan)
    for held in answer.held:
        yield 1, f"{names.person(who(held.entry))} · {names.entry(held.entry)}"
        yield from ((2, text) for text in explanations.held(held, names))
    for found in answer.candidacies:
        yield from ((1, text) for text in explanations.candidacy(found, names))
    if answer.fallback:
        title, *ways = explanations.fallback(answer.fallback, names)
        yield 1, title
        yield from ((2, text) for text in ways)
    yield from _person_lines(answer, names)


def _want_lines(want: Want, names: Names) -> Iterator[tuple[int, str]]:
    yield 2, explanations.looked_at(want, names)
    yield from ((3, text) for text in [*explanations.counts(want.first, names), *explanations.here(want, names)])
    yield 2, explanations.verdict(want, names)
    if want.changes:
        yield 2, line("changes", names.language)
    for n, change in enumerate(want.changes, start=1):
        yield 3, f"{n}. {explanations.change_and_cost(change, names)}"
        if not change.parts:
            yield from ((4, text) for text in explanations.steps(change, names))
    if want.nearest:
        yield 2, line("nearest", names.language)
        yield from ((3, explanations.candidate(c, names)) for c in want.nearest[:MOST_NEAREST])


def _person_lines(answer: Answer, names: Names) -> Iterator[tuple[int, str]]:
    if person := answer.person:
        yield 0, f"{names.person(person.volunteer)}: {explanations.engaged(person, names)}"
        for held in person.held:
            yield 1, names.entry(held.entry)
            yield from ((2, text) for text in explanations.held(held, names))
        yield from ((1, text) for text in explanations.open_for(person, names))
