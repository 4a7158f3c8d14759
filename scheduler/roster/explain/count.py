"""How many volunteers each rule keeps out of a place, who comes nearest, and which rules would have to give way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scheduler.roster.explain.answers import Candidate, Exclusion, Want
from scheduler.roster.explain.judge import ORDER, Judge
from scheduler.roster.explain.wants import AnyWant, Way
from scheduler.roster.problem import Volunteer
from scheduler.roster.rules import forbidden_by

NEAREST = 8
"""So many of those who come nearest are named."""

GROUPS: tuple[tuple[str, ...], ...] = (
    ("one_place", "travel"),
    ("room",),
    ("roles",),
    ("clearance",),
    ("availability",),
    ("reach",),
    ("load",),
)
"""Rules that can give way, the hardest first. Who is elsewhere can only be moved, and is then missing there."""


def candidate(judge: Judge, want: AnyWant, v: Volunteer) -> Candidate:
    """A volunteer's nearest way to fill the place: excluded by the fewest rules, then by those last in `ORDER`."""
    found = [_judged(judge, want, v, way) for way in _most_promising(judge, want, v)]
    if not found:
        return Candidate(v.id, None, (Exclusion("roles", {"volunteer": v.id, "role": "instructor"}),))
    return min(found, key=lambda c: (nearness(c), repr(c.entry)))


def nearness(found: Candidate) -> tuple[int, int]:
    """Sort key of candidates, the nearest first."""
    return len(found.exclusions), -_first(found)


def _first(found: Candidate) -> int:
    return ORDER.index(found.exclusions[0].rule) if found.exclusions else len(ORDER)


def _most_promising(judge: Judge, want: AnyWant, v: Volunteer) -> list[Way]:
    """The ways that the fewest rules over single choices forbid: only these are looked at in the roster."""
    ways = [(len(forbidden_by(judge.problem, way[0])), way) for way in want.ways(judge, v)]
    least = min((n for n, _ in ways), default=0)
    return [way for n, way in ways if n == least]


def _judged(judge: Judge, want: AnyWant, v: Volunteer, way: Way) -> Candidate:
    entry, removed = way
    return Candidate(v.id, entry, merged(want.unfit(v), judge.exclusions(entry, removed)), removed)


def merged(unfit: tuple[Exclusion, ...], found: tuple[Exclusion, ...]) -> tuple[Exclusion, ...]:
    """Exclusions of two kinds in `ORDER`, one for a rule."""
    by_rule = {e.rule: e for e in (*found, *unfit)}
    return tuple(sorted(by_rule.values(), key=lambda e: ORDER.index(e.rule)))


def candidates(judge: Judge, want: AnyWant) -> list[Candidate]:
    """Everybody who is not there anyway, the nearest first."""
    found = [candidate(judge, want, v) for v in judge.problem.volunteers if not want.is_here(judge, v)]
    return sorted(found, key=lambda c: (nearness(c), c.volunteer))


def counted(judge: Judge, want: AnyWant, found: list[Candidate]) -> Want:
    """The candidates as counts; changes come later."""
    free = tuple(c for c in found if not c.exclusions)
    volunteers = len(judge.problem.volunteers)
    return Want(
        kind=want.kind,
        missing=want.missing(judge.problem, judge.roster),
        volunteers=volunteers,
        here=volunteers - len(found),
        free=free,
        first=tally(c.exclusions[0].rule for c in found if c.exclusions),
        each=tally(e.rule for c in found for e in c.exclusions),
        nearest=tuple(c for c in found if c.exclusions and c.entry)[:NEAREST],
        core=() if free else core(found),
    )


def tally(rules: Iterable[str]) -> Mapping[str, int]:
    """How often each rule occurs, in `ORDER`."""
    count = dict.fromkeys(ORDER, 0)
    for rule in rules:
        count[rule] += 1
    return {rule: n for rule, n in count.items() if n}


def core(found: list[Candidate]) -> tuple[str, ...]:
    """A deletion filter: all groups give way, then one after the other holds again unless somebody needs it.

    What is left is enough for somebody, and nothing of it is superfluous. Empty where all of them are not enough.
    """
    needs = [c.rules for c in found if c.entry]
    giving = set(GROUPS)
    if not _is_enough(needs, giving):
        return ()
    for group in GROUPS:
        if _is_enough(needs, giving - {group}):
            giving.remove(group)
    needed = set().union(*giving)
    used = min((rules for rules in needs if rules <= needed), key=lambda rules: (len(rules), sorted(rules)))
    return tuple(sorted(used, key=ORDER.index))


def _is_enough(needs: list[frozenset[str]], giving: set[tuple[str, ...]]) -> bool:
    rules = {rule for group in giving for rule in group}
    return any(rules_ <= rules for rules_ in needs)
