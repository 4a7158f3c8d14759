"""Why: explanations of a stored week, kept for a while, and nothing in them of people without a background check."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry.engine.rosters import Answer, Candidate, Change, Duty, Lesson, Part, Problem, Roster, Want, explain
from registry.errors import NotFound, Refused
from registry.rostering.week_store import StoredWeek, class_names

KEPT = 500
"""So many answers are kept: a finished draft never changes, and an answer takes up to half a second of work."""

NOBODY = ""
"""Stands for somebody whose name and number are not told."""


@dataclass(frozen=True, slots=True)
class Question:
    """A place of a class (one of segment, slot, domain), a person, or a person and a place."""

    class_run: str | None = None
    segment: str | None = None
    slot: str | None = None
    domain: str | None = None
    volunteer: str | None = None


class Explainer:
    """Answers questions about stored weeks, two at a time, and keeps the answers. May be shared by threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(2)

    def answer(self, week: StoredWeek, question: Question) -> Answer:
        """The answer to a question about a week.

        Raises:
            NotFound: `class_unknown`, `volunteer_unknown`, `place_unknown`.
            Refused: `place_needed`.
        """
        checked(week, question)
        key = week.draft.kind, week.monday, week.draft.id, question
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        with self._turns:
            made = _answered(week, question)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def names_of(week: StoredWeek) -> dict[str, str]:
    """The district's own words for the classes of a week."""
    return class_names(week.problem_json)


def checked(week: StoredWeek, question: Question) -> None:
    """Make sure that a question is about something that is there."""
    if question.volunteer is not None:
        week.volunteer_row(question.volunteer)
    hours = [x for x in (question.segment, question.slot, question.domain) if x is not None]
    if question.class_run is None:
        if question.volunteer is None or hours:
            raise Refused("place_needed")
        return
    row = week.class_row(question.class_run)
    if len(hours) != 1:
        raise Refused("place_needed")
    run = week.problem.class_run[row.id]
    mine = {"segment": run.segments, "slot": run.slots, "domain": tuple(week.problem.minimums(run))}
    asked = {"segment": question.segment, "slot": question.slot, "domain": question.domain}
    for kind, id_ in asked.items():
        if id_ is not None and id_ not in mine[kind]:
            raise NotFound("place_unknown", id=id_, week=week.monday.isoformat())


def _answered(week: StoredWeek, question: Question) -> Answer:
    answer = explain(
        week.problem,
        week.roster,
        class_run=question.class_run,
        segment=question.segment,
        slot=question.slot,
        domain=question.domain,
        volunteer=question.volunteer,
    )
    return without_uncleared(answer, week.problem)


def without_uncleared(answer: Answer, problem: Problem) -> Answer:
    """The answer with nobody in it who has no background check: that one would help is told, not whose."""
    hidden = frozenset(v.id for v in problem.volunteers if not v.cleared)
    return replace(
        answer,
        wants=tuple(_want(want, hidden) for want in answer.wants),
        plan=tuple(_change(change, hidden) for change in answer.plan),
    )


def _want(want: Want, hidden: frozenset[str]) -> Want:
    return replace(
        want,
        free=_others(want.free, hidden),
        nearest=_others(want.nearest, hidden),
        changes=tuple(_change(change, hidden) for change in want.changes),
    )


def _others(found: Iterable[Candidate], hidden: frozenset[str]) -> tuple[Candidate, ...]:
    return tuple(c for c in found if c.volunteer not in hidden)


def _change(change: Change, hidden: frozenset[str]) -> Change:
    return replace(
        change,
        parts=tuple(_part(part, hidden) for part in change.parts),
        added=_roster(change.added, hidden),
        removed=_roster(change.removed, hidden),
    )


def _part(part: Part, hidden: frozenset[str]) -> Part:
    if part.facts.get("volunteer") not in hidden:
        return part
    return Part(part.kind, {**part.facts, "volunteer": None})


def _roster(roster: Roster, hidden: frozenset[str]) -> Roster:
    def duty(d: Duty) -> Duty:
        return replace(d, volunteer=NOBODY) if d.volunteer in hidden else d

    def lesson(x: Lesson) -> Lesson:
        return replace(x, instructor=NOBODY) if x.instructor in hidden else x

    return Roster(frozenset(map(duty, roster.duties)), frozenset(map(lesson, roster.lessons)))
