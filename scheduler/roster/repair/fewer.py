"""Fewer people: for caps on safety and programme, one size of set after the other found or proven not enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scheduler.roster.problem import Roster
from scheduler.roster.repair.few import Caps, Few
from scheduler.roster.repair.part import Part, Stop
from scheduler.roster.repair.prices import Bounds
from scheduler.roster.repair.scene import UPPER, Scene
from scheduler.roster.repair.sets import Sets
from scheduler.roster.repair.table import Table

TOGETHER = 0.25  # seconds for several in one model; after that each is tried alone
ALONE = 2.0
QUIET = ("safety", "programme", "people", "changes")


class Fewer:
    """The search from few people upwards in one scene; what it learns of prices serves all caps."""

    def __init__(self, scene: Scene, stop: Stop, seed: int, few: Few | None = None) -> None:
        self.scene, self.stop, self.seed, self._few = scene, stop, seed, few
        self.sure = len(scene.damage.forced - scene.damage.exempt)
        self._bounds: Bounds | None = None

    @property
    def bounds(self) -> Bounds:
        """Made when it is first needed."""
        if self._bounds is None:
            self._bounds = Bounds(self.scene)
        return self._bounds

    @property
    def few(self) -> Few:
        """Likewise."""
        if self._few is None:
            self._few = Few(self.scene, Table(self.scene))
        return self._few

    def enough(self, caps: Caps, size: int, is_over: Callable[[], bool]) -> Roster | bool | None:
        """A roster that keeps caps with `size` people beside those who must change; False if there is none.

        None where time ran out first.
        """
        self._found: Roster | None = None
        pairs = self.few.pairs(caps) if size == 2 else None
        attempt = lambda taken, people: self._try(taken, people, caps, size, is_over)  # noqa: E731
        found = Sets(self.bounds, caps, size, attempt, is_over, pairs).any_enough()
        return self._found if found else found

    def _try(
        self, taken: tuple[str, ...], people: list[str], caps: Caps, most: int, is_over: Callable[[], bool]
    ) -> bool | None:
        """Whether those taken, who all must change, and some of these people are enough."""
        found = self._solve(taken, people, caps, most, TOGETHER if len(people) > 1 else ALONE)
        if found is None and len(people) > 1 and most == len(taken) + 1:
            for v in people:
                found = None if is_over() else self._solve(taken, [v], caps, most, ALONE)
                if found is not False:
                    break
        return found

    def _solve(self, taken: tuple[str, ...], people: list[str], caps: Caps, most: int, seconds: float) -> bool | None:
        part = Part(self.scene, {*taken, *people, *self.scene.damage.forced}, QUIET)
        for level, cap in zip(UPPER, caps, strict=True):
            part.cap(level, cap)
        part.cap("people", self.sure + most)
        for v in taken:
            part.require(v)
        found: Any = part.find(seconds, self.stop, seed=self.seed)
        if found is None or found.roster is None:
            return None if found is None else False
        self._found = found.roster
        return True
