"""The rules made wrong on purpose: each half of each rule too loose and too tight, everywhere and in one part alone.

The list is made from the rulebook, so that no rule can lack one. “In part” is what is hard to notice: only one
volunteer's entries are judged wrongly, every other constraint is lost, only one charge is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import pytest
import test_twins
from chance import Case, case
from test_twins import SEEDS, disagreements, price_differences
from twins import entries

from scheduler import Duty, Problem, Roster, Violation
from scheduler.roster.model import Model
from scheduler.roster.rules import HARD, SOFT

SOME = "v0"
"""The volunteer whom a mutant in part is about: every week has one."""


@dataclass(frozen=True)
class Mutant:
    """A half of a rule, and what is done to it."""

    rule: ModuleType
    half: str
    way: str
    """`loose` or `tight`; of a soft rule `cheap` or `dear`."""
    extent: str
    """`whole` or `part`."""
    change: Callable[[Any], Any]

    @property
    def side(self) -> str:
        """`solver` or `check`."""
        return "check" if self.half in ("violations", "cost") else "solver"

    @property
    def name(self) -> str:
        """As tests call it."""
        return "-".join((self.rule.NAME, self.half, self.way, self.extent))

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        """Make the rule wrong until the patch is undone. What is remembered of a changed checker is asked anew."""
        patch.setattr(self.rule, self.half, self.change(getattr(self.rule, self.half)))
        patch.setattr(test_twins, "case", _afresh)
        if self.half == "violations":  # The rule's name stands in what it finds.
            found, name = self.rule.violations, self.rule.NAME
            patch.setattr(self.rule, self.half, lambda p, r: (Violation(name, v.subject, v.facts) for v in found(p, r)))

    def first_noticed(self) -> int | None:
        """The first case in which the twin test of the rule alone sees that its halves differ; None for never."""
        with pytest.MonkeyPatch.context() as patch:
            self.apply(patch)
            return next((seed for seed in SEEDS if self._is_seen(range(seed, seed + 1))), None)

    def _is_seen(self, seeds: range) -> bool:
        if self.rule in HARD:
            return bool(disagreements(self.rule, seeds))
        return bool(price_differences((self.rule,), seeds))


def _afresh(seed: int) -> Case:
    old = case(seed)
    return Case(old.seed, old.week, old.rosters)


def _who(entry: Any) -> str:
    return str(entry.volunteer if isinstance(entry, Duty) else entry.instructor)


def loose(half: Any) -> Any:
    """Nothing is refused."""
    return lambda *_: True


def loose_for_some(half: Any) -> Any:
    """One volunteer is refused nothing."""
    return lambda week, entry: _who(entry) == SOME or half(week, entry)


def tight(half: Any) -> Any:
    """Everything is refused."""
    return lambda *_: False


def tight_for_some(half: Any) -> Any:
    """One volunteer is refused everything."""
    return lambda week, entry: _who(entry) != SOME and half(week, entry)


def silent(half: Any) -> Any:
    """Nothing is added to the model."""
    return lambda _: None


def forgetful(half: Any) -> Any:
    """Every other constraint is lost, in the order of their texts: some rules go through sets."""

    def add_to(model: Model) -> None:
        before = len(model.cp.proto.constraints)
        half(model)
        copy, several = model.cp.clone(), model.cp.proto.constraints
        there = copy.proto.constraints
        several.clear()
        added = sorted(range(before, len(there)), key=lambda i: str(there[i]))
        for i in (*range(before), *added[1::2]):
            several.add().copy_from(there[i])

    return add_to


def greedy(half: Any) -> Any:
    """As it is, and at most one entry altogether."""

    def add_to(model: Model) -> None:
        half(model)
        model.at_most_one([*model.duty.values(), *model.lesson.values()])

    return add_to


def greedy_for_some(half: Any) -> Any:
    """As it is, and at most one entry of one volunteer."""

    def add_to(model: Model) -> None:
        half(model)
        mine = [x for key, x in model.duty.items() if key[0] == SOME]
        model.at_most_one([*mine, *(x for key, x in model.lesson.items() if key[3] == SOME)])

    return add_to


def blind(half: Any) -> Any:
    """Nothing is found."""
    return lambda *_: iter(())


def blind_for_some(half: Any) -> Any:
    """Nothing is found where one volunteer is part of it."""
    return lambda week, roster: (v for v in half(week, roster) if SOME not in map(_who, v.subject))


def harsh(half: Any) -> Any:
    """Every entry is found wrong."""

    def violations(week: Problem, roster: Roster) -> Iterator[Violation]:
        yield from half(week, roster)
        for entry in entries(roster):
            yield Violation("", (entry,))

    return violations


def harsh_for_some(half: Any) -> Any:
    """Every entry of one volunteer is found wrong."""

    def violations(week: Problem, roster: Roster) -> Iterator[Violation]:
        yield from half(week, roster)
        for entry in entries(roster):
            if _who(entry) == SOME:
                yield Violation("", (entry,))

    return violations


def twice(half: Any) -> Any:
    """Everything is charged twice."""
    return lambda model: (half(model), half(model))


def _with_last(rule_level: str, half: Any, *, times: int) -> Any:
    """The last charge is left out, or made several times."""

    def add_to(model: Model) -> None:
        terms = model.terms[rule_level]
        before = len(terms)
        half(model)
        if len(terms) > before:
            terms[-1:] = terms[-1:] * times

    return add_to


def free(half: Any) -> Any:
    """Nothing costs anything."""
    return lambda *_: 0


def one_cheaper(half: Any) -> Any:
    """One point of the whole cost is forgotten."""
    return lambda week, roster: max(0, half(week, roster) - 1)


def dearer(half: Any) -> Any:
    """Everybody costs one more."""
    return lambda week, roster: half(week, roster) + len(roster.people)


def dearer_for_some(half: Any) -> Any:
    """One volunteer costs one more."""
    return lambda week, roster: half(week, roster) + (SOME in roster.people)


_PERMITS = (
    ("loose", "whole", loose),
    ("loose", "part", loose_for_some),
    ("tight", "whole", tight),
    ("tight", "part", tight_for_some),
)
OF_HARD = {
    "permits_duty": _PERMITS,
    "permits_lesson": _PERMITS,
    "add_to": (
        ("loose", "whole", silent),
        ("loose", "part", forgetful),
        ("tight", "whole", greedy),
        ("tight", "part", greedy_for_some),
    ),
    "violations": (
        ("loose", "whole", blind),
        ("loose", "part", blind_for_some),
        ("tight", "whole", harsh),
        ("tight", "part", harsh_for_some),
    ),
}


def hard_mutants() -> Iterator[Mutant]:
    """Of each hard rule, each half that it has."""
    for rule in HARD:
        for half, ways in OF_HARD.items():
            for way, extent, change in ways if hasattr(rule, half) else ():
                yield Mutant(rule, half, way, extent, change)


def soft_mutants() -> Iterator[Mutant]:
    """Of each soft rule, the solver's charge and the checker's cost."""
    for rule in SOFT:
        level = rule.LEVEL
        yield Mutant(rule, "add_to", "cheap", "whole", silent)
        yield Mutant(rule, "add_to", "cheap", "part", partial(_with_last, level, times=0))
        yield Mutant(rule, "add_to", "dear", "whole", twice)
        yield Mutant(rule, "add_to", "dear", "part", partial(_with_last, level, times=2))
        yield Mutant(rule, "cost", "cheap", "whole", free)
        yield Mutant(rule, "cost", "cheap", "part", one_cheaper)
        yield Mutant(rule, "cost", "dear", "whole", dearer)
        yield Mutant(rule, "cost", "dear", "part", dearer_for_some)
