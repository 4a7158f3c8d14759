"""The first repair of a large week: one person more at a time, the best of a few, until nothing is missing."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.result import RepairCost
from scheduler.roster.problem import Roster
from scheduler.roster.repair.damage import Damage
from scheduler.roster.repair.few import Caps, Few
from scheduler.roster.repair.part import Part, Stop
from scheduler.roster.repair.scene import LEVELS, UPPER, Scene

HELPERS = 5  # tried as the next one to change
MORE_HELPERS = 15  # where none of those wins anything
Levels = tuple[int, int, int, int]
QUIET = ("safety", "programme", "people", "changes")


class Growing:
    """What a repair has in hand while people join it one by one."""

    scene: Scene
    damage: Damage
    few: Few
    roster: Roster
    cost: RepairCost
    offers: list[Roster]
    stop: Stop
    seed: int
    sure: int
    joined: frozenset[str] = frozenset()  # who is disturbed by the roster in hand, where the damage is wide

    def left(self) -> float:
        """Seconds left."""
        raise NotImplementedError

    def _take(self, roster: Roster | None) -> bool:
        raise NotImplementedError

    def _part(
        self,
        people: Iterable[str],
        caps: Caps | None,
        most: int,
        *,
        quality: bool = False,
        moving: Iterable[str] | None = None,
    ) -> Part:
        """The model in which no more than `most` people beside those who must change do so, under caps.

        Of those who are exempt, only people who are `moving` may leave what they have.
        """
        may = None if moving is None else {*moving, *self.damage.forced}
        part = Part(self.scene, {*people, *self.damage.forced}, LEVELS if quality else QUIET, moving=may)
        if caps:
            for level, cap in zip(UPPER, caps, strict=True):
                part.cap(level, cap)
        part.cap("people", self.sure + most)
        return part

    def _grow(self, caps: Caps) -> None:
        """One person more at a time, the best of a few, all of them free together, until the caps are kept.

        At first nobody may cost the programme anything; where that leads no further, safety comes first.
        """
        people = set(self.joined)
        roster, now = self.roster, (self.cost.safety, self.cost.programme)
        is_kept, size = True, HELPERS
        while now != caps and self.left() > 0 and not self.offers:
            best = self._best_helper(roster, caps, people, size, now[1] if is_kept else None)
            if best is not None and best[0][:2] < now:
                now, roster = best[0][:2], best[1]
                people.add(best[2])
                size = HELPERS
            elif size == HELPERS and is_kept:
                size = MORE_HELPERS
            elif is_kept and now[0] > caps[0]:
                is_kept, size = False, HELPERS
            else:
                break
        self._take(roster)

    def _best_helper(
        self, roster: Roster, caps: Caps, people: set[str], size: int, most: int | None
    ) -> tuple[Levels, Roster, str] | None:
        """The best of the likeliest to join some people, with what they do together."""
        best: tuple[Levels, Roster, str] | None = None
        helpers = self.few.helpers(roster, caps, people | self.damage.forced, size)
        for v in helpers[HELPERS if size > HELPERS else 0 :]:
            if self.left() <= 0:
                break
            part = self._part({*people, v}, None, len(people) + 1, moving={*people, v} if self.joined else None)
            if most is not None:
                part.cap("programme", most)
            found = part.minimise(UPPER, min(1.0, self.left()), self.stop, seed=self.seed)
            if found is not None and found.roster is not None:
                value = found.values
                levels = value["safety"], value["programme"], value["people"], value["changes"]
                if best is None or levels < best[0]:
                    best = (levels, found.roster, v)
        return best
