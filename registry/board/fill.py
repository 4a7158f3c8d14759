"""Who can fill a place of a class: the free ranked by what they would cost, the others by the rules against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from registry.board.steps import as_roster, with_room
from registry.engine.boards import LEVELS, WAIVABLE, Duty, Entry, Lesson, Position, Step, forbidden_by, who
from registry.errors import NotFound

NEAREST = 24
"""So many of those whom a written reason might bring are looked at closely; of the rest the first obstacle is told."""
TRIED = 3
"""So many courses of an instructor are tried in a slot."""
WEIGHED = 24
"""Of so many free people the whole cost is reckoned: those who know the class, then those who live nearest."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody and the duty or lesson that they could have, `entry`. `rules` are what excludes them; `is_waivable` if a
    reason would do. The rest are what a coordinator asks: distance, whether they know the class, how much of
    their week is taken."""

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
    entry: Entry


def who_can_fill(position: Position, class_run: str, segment: str) -> tuple[Person, ...]:
    """Everybody who is cleared and not with the class then: the free first, the cheapest of them first.

    Raises:
        NotFound: `place_unknown`.
    """
    run = position.problem.class_run.get(class_run)
    if run is None or segment not in run.segments:
        raise NotFound("place_unknown", id=segment, week=position.problem.week)
    there = {d.volunteer for d in position.roster.duties_in.get(class_run, ()) if d.segment == segment}
    ways = [
        [Duty(v.id, class_run, segment, role_in(position, v.id, class_run, segment))]
        for v in position.problem.volunteers
        if v.cleared and v.id not in there
    ]
    return _told(position, ways)


def role_in(position: Position, volunteer: str, class_run: str, segment: str) -> str:
    """The role that somebody would have with a class: lead where there is no other and they may, else assistant."""
    v, there = position.problem.volunteer[volunteer], position.roster.duties_in.get(class_run, ())
    others = (d for d in there if d.segment == segment and d.volunteer != volunteer)
    has_lead = any(d.role == "lead" for d in others)
    return "lead" if v.adult and not has_lead and "lead" in v.roles else "assistant"


def _told(position: Position, ways: Iterable[Sequence[Entry]], gone: Sequence[Entry] = ()) -> tuple[Person, ...]:
    """Everybody of `ways`, which holds what each could have, in the order in which they are asked for; `gone` makes
    room. What a choice breaks by itself is asked first: of those whom only rules that may be waived keep away, the
    nearest alone are asked about everything else."""
    near, found = [], []
    for several in ways:
        rules = [(forbidden_by(position.problem, entry), entry) for entry in several]
        least = min(len(broken) for broken, _ in rules)
        best = [(tuple(broken), entry) for broken, entry in rules if len(broken) == least][:TRIED]
        if not least:
            found.append(_best(position, [entry for _, entry in best], gone))
        elif set(best[0][0]) <= WAIVABLE:
            near.append(best[0])
        else:
            found.append(_person(position, best[0][1], best[0][0]))
    near.sort(key=lambda pair: (len(pair[0]), _km(position, pair[1]), who(pair[1])))
    found += [_best(position, [entry], gone) for _, entry in near[:NEAREST]]
    found += [_person(position, entry, rules) for rules, entry in near[NEAREST:]]
    return (*_ranked(position, found, gone), *_excluded(found))


def _best(position: Position, entries: Sequence[Entry], gone: Sequence[Entry]) -> Person:
    """The first that breaks nothing, else the one that breaks least."""
    told: list[Person] = []
    for entry in entries:
        broken, _ = position.breaches(Step(as_roster(gone), as_roster([entry])))
        rules = tuple(sorted({v.rule for v in broken}))
        told.append(_person(position, entry, rules, is_waivable=set(rules) <= WAIVABLE))
        if not rules:
            break
    return min(told, key=lambda person: len(person.rules))


def _person(position: Position, entry: Entry, rules: tuple[str, ...], *, is_waivable: bool = False) -> Person:
    problem, roster = position.problem, position.roster
    v = problem.volunteer[who(entry)]
    engaged = {d.segment for d in roster.duties_of.get(v.id, ())}
    engaged |= {problem.slot[x.slot].segment for x in roster.lessons_of.get(v.id, ())}
    return Person(
        v.id, v.name, entry.role if isinstance(entry, Duty) else "instructor", rules, is_waivable,
        round(_km(position, entry), 1), _knows(position, v.id, entry.class_run), len(engaged), v.max_segments, None,
        entry,
    )  # fmt: skip


def _km(position: Position, entry: Entry) -> float:
    return position.problem.km(who(entry), position.problem.class_run[entry.class_run].site)


def _knows(position: Position, volunteer: str, class_run: str) -> bool:
    duties, lessons = position.roster.duties_of.get(volunteer, ()), position.roster.lessons_of.get(volunteer, ())
    return any(e.class_run == class_run for e in (*duties, *lessons))


def who_can_teach(position: Position, class_run: str, slot: str) -> tuple[Person, ...]:
    """Every cleared instructor with the course that suits best: the free first, the cheapest lesson of them first.

    Raises:
        NotFound: `place_unknown`.
    """
    problem, run = position.problem, position.problem.class_run.get(class_run)
    if run is None or slot not in run.slots:
        raise NotFound("place_unknown", id=slot, week=problem.week)
    there = [x for x in position.roster.lessons_in.get(class_run, ()) if x.slot == slot]
    rooms = {k: with_room(position, Lesson(class_run, slot, k, "", None), there) for k in problem.course}
    liked = sorted(rooms, key=lambda k: (-run.interest_in(k), k))
    ways = [
        [replace(rooms[k], instructor=v.id) for k in liked if k in v.courses]
        for v in problem.volunteers
        if v.cleared and v.courses and v.id not in {x.instructor for x in there}
    ]
    return _told(position, ways, there)


def _ranked(position: Position, found: list[Person], gone: Sequence[Entry] = ()) -> list[Person]:
    free = sorted((p for p in found if not p.rules), key=lambda p: (not p.knows_class, p.km, p.engaged, p.volunteer))
    told = []
    for person in free[:WEIGHED]:
        told.append((levels(position.rise(Step(as_roster(gone), as_roster([person.entry])))), person))
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
