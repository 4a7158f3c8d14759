"""Explanations of a weekly roster: why a place is open and what would fill it, why this person, why not that one.

    explain(problem, roster, class_run="c1", segment="1-am")                 the place, and everybody in it
    explain(problem, roster, class_run="c1", slot="1-1", volunteer="v7")     this person and that place
    explain(problem, roster, volunteer="v7")                                 a person's week

An explanation is the answer to a single question; `explain_open` goes through all open places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scheduler.roster.explain.answers import Answer, Candidate, Change, Entry, Place, Want
from scheduler.roster.explain.changes import Finder
from scheduler.roster.explain.count import candidates, counted
from scheduler.roster.explain.held import held
from scheduler.roster.explain.indoors import fallback
from scheduler.roster.explain.judge import Judge, changed, entries, roster_of, who
from scheduler.roster.explain.parts import applied
from scheduler.roster.explain.places import open_places, place_of, places_of_class
from scheduler.roster.explain.wants import AnyWant, wants_of
from scheduler.roster.explain.whynot import candidacies, person
from scheduler.roster.problem import Problem, Roster

MOST_STEPS = 5
"""So many changes one plan may have."""


def explain(
    problem: Problem,
    roster: Roster,
    *,
    class_run: str | None = None,
    segment: str | None = None,
    slot: str | None = None,
    domain: str | None = None,
    volunteer: str | None = None,
) -> Answer:
    """The answer about a place (a class with one of segment, slot, domain), a person, or both.

    All ids must be known and the segment or slot one of the class's. The solver is loaded only where something is
    open, or a person's place has no other taker.
    """
    judge = Judge(problem, roster)
    if class_run is None:
        assert volunteer is not None
        return Answer(volunteer=volunteer, person=person(judge, problem.volunteer[volunteer]))
    place = place_of(problem, roster, class_run, segment=segment, slot=slot, domain=domain)
    if volunteer is not None:
        return _about_person(judge, place, volunteer)
    return _about_place(judge, place)


def explain_open(problem: Problem, roster: Roster, *, class_run: str | None = None) -> Iterator[Answer]:
    """An answer for each open place of the week, or of a class, as it is found; not about who is there."""
    judge = Judge(problem, roster)
    places = open_places(problem, roster) if class_run is None else places_of_class(problem, roster, class_run)
    for place in places:
        yield _about_open(judge, place, Answer(place=place))


def _about_place(judge: Judge, place: Place) -> Answer:
    """Who is there and why, and what is open."""
    several = tuple(held(judge, e, moves=False) for e in _there(judge, place))
    return _about_open(judge, place, Answer(place=place, held=several))


def _about_open(judge: Judge, place: Place, answer: Answer) -> Answer:
    """What is open; on a hot day an outdoor lesson counts as not there."""
    problem, roster = judge.problem, judge.roster
    too_hot = Roster()
    if place.slot is not None:
        answer = replace(answer, fallback=fallback(problem, roster, place.class_run, place.slot))
        if answer.fallback and answer.fallback.is_heat_day and answer.fallback.outdoor:
            too_hot = roster_of(_lessons_there(judge, place))
            judge = Judge(problem, changed(roster, Roster(), too_hot))
    wants = wants_of(place, judge.problem, judge.roster)
    return _instead_of(too_hot, _with_wants(answer, judge, place, wants)) if wants else answer


def _instead_of(gone: Roster, answer: Answer) -> Answer:
    """What each change removes includes the lesson that counted as not there; of a plan, what its first step does."""

    def all_of(change: Change) -> Change:
        return replace(change, removed=changed(change.removed, gone, Roster()))

    wants = (replace(want, changes=tuple(map(all_of, want.changes))) for want in answer.wants)
    return replace(answer, wants=tuple(wants), plan=(*map(all_of, answer.plan[:1]), *answer.plan[1:]))


def _with_wants(answer: Answer, judge: Judge, place: Place, wants: tuple[AnyWant, ...]) -> Answer:
    """Counts for each want, verified changes, and a plan that fills the whole place."""
    finder = Finder(judge)
    found = {want: candidates(judge, want) for want in wants}
    told = []
    for want in wants:
        changes = sorted(finder.changes(want, found[want]), key=lambda change: change.points)
        told.append(replace(counted(judge, want, found[want]), changes=tuple(changes)))
    plan, fills = _plan(judge, place, found, told[0])
    return replace(answer, wants=tuple(told), plan=plan, plan_fills=fills)


def _plan(
    judge: Judge, place: Place, found: dict[AnyWant, list[Candidate]], first: Want
) -> tuple[tuple[Change, ...], bool]:
    """Changes one on top of the other until the place lacks nothing; whether they do so."""
    steps = list(first.changes[:1])
    problem, roster = judge.problem, judge.roster
    for change in steps:  # It grows.
        problem, roster = applied(problem, change.parts), changed(roster, change.added, change.removed)
        wants = wants_of(place, problem, roster)
        if not wants:
            return tuple(steps), True
        if len(steps) == MOST_STEPS:
            break
        used = {who(e) for step in steps for e in entries(step.added)}
        left = [c for c in found.get(wants[0], []) if c.volunteer not in used]
        steps += Finder(Judge(problem, roster)).changes(wants[0], left, most=1)
    return tuple(steps), False


def _about_person(judge: Judge, place: Place, volunteer: str) -> Answer:
    """Why somebody is there, or why not."""
    mine = [e for e in _there(judge, place) if who(e) == volunteer]
    if mine:
        several = tuple(held(judge, e, moves=True) for e in mine)
        return Answer(place=place, volunteer=volunteer, held=several)
    return Answer(
        place=place,
        volunteer=volunteer,
        candidacies=candidacies(judge, place, judge.problem.volunteer[volunteer]),
    )


def _there(judge: Judge, place: Place) -> list[Entry]:
    """The entries of a place, the lead first."""
    if place.segment is not None:
        return [*sorted(judge.cell(place.class_run, place.segment), key=lambda d: (d.role != "lead", d.volunteer))]
    return _lessons_there(judge, place)


def _lessons_there(judge: Judge, place: Place) -> list[Entry]:
    lesson = judge.lesson(place.class_run, place.slot) if place.slot else None
    return [lesson] if lesson else []
