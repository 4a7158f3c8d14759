"""What every problem answers with: honest statuses, level costs and proven bounds, breaches, input errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scheduler.roster.problem import Duty, Lesson, Pins, Roster


class Cost(NamedTuple):
    """The three levels, compared in this order. Used for costs and for bounds."""

    safety: int
    programme: int
    quality: int


class RepairCost(NamedTuple):
    """The five levels of a repair, compared in this order. Used for costs and for bounds."""

    safety: int
    programme: int
    people: int
    changes: int
    quality: int


@dataclass(frozen=True)
class Result:
    """How good a roster is, and how good any roster could be.

    `bound` of a level is at most the least cost of that level over all rosters that are no worse than this
    one at every better level. `proofs` says for each level how its bound was found; `failures` what went wrong in
    processes beside the search, which costs bounds or further steps and never the roster.
    """

    status: str
    cost: Cost
    bound: Cost
    seconds: float
    seed: int
    workers: int
    proofs: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class RepairResult:
    """The same of a repaired roster, with the pins that could not hold any more."""

    status: str
    cost: RepairCost
    bound: RepairCost
    seconds: float
    seed: int
    workers: int
    proofs: Mapping[str, str] = field(default_factory=dict)
    dropped: Pins = field(default_factory=Pins)


@dataclass(frozen=True)
class Progress:
    """One line of news from a running solver. `phase` is a code, not a sentence."""

    seconds: float
    phase: str
    cost: Cost | RepairCost | None
    bound: Cost | RepairCost | None


@dataclass(frozen=True)
class Solved:
    """A roster and what is known of it."""

    roster: Roster
    result: Result


@dataclass(frozen=True)
class Repaired:
    """A repaired roster and what is known of it."""

    roster: Roster
    result: RepairResult


@dataclass(frozen=True)
class Violation:
    """A breach of a hard rule: which rule, by what entries, and the figures that show it."""

    rule: str
    subject: tuple[Duty | Lesson, ...]
    facts: Mapping[str, object] = field(default_factory=dict)


class Malformed(ValueError):
    """Input that cannot be read. `place` is a path such as `volunteers[17].available[3]`."""

    def __init__(self, place: str, code: str, **facts: object) -> None:
        super().__init__(f"{place}: {code} {facts}")
        self.place, self.code, self.facts = place, code, facts


class PinError(ValueError):
    """Pins that break rules they do not waive, all of them at once."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__(f"{len(violations)} pins break a rule")
        self.violations = violations
