"""Several hands on one roster: each change is merged if nothing under it has moved and nothing gets worse.

Two processes use two cores; one process with two threads would wait for itself. The parent keeps the roster, decides
the phase and remembers the best. A change that was made on an older roster is judged by the rulebook before it is
merged, and what is handed out at the end is checked as a whole: a mistake in the arrays can cost time, never a rule.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import numpy as np

from scheduler.result import Cost
from scheduler.roster.check import check, cost
from scheduler.roster.choices import Cell, Choices
from scheduler.roster.grid.facts import Array, Facts
from scheduler.roster.grid.hand import Briefing, Reply
from scheduler.roster.grid.moves import FILL, POLISH, Order, key
from scheduler.roster.grid.state import Change, State
from scheduler.roster.problem import Roster

FILLING = 0.85  # of the time, at most
PATIENCE = 0.12  # of the time without a gain after which filling gives way to polishing
LATE = 0.6  # of the time, after which
RASH = 10  # slots are the most that a step may open for each place it gains
REFILL = 6  # while polishing, one burst in so many fills
CUT_SECONDS = 3.0  # after which hands change places
CUT_CLASSES = 20  # to each hand; a smaller week is not cut, and what does not fit is tried again
LAST_WORD = 0.4  # seconds that hands may take to finish


class Team:
    """The roster in hand, and the processes that improve it. `roster` and `cost` are the best so far."""

    def __init__(
        self,
        choices: Choices,
        roster: Roster,
        cells: tuple[set[Cell], set[Cell]],
        kept: Roster,
        *,
        seed: int,
        workers: int,
        stop: threading.Event,
    ) -> None:
        self.problem, self.stop, self.seed, self.workers = choices.problem, stop, seed, workers
        self.facts = Facts(choices, cells, kept)
        self.state = State(self.facts, roster)
        self.begun = roster
        self.cost = cost(choices.problem, roster)
        self.best = self.state.snapshot()
        self.history: list[Change] = []
        self.bursts, self.merged, self.distrusted = 0, 0, 0
        self.failure: str | None = None
        self._lock = threading.Lock()
        self._gained = 0.0

    @property
    def roster(self) -> Roster:
        """The best roster, checked by the rulebook; the first one if the arrays should have erred."""
        state = State(self.facts, Roster())
        state.duty, state.leads, state.course, state.teacher, state.room = self.best
        roster = state.roster()
        if check(self.problem, roster).violations or cost(self.problem, roster) != self.cost:
            self.distrusted += 1
            self.cost = cost(self.problem, self.begun)
            return self.begun
        return roster

    def peek(self) -> Roster:
        """The best roster so far as the arrays have it, while the search goes on; from any thread."""
        with self._lock:
            best = self.best
        state = State(self.facts, Roster())
        state.duty, state.leads, state.course, state.teacher, state.room = best
        return state.roster()

    def run(self, seconds: float, on_better: Callable[[], None], good_enough: Callable[[Cost], bool]) -> None:
        """Improve until the time is over, somebody stops it, or the cost is good enough."""
        self.began, self.seconds = time.monotonic(), seconds
        self._gained, self.on_better, self.good_enough = self.began, on_better, good_enough
        self._over = threading.Event()
        hands = self.hands = [self._start() for _ in range(self.workers)]
        threads = [threading.Thread(target=self._serve, args=(h, i)) for i, h in enumerate(hands)]
        for thread in threads:
            thread.start()
        while self._left() > 0 and not self.stop.is_set() and not self._over.wait(0.02):
            pass
        if not self.stop.is_set():
            deadline = time.monotonic() + LAST_WORD
            for thread in threads:
                thread.join(max(0.0, deadline - time.monotonic()))
        self._over.set()
        for hand in hands:
            hand.kill()
            hand.wait()
        for thread in threads:
            thread.join()
        for hand in hands:
            for pipe in (hand.stdin, hand.stdout):
                with contextlib.suppress(OSError):
                    assert pipe
                    pipe.close()

    def _left(self) -> float:
        return self.began + self.seconds - time.monotonic()

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(p or os.curdir for p in sys.path)
        return subprocess.Popen(
            [sys.executable, "-m", "scheduler.roster.grid.hand"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )

    def _serve(self, hand: subprocess.Popen[bytes], number: int) -> None:
        """Order, hear, merge, until it is over."""
        assert hand.stdin and hand.stdout
        known, taken, count = 0, False, 0
        try:
            with self._lock:
                known, roster = len(self.history), self.state.roster()
            pickle.dump(Briefing(self.facts, roster, self.seed + 1000 * number), hand.stdin)
            reply = Reply(False, (), self._order(number, 0))
            while not self._over.is_set():
                pickle.dump(reply, hand.stdin)
                hand.stdin.flush()
                change: Change | None = pickle.load(hand.stdout)
                count += 1
                with self._lock:
                    others = tuple(self.history[known:])
                    taken = change is not None and self._merge(change, reply.order.phase, stale=bool(others))
                    known = len(self.history)
                if self._left() <= 0:
                    return
                reply = Reply(taken, others, self._order(number, count))
        except (EOFError, OSError, pickle.UnpicklingError):
            if not self._over.is_set() and not self.stop.is_set():
                self.failure = "a searching process ended by itself"
                self._over.set()

    def _order(self, number: int, count: int) -> Order:
        """While filling gains, fill; then polish, with a look at what is open now and then."""
        now = time.monotonic()
        region, people = self._region(number)
        share = min(1.0, (now - self.began) / max(self.seconds, 1e-9))
        idle = now - max(self._gained, self.began)
        filling = share < FILLING and idle < max(2.0, PATIENCE * self.seconds)
        if filling or (count % REFILL == 0 and self.cost.programme > 0):
            return Order(FILL, 1.0 + 4.0 * (1 - share), self._left(), region, people)
        return Order(POLISH, 0.3 + 2.0 * (1 - share), self._left(), region, people)

    def _region(self, number: int) -> tuple[Array, Array]:
        """The classes and the people of a hand: the district is cut anew every few seconds, another way each time.

        Somebody who may serve on both sides of the cut belongs to the side of one of their classes, drawn anew.
        """
        f = self.facts
        if f.classes < CUT_CLASSES * self.workers:
            return np.ones(f.classes, dtype=bool), np.ones(f.people, dtype=bool)
        epoch = int((time.monotonic() - self.began) / CUT_SECONDS)
        rng = np.random.default_rng((self.seed, epoch))
        side = np.zeros(f.classes, dtype=np.int64)
        for i, part in enumerate(np.array_split(f.nearest[int(rng.integers(f.classes))], self.workers)):
            side[part] = i
        drawn = np.argmax(f.serves * rng.random(f.serves.shape), axis=1)
        return side == number, side[drawn] == number

    def _merge(self, change: Change, phase: str, *, stale: bool) -> bool:
        """Make the change if it still fits and makes nothing worse. Called with the lock held."""
        self.bursts += 1
        x = self.state
        if not x.holds(change.duties_out, change.lessons_out) or not x.has_room_for(change):
            return False
        before, x.log = x.cost, []
        x.apply(change)
        log, x.log = x.log, None
        if (
            key(phase, x.cost) > key(phase, before)
            or self._is_rash(before, x.cost)
            or (stale and not self._is_sound(change))
        ):
            x.undo(log)
            return False
        self.history.append(change)
        self.merged += 1
        if x.cost[:2] < before[:2]:
            self._gained = time.monotonic()
        if x.cost < self.cost:
            self.cost, self.best = x.cost, x.snapshot()
            self.on_better()
            if self.good_enough(self.cost):
                self._over.set()
        return True

    def _is_rash(self, before: Cost, after: Cost) -> bool:
        """Whether, late, a gained place opens more slots than could still be closed: mostly there is a gentler way."""
        late = time.monotonic() - self.began > LATE * self.seconds
        return late and after.programme - before.programme > RASH * (before.safety - after.safety)

    def _is_sound(self, change: Change) -> bool:
        """Whether the rulebook finds nothing among the entries of these volunteers and at these sites."""
        return not check(self.problem, self._around(change)).violations

    def _around(self, change: Change) -> Roster:
        f, x = self.facts, self.state
        people = np.zeros(f.people, dtype=bool)
        sites = np.zeros(f.sites, dtype=bool)
        for v, _, c, _ in (*change.duties_in, *change.duties_out):
            people[v] = sites[f.site[c]] = True
        for c, _, _, v, _ in (*change.lessons_in, *change.lessons_out):
            people[v] = sites[f.site[c]] = True
        here: Array = sites[f.site]
        duties = np.argwhere((x.duty >= 0) & (people[:, None] | here[x.duty]))
        lessons = np.argwhere((x.course >= 0) & (here[:, None] | people[x.teacher]))
        return Roster(
            frozenset(f.duty_entry(v, s, x.duty[v, s], x.leads[v, s]) for v, s in duties),
            frozenset(f.lesson_entry(c, t, x.course[c, t], x.teacher[c, t], x.room[c, t]) for c, t in lessons),
        )
