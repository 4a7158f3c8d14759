"""The cheapest changes that fill a place, each verified: the part of the week around it is solved again with the
change, and the roster that comes out is checked and costed. What could not be verified is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scheduler.result import Cost
from scheduler.roster.check import cost
from scheduler.roster.explain.answers import Candidate, Change, Part
from scheduler.roster.explain.judge import Judge, added_to, difference, entries, is_sound, who
from scheduler.roster.explain.local import Near, solve_near
from scheduler.roster.explain.moves import own_cell, with_moves
from scheduler.roster.explain.parts import (
    applied,
    instructor_part,
    least_change,
    newcomer,
    newcomers,
    parts_for,
    person_part,
    points,
    smaller_for_room,
)
from scheduler.roster.explain.wants import Adult, AnyWant, Lead
from scheduler.roster.problem import Lesson, Problem, Roster, Volunteer

MOST_CHANGES = 5
"""So many different kinds of change are shown."""
MOST_WEIGHED = 12
"""So many of those who are free are compared by what they would cost."""
MOST_COURSES = 40
"""So many courses are compared for an instructor who does not exist yet."""
MOST_TRIES = 10
"""After so many no further alternatives are looked for; the first change is looked for to the end."""
A_KIND = 3
"""So many changes of one kind are tried before the next kind is."""


@dataclass(frozen=True)
class Proposal:
    """Parts of a change, and the part of the week that is free to use them."""

    parts: tuple[Part, ...]
    near: Near | None
    """None: the week need not change; the place no longer lacks anything."""

    @property
    def kind(self) -> str:
        """As of a change; what needs no part is told apart by whether it frees more than one cell."""
        return self.parts[0].kind if self.parts else "assign" if _is_one_cell(self.near) else "move"


class Finder:
    """Finds changes for one problem and roster. How much it tries is counted, not timed: the same answer anywhere."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.problem, self.roster = judge.problem, judge.roster
        self.before = cost(self.problem, self.roster)

    def changes(self, want: AnyWant, found: list[Candidate], most: int = MOST_CHANGES) -> Iterator[Change]:
        """Verified changes, the cheapest first, one of a kind."""
        shown: set[str] = set()
        tried: dict[str, int] = {}
        for proposal in self._proposals(want, found):
            if len(shown) == most or (shown and sum(tried.values()) >= MOST_TRIES):
                return
            kind = proposal.kind
            if kind in shown or tried.get(kind, 0) == A_KIND or (kind == "move" and "assign" in shown):
                continue
            tried[kind] = tried.get(kind, 0) + 1
            if (change := self.verified(want, proposal)) is not None:
                shown.add(kind)
                yield change

    def _proposals(self, want: AnyWant, found: list[Candidate]) -> Iterator[Proposal]:
        """In the order of costs: free, moved, then by points."""
        for c in self._best(c for c in found if not c.exclusions):
            yield Proposal((), own_cell(c))
        yield Proposal((), with_moves(self.judge, want, found))
        dear = [*self._of_people(found), *self._of_nobody(want, found)]
        yield from sorted(dear, key=lambda p: (points(p.parts), [part.kind for part in p.parts], repr(p.parts)))

    def _best(self, free: Iterator[Candidate]) -> list[Candidate]:
        some = [c for c in free if c.entry][:MOST_WEIGHED]
        return sorted(some, key=lambda c: (self.judge.worth([c.entry] if c.entry else [], c.removed), c.volunteer))

    def _of_people(self, found: list[Candidate]) -> Iterator[Proposal]:
        """Something of one person would have to be different."""
        for c in found:
            if c.exclusions and c.entry:
                if parts := parts_for(self.problem, c):
                    yield Proposal(parts, own_cell(c))
                if part := smaller_for_room(self.problem, c):
                    yield Proposal((part,), own_cell(c))

    def _of_nobody(self, want: AnyWant, found: list[Candidate]) -> Iterator[Proposal]:
        """Fewer children, or somebody who is not there yet."""
        if isinstance(want, Adult) and (part := least_change(self.problem, self.roster, want)):
            yield Proposal((part,), None)
        if isinstance(want, Lead | Adult):
            part = person_part(want, self.problem)
            yield Proposal((part,), self._near_newcomer(part, (want.class_run, want.segment)))
        elif lesson := self._best_new_lesson(want):
            part = instructor_part(lesson, self.problem)
            yield Proposal((part,), self._near_newcomer(part, (lesson.class_run, lesson.slot)))

    def _near_newcomer(self, part: Part, cell: tuple[str, str]) -> Near:
        people = frozenset(newcomers(self.problem, applied(self.problem, [part])))
        if part.kind == "person":
            return Near(frozenset({cell}), frozenset(), people)
        now = self.judge.lesson(*cell)
        return Near(frozenset(), frozenset({cell}), people | ({now.instructor} if now else set()))

    def _best_new_lesson(self, want: AnyWant) -> Lesson | None:
        """The lesson that is worth most, if somebody could be found for it."""
        someone = newcomer(self.problem, want)
        judge = Judge(_with_one_more(self.problem, someone), self.roster)
        possible = (way for way in want.ways(judge, someone) if not judge.exclusions(*way))
        some = [way for way, _ in zip(possible, range(MOST_COURSES), strict=False)]
        best = min(some, key=lambda way: (judge.worth([way[0]], way[1]), repr(way[0])), default=None)
        return best[0] if best and isinstance(best[0], Lesson) else None

    def verified(self, want: AnyWant, proposal: Proposal) -> Change | None:
        """The change as it comes out of the solver, if it keeps every rule and fills one place of the want."""
        problem = applied(self.problem, proposal.parts)
        roster: Roster | None = self.roster
        if proposal.near is not None:
            roster = solve_near(
                problem,
                self.roster,
                proposal.near,
                lambda model: want.require(model, self.roster),
                saving=want.level,
            )
        if roster is None or want.missing(problem, roster) >= want.missing(self.problem, self.roster):
            return None
        after = self._after(proposal, problem, roster)
        if not self._is_better(want, after) or not is_sound(self.judge, problem, roster):
            return None
        return self._change(proposal, roster, after)

    def _after(self, proposal: Proposal, problem: Problem, roster: Roster) -> Cost:
        """What the roster costs then: what it costs now and what the people and classes that differ add."""
        facts = [part.facts for part in proposal.parts]
        people = [str(f["volunteer"]) for f in facts if "volunteer" in f]
        people += newcomers(self.problem, problem)
        more = difference(self.judge, problem, roster, people, [str(f["class"]) for f in facts if "class" in f])
        return Cost(*(a + b for a, b in zip(self.before, more, strict=True)))

    def _is_better(self, want: AnyWant, after: Cost) -> bool:
        saved = {name: b - a for name, b, a in zip(Cost._fields, self.before, after, strict=True)}
        return saved["safety"] >= 0 and saved["programme"] >= 0 and saved[want.level] > 0

    def _change(self, proposal: Proposal, roster: Roster, after: Cost) -> Change:
        added, removed = added_to(self.roster, roster), added_to(roster, self.roster)
        moved = {who(e) for e in entries(removed)}
        if proposal.parts or _is_one_cell(proposal.near):
            moved -= {str(part.facts.get("volunteer")) for part in proposal.parts}
            moved -= {who(e) for e in entries(added)}
        return Change(proposal.parts, points(proposal.parts), added, removed, tuple(sorted(moved)), self.before, after)


def _is_one_cell(near: Near | None) -> bool:
    return near is None or len(near.duty_cells) + len(near.lesson_cells) == 1


def _with_one_more(problem: Problem, someone: Volunteer) -> Problem:
    return replace(problem, volunteers=(*problem.volunteers, someone))
