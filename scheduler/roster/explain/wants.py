"""What a place lacks, and every way in which a volunteer could give it.

A want knows how much of it is missing, which entries would fill it, and what the solver's model must make true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.roster.explain.answers import Entry, Exclusion, Place
from scheduler.roster.explain.judge import Judge
from scheduler.roster.problem import ClassRun, Course, Duty, Lesson, Problem, Roster, Volunteer

if TYPE_CHECKING:
    from scheduler.roster.model import Model

Way = tuple[Entry, tuple[Entry, ...]]
"""An entry that would fill a place, and the entries that it would replace."""


@dataclass(frozen=True)
class Lead:
    """A class without a lead in a segment."""

    class_run: str
    segment: str
    kind = "lead"
    level = "safety"

    def missing(self, problem: Problem, roster: Roster) -> int:
        """1 without a lead, else 0."""
        return int(not any(d.role == "lead" for d in _on_duty(self, roster)))

    def is_here(self, judge: Judge, v: Volunteer) -> bool:
        """Nobody leads yet; whoever assists may still become the lead."""
        return False

    def ways(self, judge: Judge, v: Volunteer) -> Iterator[Way]:
        """As the lead, instead of as an assistant where the volunteer is one."""
        now = tuple(d for d in judge.cell(self.class_run, self.segment) if d.volunteer == v.id)
        yield Duty(v.id, self.class_run, self.segment, "lead"), now

    def unfit(self, v: Volunteer) -> tuple[Exclusion, ...]:
        """What excludes somebody besides the rules of the entry."""
        return ()

    def require(self, model: Model, roster: Roster) -> None:
        """There is a lead."""
        model.cp.add(sum(x for _, x in model.leads_in.get((self.class_run, self.segment), ())) >= 1)


@dataclass(frozen=True)
class Adult:
    """A class with fewer adults in a segment than it needs."""

    class_run: str
    segment: str
    kind = "adult"
    level = "safety"

    def missing(self, problem: Problem, roster: Roster) -> int:
        """Adults missing."""
        return max(0, problem.need(problem.class_run[self.class_run]) - self.adults(problem, roster))

    def adults(self, problem: Problem, roster: Roster) -> int:
        """Adults there."""
        return sum(problem.volunteer[d.volunteer].adult for d in _on_duty(self, roster))

    def is_here(self, judge: Judge, v: Volunteer) -> bool:
        """Whether the volunteer is on duty with the class then."""
        return any(d.volunteer == v.id for d in judge.cell(self.class_run, self.segment))

    def ways(self, judge: Judge, v: Volunteer) -> Iterator[Way]:
        """As an assistant."""
        yield Duty(v.id, self.class_run, self.segment, "assistant"), ()

    def unfit(self, v: Volunteer) -> tuple[Exclusion, ...]:
        """A minor may assist, but does not count as an adult."""
        return () if v.adult else (Exclusion("adulthood", {"volunteer": v.id, "as": "adult"}),)

    def require(self, model: Model, roster: Roster) -> None:
        """There is one adult more than in the roster."""
        there = model.duties_in.get((self.class_run, self.segment), ())
        adults = [x for v, x in there if model.problem.volunteer[v].adult]
        model.cp.add(sum(adults) >= self.adults(model.problem, roster) + 1)


@dataclass(frozen=True)
class AnyLesson:
    """A slot without a lesson."""

    class_run: str
    slot: str
    kind = "lesson"
    level = "programme"

    def missing(self, problem: Problem, roster: Roster) -> int:
        """1 without a lesson, else 0."""
        return int(not any(x.slot == self.slot for x in roster.lessons_in.get(self.class_run, ())))

    def is_here(self, judge: Judge, v: Volunteer) -> bool:
        """Nobody gives a lesson there yet."""
        return False

    def ways(self, judge: Judge, v: Volunteer) -> Iterator[Way]:
        """Any course of the volunteer's, in any room of the kind that it needs."""
        run = judge.problem.class_run[self.class_run]
        for course in _courses(judge.problem, v):
            for room in rooms(judge.problem, run, course):
                yield Lesson(run.id, self.slot, course.id, v.id, room), ()

    def unfit(self, v: Volunteer) -> tuple[Exclusion, ...]:
        """What excludes somebody besides the rules of the entry."""
        return ()

    def require(self, model: Model, roster: Roster) -> None:
        """There is a lesson."""
        model.cp.add(sum(x for _, x in model.lessons_in.get((self.class_run, self.slot), ())) >= 1)


@dataclass(frozen=True)
class DomainLesson:
    """A class with fewer lessons of a domain in the week than its minimum."""

    class_run: str
    domain: str
    kind = "domain"
    level = "programme"

    def missing(self, problem: Problem, roster: Roster) -> int:
        """Lessons missing from the minimum, cut to fit the class's slots."""
        run = problem.class_run[self.class_run]
        return max(0, problem.minimums(run).get(self.domain, 0) - self.given(problem, roster))

    def given(self, problem: Problem, roster: Roster) -> int:
        """Lessons of the domain."""
        return given(problem, roster, self.class_run).get(self.domain, 0)

    def is_here(self, judge: Judge, v: Volunteer) -> bool:
        """Whoever gives the class a lesson may give another one."""
        return False

    def ways(self, judge: Judge, v: Volunteer) -> Iterator[Way]:
        """A course of the domain in an open slot, or in one whose lesson the class can spare."""
        problem = judge.problem
        run = problem.class_run[self.class_run]
        courses = [k for k in _courses(problem, v) if k.domain == self.domain]
        for slot, now in _slots_to_spare(judge, run) if courses else ():
            for course in courses:
                for room in rooms(problem, run, course):
                    yield Lesson(run.id, slot, course.id, v.id, room), now

    def unfit(self, v: Volunteer) -> tuple[Exclusion, ...]:
        """What excludes somebody besides the rules of the entry."""
        return ()

    def require(self, model: Model, roster: Roster) -> None:
        """There is one lesson of the domain more than in the roster."""
        problem, run = model.problem, model.problem.class_run[self.class_run]
        several = [pair for t in run.slots for pair in model.lessons_in.get((run.id, t), ())]
        of_domain = [x for key, x in several if problem.course[key[2]].domain == self.domain]
        model.cp.add(sum(of_domain) >= self.given(problem, roster) + 1)


AnyWant = Lead | Adult | AnyLesson | DomainLesson


def wants_of(place: Place, problem: Problem, roster: Roster) -> tuple[AnyWant, ...]:
    """What the place lacks, the gravest first; nothing where it is complete."""
    several: tuple[AnyWant, ...]
    if place.segment is not None:
        several = (Lead(place.class_run, place.segment), Adult(place.class_run, place.segment))
    elif place.slot is not None:
        several = (AnyLesson(place.class_run, place.slot),)
    else:
        several = (DomainLesson(place.class_run, place.domain or ""),)
    return tuple(want for want in several if want.missing(problem, roster))


def rooms(problem: Problem, run: ClassRun, course: Course) -> list[str | None]:
    """The rooms of the kind that a course needs at the class's site; None where it needs none, or there is none."""
    if course.room_kind is None:
        return [None]
    return [r.id for r in problem.site[run.site].rooms if r.kind == course.room_kind] or [None]


def given(problem: Problem, roster: Roster, class_run: str) -> dict[str, int]:
    """The lessons of a class by domain."""
    count: dict[str, int] = {}
    for lesson in roster.lessons_in.get(class_run, ()):
        domain = problem.course[lesson.course].domain
        count[domain] = count.get(domain, 0) + 1
    return count


def _on_duty(want: Lead | Adult, roster: Roster) -> list[Duty]:
    return [d for d in roster.duties_in.get(want.class_run, ()) if d.segment == want.segment]


def _courses(problem: Problem, v: Volunteer) -> list[Course]:
    return [problem.course[k] for k in sorted(v.courses)] if "instructor" in v.roles else []


def _slots_to_spare(judge: Judge, run: ClassRun) -> list[tuple[str, tuple[Lesson, ...]]]:
    """Open slots, then those whose lesson belongs to a domain that has more than its minimum; pins stay."""
    problem = judge.problem
    least, count = problem.minimums(run), given(problem, judge.roster, run.id)
    pinned = {x for x, _ in problem.pins.lessons}
    lessons = {x.slot: x for x in judge.roster.lessons_in.get(run.id, ())}
    found: list[tuple[str, tuple[Lesson, ...]]] = [(t, ()) for t in run.slots if t not in lessons]
    for t in run.slots:
        if (now := lessons.get(t)) is not None and now not in pinned:
            domain = problem.course[now.course].domain
            if count[domain] > least.get(domain, 0):
                found.append((t, (now,)))
    return found
