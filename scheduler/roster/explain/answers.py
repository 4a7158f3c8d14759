"""What an explanation says, as codes and figures; `api.speak` makes sentences of it, `scheduler.files` JSON.

A *place* is what can be open: the people of a class in a segment, the lesson of a class in a slot, a domain of a
class. A *want* is what it lacks: a lead, adults, a lesson. Costs that are differences may be negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.result import Cost
from scheduler.roster.problem import Duty, Lesson, Roster

Entry = Duty | Lesson


@dataclass(frozen=True)
class Place:
    """Where something is or is not: exactly one of `segment`, `slot`, `domain` is given, and says which kind.

    `facts` of people: need, adults, missing, below_minimum, has_lead, children. Of a lesson: weekday, is_heat_day,
    is_open, course. Of a domain: minimum, given, missing.
    """

    class_run: str
    segment: str | None = None
    slot: str | None = None
    domain: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """people, lesson or domain."""
        return "people" if self.segment else "lesson" if self.slot else "domain"


@dataclass(frozen=True)
class Exclusion:
    """A rule that keeps somebody out, its figures, and the entries of the roster that it clashes with."""

    rule: str
    facts: Mapping[str, object]
    against: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Somebody, the entry that would come nearest to filling the place, and what excludes it (nothing: free).

    `entry` is None for somebody who could give no lesson at all. `removed` are entries it would take the place of.
    """

    volunteer: str
    entry: Entry | None
    exclusions: tuple[Exclusion, ...]
    removed: tuple[Entry, ...] = ()

    @property
    def rules(self) -> frozenset[str]:
        """The names of the rules that exclude."""
        return frozenset(e.rule for e in self.exclusions)


@dataclass(frozen=True)
class Part:
    """One thing that would have to be different. `kind`: load, reach, availability, clearance, role, children,
    person, instructor, room; `facts` name whose and how much."""

    kind: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Change:
    """What fills a place, found and checked with the solver's own model.

    Without `parts` nothing has to be different: somebody is simply free, or others only have to move (`moved`).
    `added` and `removed` are all entries that differ. `before` and `after` are costs of the whole roster.
    """

    parts: tuple[Part, ...]
    points: int
    added: Roster
    removed: Roster
    moved: tuple[str, ...]
    before: Cost
    after: Cost

    @property
    def kind(self) -> str:
        """assign, move, or the kind of its dearest part (the first)."""
        return self.parts[0].kind if self.parts else "move" if self.moved else "assign"


@dataclass(frozen=True)
class Want:
    """What a place lacks and who could give it.

    `volunteers` are all that were looked at, `here` those who are with the class then anyway. `first` counts each of
    the others who is excluded once, under one rule; `each` under every rule that excludes them. `core` are the rules
    that would have to give way for somebody, none of them superfluous; empty where nothing has to, or nothing helps.
    `changes` are verified ways to fill one place of it, the cheapest first.
    """

    kind: str
    missing: int
    volunteers: int
    here: int
    free: tuple[Candidate, ...]
    first: Mapping[str, int]
    each: Mapping[str, int]
    nearest: tuple[Candidate, ...]
    core: tuple[str, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Instead:
    """Another way to fill a place that somebody holds, and what it would cost more than now.

    `others` are those who would have to move besides.
    """

    entry: Entry
    cost: Cost
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """Why somebody is where they are: what the roster would cost more without them, and the next best ways.

    `is_pinned`: somebody decided it, and there is no other way.
    """

    entry: Entry
    without: Cost
    instead: tuple[Instead, ...]
    is_pinned: bool = False


@dataclass(frozen=True)
class Swap:
    """Taking the place of somebody: what would still exclude it, or else what it would cost more than now."""

    entry: Entry
    exclusions: tuple[Exclusion, ...]
    cost: Cost | None


@dataclass(frozen=True)
class Candidacy:
    """Why somebody is not there: every rule that excludes this entry, or what adding it would cost more than now."""

    entry: Entry | None
    exclusions: tuple[Exclusion, ...]
    cost: Cost | None
    swaps: tuple[Swap, ...] = ()


@dataclass(frozen=True)
class Indoors:
    """An indoor lesson that could be given instead, and what it would cost more than now (without the outdoor one)."""

    lesson: Lesson
    interest: int
    cost: Cost


@dataclass(frozen=True)
class Fallback:
    """What a class could do indoors in a slot. `outdoor` is the course outdoors that stands there, if any."""

    weekday: int
    is_heat_day: bool
    outdoor: str | None
    lessons: tuple[Indoors, ...]


@dataclass(frozen=True)
class Person:
    """A volunteer's week: what they hold and what it is worth, and for the open places they have time for, why not.

    `open_places` counts the open places of the week that were looked at; `first` under which rule each is closed to
    them, as in `Want`. `chances` are those that no rule closes, `near` some that one rule alone does.
    """

    volunteer: str
    engaged: int
    max_segments: int
    held: tuple[Held, ...]
    open_places: int
    first: Mapping[str, int]
    chances: tuple[tuple[Place, Candidate], ...]
    near: tuple[tuple[Place, Candidate], ...]


@dataclass(frozen=True)
class Answer:
    """The answer to one question. What does not belong to the question is None or empty."""

    place: Place | None = None
    volunteer: str | None = None
    wants: tuple[Want, ...] = ()
    plan: tuple[Change, ...] = ()
    plan_fills: bool = False
    held: tuple[Held, ...] = ()
    candidacies: tuple[Candidacy, ...] = ()
    fallback: Fallback | None = None
    person: Person | None = None
