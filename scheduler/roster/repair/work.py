"""A repair from a problem: a small week in one model; a large one by few people, fewest first."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Sequence

from scheduler.result import Progress, RepairCost, Repaired, RepairResult
from scheduler.roster.problem import Problem, Roster
from scheduler.roster.repair.around import Around
from scheduler.roster.repair.aside import Aside
from scheduler.roster.repair.claims import Claims
from scheduler.roster.repair.damage import assess
from scheduler.roster.repair.few import Caps, Few
from scheduler.roster.repair.fewer import Fewer
from scheduler.roster.repair.grow import Growing
from scheduler.roster.repair.measure import check_repair, least_changes, repair_cost
from scheduler.roster.repair.part import Outcome, Part, Stop
from scheduler.roster.repair.scene import LEVELS, UPPER, Scene
from scheduler.roster.repair.table import Table
from scheduler.roster.repair.wide import begin, is_wide

SMALL = 6_000  # permitted choices up to which the whole week is one model
LARGE = 200_000  # volunteers times places of duty, from which a second process proves beside the search
GROW_SHARE = 0.5  # of the time, for a good roster before anything is proven
SPELL = 2.0  # seconds of search between two looks at what the other process has proven
POLISH_SHARE = 0.15  # of the time that is left when pairs are tried, for fewer changes

Tell = Callable[[Progress], None]


def repair(
    problem: Problem,
    *,
    seconds: float = 5,
    workers: int = 2,
    seed: int = 1,
    on_progress: Tell | None = None,
    stop: threading.Event | None = None,
) -> Repaired:
    """The published roster mended, with the fewest people disturbed, within `seconds`.

    `stop` ends it early with the best so far. Raises Malformed where the problem has no published roster.
    """
    run = _Repair(problem, seconds, workers, seed, on_progress, stop or threading.Event())
    is_collecting = gc.isenabled()
    gc.disable()  # It would go through a million tuples again and again: nearly half the time of small models.
    try:
        run.work()
    finally:
        if is_collecting:
            gc.enable()
        if run.aside:
            run.aside.halt()
    return run.repaired()


class _Repair(Growing):
    def __init__(
        self, problem: Problem, seconds: float, workers: int, seed: int, on_progress: Tell | None, stop: threading.Event
    ) -> None:
        self.began = time.monotonic()
        self.end, self.workers, self.seed = self.began + seconds, workers, seed
        self.on_progress, self.stop = on_progress, Stop(stop)
        self.damage = assess(problem)
        self.heard: list[tuple[str, int, Caps | None]] = []
        self.offers: list[Roster] = []
        self.aside: Aside | None = None
        if workers > 1 and len(problem.volunteers) * sum(len(c.segments) for c in problem.classes) > LARGE:
            self.aside = Aside(problem, seed, lambda *what: self.heard.append(what), self.offers.append)
        self.scene = Scene(self.damage)
        self.claims = Claims()
        for level in UPPER:
            self.claims.add(level, self.scene.floor[level], "published")
        self.claims.add("changes", len(self.damage.gone.duties) + len(self.damage.gone.lessons), "gone")
        self.roster = self._bare()
        self.cost = repair_cost(self.damage, self.roster)
        self._tell("start")

    def _bare(self) -> Roster:
        """The entries that are left and the pins, less what is broken by them together: a roster at any time."""
        base, pins = self.damage.base, self.damage.missing_pins
        roster = Roster(base.duties | pins.duties, base.lessons | pins.lessons)
        firm = {e for e, _ in (*self.damage.problem.pins.duties, *self.damage.problem.pins.lessons)}
        firm |= self.damage.frozen.duties | self.damage.frozen.lessons
        while guilty := {e for v in check_repair(self.damage, roster).violations for e in v.subject} - firm:
            roster = Roster(roster.duties - guilty, roster.lessons - guilty)
        return roster

    def left(self) -> float:
        """Seconds left; none after a stop."""
        return 0.0 if self.stop.is_set() else self.end - time.monotonic()

    def _tell(self, phase: str) -> None:
        if self.on_progress:
            self.on_progress(Progress(time.monotonic() - self.began, phase, self.cost, self.claims.bound(self.cost)))

    def work(self) -> None:
        """Mend what is damaged."""
        if self.scene.is_mended():
            for level in LEVELS:
                self.claims.add(level, getattr(self.cost, level), "nothing to mend")
        elif self.scene.size > SMALL or not self._whole():
            self._local()
        caps = self._reached()
        self._heard(caps)
        self.claims.add("changes", least_changes(self.damage, caps), "counted", **_limits(caps))
        self._tell("end")

    def _take(self, roster: Roster | None) -> bool:
        """Keep a roster if it breaks no rule and costs less than the one in hand."""
        if roster is None or check_repair(self.damage, roster).violations:
            return False
        found = repair_cost(self.damage, roster)
        if found >= self.cost:
            return False
        self.roster, self.cost = roster, found
        self._tell("search")
        return True

    def _whole(self) -> bool:
        """Everybody may change: one model, level by level. False where it proved nothing in time."""
        part = Part(self.scene, [v.id for v in self.scene.problem.volunteers])
        limits: dict[str, int] = {}
        for level in LEVELS:
            found = part.minimise((level,), self.left() * 0.9, self.stop, seed=self.seed, workers=self.workers)
            if found is None:
                break
            self._take(found.roster)
            self.claims.add(level, found.values[level] if found.proven else found.bound, "whole model", **limits)
            if not found.proven:
                break
            limits[level] = found.values[level]
            part.cap(level, found.values[level])
        return bool(limits)

    # A large week. `caps` are what safety and programme must not exceed.

    def _local(self) -> None:
        """A good roster first, for somebody waits; then proofs that fewer people are not enough, and better rosters."""
        if is_wide(self.scene):
            begin(self.scene, self._take, self.left, self.stop, self.seed)
        self.few = Few(self.scene, Table(self.scene))
        self.fewer = Fewer(self.scene, self.stop, self.seed, self.few)
        self.sure = self.fewer.sure
        self.claims.add("people", self.sure, "must change")
        floor = (self.scene.floor["safety"], self.scene.floor["programme"])
        if self._without(floor):
            return
        around = Around(self.few, self.seed)
        end = (1 - GROW_SHARE) * self.left()
        self._begin(floor, around)
        self._grow(floor, around, self.left() - end, self.sure + 2)
        caps = self._reached()
        # What is proven of fewer people for the floor says nothing of a roster that lacks more.
        if caps != floor and self._without(caps):
            return
        if (self.aside is None or self.cost.people <= self.sure + 2) and self._with_one(caps):
            return
        if self.aside:
            self._follow(self.aside, floor, around)
        else:
            self._fewer(self._reached())
        self._polish()

    def _reached(self) -> Caps:
        return self.cost.safety, self.cost.programme

    def _without(self, caps: Caps) -> bool:
        """Whether those who may or must change anyway are enough; if not, that is proven."""
        if self.few.can_none(caps):
            found = self._by_levels(self._part((), caps, 0, quality=True, moving=()), caps)
            if found is None or found.roster is not None:
                return found is not None
        self.claims.add("people", self.sure + 1, "one by one", **_limits(caps))
        return False

    def _by_levels(self, part: Part, caps: Caps) -> Outcome | None:
        """The fewest changes, then the best quality, where nobody changes who need not."""
        first: Outcome | None = None
        limits = {**_limits(caps), "people": self.sure}
        for level in ("changes", "quality"):
            found = part.minimise((level,), self.left() * 0.8, self.stop, seed=self.seed)
            first = first or found
            if found is None or found.roster is None:
                break
            self._take(found.roster)
            if not found.proven:
                break
            self.claims.add(level, found.values[level], "one by one", **limits)
            limits[level] = found.values[level]
            part.cap(level, found.values[level])
        return first

    def _with_one(self, caps: Caps) -> bool:
        """Whether one person more is enough; every one who could be is tried."""
        best: int | None = None
        singles, complete = self.few.singles(caps), True
        for v in singles:
            if self.left() <= 0:
                complete = False
                break
            part = self._part((v,), caps, 1, moving=(v,))
            if best is not None:
                part.cap("changes", best)
            found = part.minimise(("changes",), min(2.0, self.left()), self.stop, seed=self.seed)
            complete = complete and found is not None and found.proven
            if found is not None and found.roster is not None:
                best = found.values["changes"]
                self._take(found.roster)
        if best is None:
            if complete:
                self.claims.add("people", self.sure + 2, "one by one", **_limits(caps))
            return False
        if complete:
            self.claims.add("changes", best, "one by one", **_limits(caps), people=self.sure + 1)
            self._best_of(singles, caps, best)
        return True

    def _best_of(self, singles: Sequence[str], caps: Caps, changes: int) -> None:
        """The best quality among the single people, with the fewest changes."""
        complete = True
        for v in singles:
            part = self._part((v,), caps, 1, quality=True, moving=(v,))
            part.cap("changes", changes)
            part.cap("quality", self.cost.quality)
            found = part.minimise(("quality",), min(2.0, self.left()), self.stop, seed=self.seed)
            complete = complete and found is not None and found.proven
            if found is not None:
                self._take(found.roster)
            if self.left() <= 0:
                return
        if complete:
            limits = {**_limits(caps), "people": self.sure + 1, "changes": changes}
            self.claims.add("quality", self.cost.quality, "one by one", **limits)

    def _polish(self) -> None:
        """Fewer changes by the same people."""
        if self.left() <= 0:
            return
        people = {*self.damage.base.people, *self.roster.people} & self._changed()
        part = self._part(people, (self.cost.safety, self.cost.programme), len(people), quality=True)
        part.cap("people", self.cost.people)
        part.hint(self.roster)
        for level in ("changes", "quality"):
            found = part.minimise((level,), self.left() * 0.3, self.stop, seed=self.seed, workers=self.workers)
            if found is None or found.roster is None:
                return
            self._take(found.roster)
            part.cap(level, found.values[level])

    def _changed(self) -> frozenset[str]:
        old, new = self.damage.base, self.roster
        return Roster(old.duties ^ new.duties, old.lessons ^ new.lessons).people

    def _fewer(self, caps: Caps) -> None:
        """Every two, three ... who could be enough, in this process: found, or proven that there are none."""
        size = self.claims.best("people", self.cost).least - self.sure
        while 2 <= size < self.cost.people - self.sure and self.left() > 0:
            until = time.monotonic() + (1 - POLISH_SHARE) * self.left()
            found = self.fewer.enough(caps, size, lambda: self.left() <= 0 or time.monotonic() > until)  # noqa: B023
            if found is not False:
                self._take(found if isinstance(found, Roster) else None)
                return
            size += 1
            self.claims.add("people", self.sure + size, "prices", **_limits(caps))

    def _follow(self, aside: Aside, floor: Caps, around: Around) -> None:
        """Go on searching while the other process proves, and take what it finds, until both have come to an end."""
        told: Caps | None = None
        reserve = POLISH_SHARE * self.left()
        while self.left() > reserve and aside.is_at_work():
            self._take_offers()
            if told != self._reached():
                told, is_searching = self._reached(), True
                aside.tell(told)
            least = self._heard(told)
            goal = (max(floor[0], self.claims.best("safety", self.cost).least), floor[1])
            if least >= self.cost.people and (told == goal or not is_searching):
                return
            if is_searching:
                before = self.cost
                self._grow(goal, around, min(SPELL, self.left() - reserve), least)
                is_searching = self.cost < before
            elif aside.settled == told and not self.offers:
                return
            else:
                time.sleep(0.01)

    def _take_offers(self) -> None:
        while self.offers:
            self._take(self.offers.pop())

    def _heard(self, caps: Caps) -> int:
        """The fewest people by what the other process has proven."""
        heard, self.heard = self.heard, []
        for level, least, for_caps in heard:
            self.claims.add(level, least, "prices", **(_limits(for_caps) if for_caps else {}))
        return self.claims.best("people", RepairCost(*caps, 0, 0, 0)).least

    def repaired(self) -> Repaired:
        """The roster in hand with its levels and bounds."""
        bound = self.claims.bound(self.cost)
        took = round(time.monotonic() - self.began, 2)
        status = "optimal" if bound == self.cost else "feasible"
        proofs = self.claims.proofs(self.cost)
        result = RepairResult(status, self.cost, bound, took, self.seed, self.workers, proofs, self.damage.dropped)
        return Repaired(self.roster, result)


def _limits(caps: Caps) -> dict[str, int]:
    return dict(zip(UPPER, caps, strict=True))
