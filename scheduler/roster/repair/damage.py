"""What happened to a published roster: entries that cannot stay, entries that are frozen, pins that fall away.

An entry has become *impossible* if it names something that is gone, or if it would break a hard rule even if it stood
alone in the week (availability, a ban, heat, clearance, a room that is too small, a segment that the class has no
more, `max_segments` 0 ...), rules that its own standing pin waives apart. A minor's lesson is judged beside the duty
that it needs. What only clashes with other entries is a *conflict*, and either may stay.

A frozen entry is never impossible, unless it names something that the problem no longer knows: a roster of this
problem could not name it. To keep the past of a class that closes, leave it with the segments it had until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from scheduler.result import Malformed, PinError, Violation
from scheduler.roster.check import check, pin_errors
from scheduler.roster.problem import Duty, Lesson, Pins, Problem, Roster
from scheduler.roster.rules import forbidden_by

Entry = Duty | Lesson
Waivers = Mapping[Entry, frozenset[str]]


@dataclass(frozen=True)
class Damage:
    """The problem without the pins that fell away, and the published roster in its parts."""

    problem: Problem
    published: Roster
    gone: Roster  # entries that have become impossible
    base: Roster  # the entries that are left
    frozen: Roster  # those of them that are kept whatever the rules say
    dropped: Pins

    @cached_property
    def exempt(self) -> frozenset[str]:
        """Volunteers who lost an entry that has become impossible: what they get instead disturbs nobody."""
        return self.gone.people

    @cached_property
    def conflicts(self) -> tuple[Violation, ...]:
        """What is broken by the entries that are left, together."""
        found = check(self.problem, self.base).violations
        return tuple(v for v in found if v.rule != "pins" and not is_all_frozen(v, self.frozen))

    @cached_property
    def missing_pins(self) -> Roster:
        """Pins that the published roster does not hold."""
        duties = frozenset(d for d, _ in self.problem.pins.duties) - self.base.duties
        return Roster(duties, frozenset(x for x, _ in self.problem.pins.lessons) - self.base.lessons)

    @cached_property
    def forced(self) -> frozenset[str]:
        """People who change in any repair: a conflict is about their entries alone, or they get a new pin."""
        alone = [people for v in self.conflicts if len(people := _people(v)) == 1]
        return self.missing_pins.people.union(*alone)

    @cached_property
    def disputes(self) -> list[frozenset[str]]:
        """People of conflicts between several: at least one of each changes."""
        return [people for v in self.conflicts if len(people := _people(v)) > 1]

    @cached_property
    def open_segments(self) -> frozenset[str]:
        """The segments that are not frozen."""
        return frozenset(s.id for s in self.problem.segments if not is_frozen(self.problem, s.id))


def _people(violation: Violation) -> frozenset[str]:
    return frozenset(person(e) for e in violation.subject)


def person(entry: Entry) -> str:
    """The volunteer of an entry."""
    return entry.volunteer if isinstance(entry, Duty) else entry.instructor


def segment_of(problem: Problem, entry: Entry) -> str:
    """The segment of an entry whose ids are known."""
    return entry.segment if isinstance(entry, Duty) else problem.slot[entry.slot].segment


def is_frozen(problem: Problem, segment: str) -> bool:
    """Whether a segment begins before `frozen_before`."""
    if problem.frozen_before is None:
        return False
    s, first = problem.segment[segment], problem.segment[problem.frozen_before]
    return (s.weekday, s.start) < (first.weekday, first.start)


def is_all_frozen(violation: Violation, frozen: Roster) -> bool:
    """Whether a breach is about frozen entries alone; those are not judged again."""
    return all(e in (frozen.duties if isinstance(e, Duty) else frozen.lessons) for e in violation.subject)


def assess(problem: Problem) -> Damage:
    """What is left of the published roster. Raises Malformed where the problem has none, PinError for wrong pins."""
    published = problem.published
    if published is None:
        raise Malformed("published", "nothing_published")
    known = _select(published, lambda e: _is_known(problem, e))
    frozen = _select(known, lambda e: is_frozen(problem, segment_of(problem, e)))
    problem, dropped = _without_lost_pins(problem, published, frozen)
    waivers = _waivers(problem)
    held = _select(known, lambda e: is_in(e, frozen) or not _is_impossible(problem, waivers, e))
    gone = Roster(published.duties - held.duties, published.lessons - held.lessons)
    return Damage(problem, published, gone, held, frozen, dropped)


def _select(roster: Roster, keep: Callable[[Entry], bool]) -> Roster:
    return Roster(frozenset(d for d in roster.duties if keep(d)), frozenset(x for x in roster.lessons if keep(x)))


def _is_known(problem: Problem, e: Entry) -> bool:
    if person(e) not in problem.volunteer or e.class_run not in problem.class_run:
        return False
    if isinstance(e, Duty):
        return e.segment in problem.segment
    return e.slot in problem.slot and e.course in problem.course and (e.room is None or e.room in problem.room)


def is_impossible(problem: Problem, entry: Entry) -> bool:
    """Whether an entry with known ids breaks a rule even if it stood alone in the week."""
    return _is_impossible(problem, _waivers(problem), entry)


def _is_impossible(problem: Problem, waivers: Waivers, entry: Entry) -> bool:
    waived = waivers.get(entry, frozenset())
    if not waived.issuperset(forbidden_by(problem, entry)):
        return True
    v = problem.volunteer[person(entry)]
    if v.max_segments == 0 and "load" not in waived:
        return True
    if not isinstance(entry, Lesson):
        return False
    if problem.policy.max_lessons_per_course == 0 and "lesson" not in waived:
        return True
    return not v.adult and not _may_assist(problem, waivers, entry)


def _may_assist(problem: Problem, waivers: Waivers, lesson: Lesson) -> bool:
    """Whether a minor may have the duty without which the lesson would be a visit."""
    duty = Duty(lesson.instructor, lesson.class_run, problem.slot[lesson.slot].segment, "assistant")
    return waivers.get(duty, frozenset()).issuperset(forbidden_by(problem, duty))


def _waivers(problem: Problem) -> Waivers:
    return {**dict(problem.pins.duties), **dict(problem.pins.lessons)}


def _without_lost_pins(problem: Problem, published: Roster, frozen: Roster) -> tuple[Problem, Pins]:
    """Pins that cannot hold any more are taken out: each by itself, then the last of those that clash.

    Raises PinError for pins that the published roster does not hold: those have not become impossible, they are wrong.
    """
    lost: set[Entry] = set()
    for entry in _waivers(problem):
        if is_frozen(problem, segment_of(problem, entry)):
            if not is_in(entry, frozen):
                lost.add(entry)
        elif is_in(entry, published) and is_impossible(problem, entry):
            lost.add(entry)
    while True:
        left = replace(problem, pins=_pins(problem.pins, lost, inside=False))
        broken = [v for v in pin_errors(left) if not is_all_frozen(v, frozen)]
        if wrong := tuple(v for v in broken if not all(is_in(e, published) for e in v.subject)):
            raise PinError(wrong)
        if not broken:
            return left, _pins(problem.pins, lost, inside=True)
        order = list(_waivers(left))
        lost.add(max((e for e in broken[0].subject if not is_in(e, frozen)), key=order.index))


def is_in(entry: Entry, roster: Roster) -> bool:
    """Whether a roster holds the entry."""
    return entry in roster.duties or entry in roster.lessons


def _pins(pins: Pins, lost: set[Entry], *, inside: bool) -> Pins:
    return Pins(
        tuple(p for p in pins.duties if (p[0] in lost) == inside),
        tuple(p for p in pins.lessons if (p[0] in lost) == inside),
    )
