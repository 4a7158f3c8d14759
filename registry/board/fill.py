"""Who can fill a place of a class: the free ranked by what they would cost, the others by the rules against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from registry.board.steps import as_roster
from registry.engine.boards import LEVELS, WAIVABLE, Duty, Position, Step, forbidden_by
from registry.errors import NotFound

WEIGHED = 24
"""Of so many free people the whole cost is reckoned: those who know the class, then those who live nearest."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody and the duty that they could have. `rules` are what excludes them; `is_waivable` if a reason would do.
    The rest are what a coordinator asks: distance, whether they know the class, how much of their week is taken."""

    volunteer: str
    name: str
    role: str
    rules: tuple[str, ...]
    is_waivable: bool
    km: float
    knows_class: bool
    engaged: int
    most: int
    cost: tuple[int, int, int] | None


def who_can_fill(position: Position, class_run: str, segment: str) -> tuple[Person, ...]:
    """Everybody who is cleared and not with the class then: the free first, the cheapest of them first.

    Raises:
        NotFound: `place_unknown`.
    """
    run = position.problem.class_run.get(class_run)
    if run is None or segment not in run.segments:
        raise NotFound("place_unknown", id=segment, week=position.problem.week)
    there = {d.volunteer for d in position.roster.duties_in.get(class_run, ()) if d.segment == segment}
    has_lead = any(d.role == "lead" for d in position.roster.duties_in.get(class_run, ()) if d.segment == segment)
    found = [
        _person(position, Duty(v.id, class_run, segment, _role(v.roles, v.adult, has_lead)))
        for v in position.problem.volunteers
        if v.cleared and v.id not in there
    ]
    return (*_weighed(position, class_run, segment, found), *_excluded(found))


def _role(roles: Iterable[str], adult: bool, has_lead: bool) -> str:
    return "lead" if adult and not has_lead and "lead" in roles else "assistant"


def _person(position: Position, duty: Duty) -> Person:
    problem, roster = position.problem, position.roster
    v, site = problem.volunteer[duty.volunteer], problem.class_run[duty.class_run].site
    rules = tuple(forbidden_by(problem, duty))
    if not rules:
        broken, _ = position.breaches(Step(added=as_roster([duty])))
        rules = tuple(sorted({b.rule for b in broken}))
    engaged = {d.segment for d in roster.duties_of.get(v.id, ())}
    engaged |= {problem.slot[x.slot].segment for x in roster.lessons_of.get(v.id, ())}
    knows = any(d.class_run == duty.class_run for d in roster.duties_of.get(v.id, ()))
    return Person(
        v.id, v.name, duty.role, rules, set(rules) <= WAIVABLE, round(problem.km(v.id, site), 1), knows,
        len(engaged), v.max_segments, None,
    )  # fmt: skip


def _weighed(position: Position, class_run: str, segment: str, found: list[Person]) -> list[Person]:
    free = sorted((p for p in found if not p.rules), key=lambda p: (not p.knows_class, p.km, p.engaged, p.volunteer))
    told = []
    for person in free[:WEIGHED]:
        step = Step(added=as_roster([Duty(person.volunteer, class_run, segment, person.role)]))
        told.append((levels(position.judge(step).cost), person))
    ranked = sorted(told, key=lambda pair: pair[0])
    return [replace(person, cost=cost) for cost, person in ranked] + free[WEIGHED:]


def _excluded(found: list[Person]) -> list[Person]:
    return sorted((p for p in found if p.rules), key=lambda p: (not p.is_waivable, len(p.rules), p.km, p.volunteer))


def levels(rise: Mapping[str, int]) -> tuple[int, int, int]:
    """By how much the three levels rise, from the rise of each rule."""
    total = dict.fromkeys(("safety", "programme", "quality"), 0)
    for name, n in rise.items():
        total[LEVELS[name]] += n
    return total["safety"], total["programme"], total["quality"]
