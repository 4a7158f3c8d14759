"""The search for a good repair: a few people freed at a time beside those who change already, again and again.

Each time the model of all rules says what is best when these may change, and only these; who need not change then does
not. The size of what is freed follows what the solver can settle.
"""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.result import RepairCost
from scheduler.roster.problem import Roster
from scheduler.roster.repair.around import Around
from scheduler.roster.repair.damage import Damage
from scheduler.roster.repair.few import Caps, Few
from scheduler.roster.repair.part import Part, Stop
from scheduler.roster.repair.scene import LEVELS, UPPER, Scene

FIRST, LEAST, MOST = 5, 4, 14  # people freed at a time, at first, and within which limits that moves
CHANGED = 12  # of those who change already, the most that are freed at a time
HELPERS = 5  # tried as the next one to change in the first repair
STEP = 1.5  # seconds for one step
PATIENCE = 8  # steps in vain, one after the other, after which the search ends
QUIET = ("safety", "programme", "people", "changes")


class Growing:
    """What a repair has in hand while people join and leave it."""

    scene: Scene
    damage: Damage
    few: Few
    roster: Roster
    cost: RepairCost
    offers: list[Roster]
    stop: Stop
    seed: int
    sure: int

    def left(self) -> float:
        """Seconds left."""
        raise NotImplementedError

    def _take(self, roster: Roster | None) -> bool:
        raise NotImplementedError

    def _take_offers(self) -> None:
        raise NotImplementedError

    def _changed(self) -> frozenset[str]:
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

    def _begin(self, caps: Caps, around: Around) -> None:
        """The first repair: one person more at a time, the best of a few, while each wins something.

        At first nobody may cost the programme anything; where that leads no further, safety comes first.
        """
        people: set[str] = set(self._changed() - self.damage.exempt)
        now: tuple[int, ...] = self.cost[:2]
        is_kept = True
        while now != caps and self.left() > 0 and not self.offers:
            best = self._best_helper(around, caps, people, now[1] if is_kept else None)
            if best is not None and best[0][:2] < now:
                now = best[0][:2]
                people.add(best[2])
                self._take(best[1])
            elif is_kept and now[0] > caps[0]:
                is_kept = False
            else:
                return

    def _best_helper(
        self, around: Around, caps: Caps, people: set[str], most: int | None
    ) -> tuple[tuple[int, ...], Roster, str] | None:
        """The best of the likeliest to join some people, with what they do together."""
        best: tuple[tuple[int, ...], Roster, str] | None = None
        for v in around.likeliest(self.roster, caps, people | self.damage.forced, HELPERS):
            if self.left() <= 0 or (best is not None and best[0][:2] == caps):
                break
            part = self._part(
                {*people, v}, None, len(people) + 1, moving={*people, v} if len(people) > CHANGED else None
            )
            if most is not None:
                part.cap("programme", most)
            found = part.minimise(UPPER, min(1.0, self.left()), self.stop, seed=self.seed)
            if found is not None and found.roster is not None:
                levels = tuple(found.values[level] for level in QUIET)
                if best is None or levels < best[0]:
                    best = (levels, found.roster, v)
        return best

    def _grow(self, caps: Caps, around: Around, seconds: float, enough: int) -> None:
        """Step by step for so long, until `enough` people or fewer keep the caps, or until several steps in vain."""
        reserve, size, vain = self.left() - seconds, FIRST, 0
        while self.left() > max(0.0, reserve) and vain < PATIENCE:
            self._take_offers()
            if (self.cost.safety, self.cost.programme) == caps and self.cost.people <= enough:
                return
            freed = around.pick(self.roster, caps, set(self._changed() - self.damage.exempt), size)
            if not freed:
                return
            before = self.cost[:4]
            is_settled = self._step(freed, around, max(0.1, min(STEP, self.left() - reserve)))
            size = min(MOST, size + 2) if is_settled else max(LEAST, size - 2)
            around.learn(freed, self.cost[:4] < before, self._changed())
            vain = 0 if self.cost[:4] < before else vain + 1

    def _step(self, freed: list[str], around: Around, seconds: float) -> bool:
        """The best when these may change as well; whether that is settled."""
        changed = sorted(self._changed() - self.damage.exempt)
        fixed = around.some(changed, len(changed) - CHANGED) - self.damage.forced
        scene = self.scene.after(self._holding(fixed)) if fixed else self.scene
        part = Part(scene, {*freed, *changed, *self.damage.forced} - fixed, QUIET)
        part.hint(self.roster)
        found = part.minimise(QUIET, seconds, self.stop, seed=self.seed)
        if found and (fixed or tuple(found.values[level] for level in QUIET) < self.cost[:4]):
            self._take(found.roster)
        return found is not None and found.proven

    def _holding(self, people: set[str]) -> Roster:
        """The entries that are left, but of these people those of the roster in hand: they are not freed."""
        base, now = self.damage.base, self.roster
        return Roster(
            frozenset(d for d in base.duties if d.volunteer not in people)
            | {d for v in people for d in now.duties_of.get(v, ())},
            frozenset(x for x in base.lessons if x.instructor not in people)
            | {x for v in people for x in now.lessons_of.get(v, ())},
        )
