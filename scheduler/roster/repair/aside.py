"""The process that proves beside a repair how few people are enough, and its near side.

It is told the problem first and then, whenever a better roster is found, the safety and programme that a repair must
not exceed. It answers with ("people", least, caps) for what is proven, ("safety", least) for what nobody can cover
whoever changes, and ("roster", roster) for what it finds.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from scheduler.roster.problem import Problem, Roster
from scheduler.roster.repair.few import Caps

FIRST = 1  # people
PRICES_SECONDS = 1.0  # most time for prices on safety once the uniform ones are known
Claimed = Callable[[str, int, Caps | None], None]


class Aside:
    """The near side: starts the process, tells it caps, hears what it proves and finds."""

    def __init__(self, problem: Problem, seed: int, claim: Claimed, offer: Callable[[Roster], None]) -> None:
        self.claim, self.offer = claim, offer
        self.settled: Caps | None = None  # the caps for which it has found all that it could
        path = os.pathsep.join(p or os.curdir for p in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scheduler.roster.repair.aside"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._listener = threading.Thread(target=self._listen, name="aside", daemon=True)
        self._listener.start()
        self._send((problem, seed))

    def tell(self, caps: Caps) -> None:
        """From now on these caps."""
        self._send(caps)

    def _send(self, what: object) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError, ValueError):  # It has failed: the repair goes on without it.
            pickle.dump(what, self._process.stdin)
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout
        with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
            while True:
                kind, *what = pickle.load(self._process.stdout)
                if kind in ("people", "safety"):
                    self.claim(kind, what[0], what[1] if what[1:] else None)
                elif kind == "roster":
                    self.offer(*what)
                else:
                    self.settled = what[0]

    def is_at_work(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def halt(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._listener.join()  # It reads to the end of the pipe, which must not be closed under its hands.
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # What was not flushed has no reader any more.
                    pipe.close()


class _Far:
    """The far side."""

    def __init__(self, heard: BinaryIO, out: BinaryIO) -> None:
        self.heard, self.out = heard, out
        problem, self.seed = pickle.load(heard)
        self.caps: Caps | None = None
        self.news = threading.Event()
        threading.Thread(target=self._hear, daemon=True).start()
        self._prepare(problem)

    def _prepare(self, problem: Problem) -> None:
        from scheduler.roster.repair.damage import assess
        from scheduler.roster.repair.fewer import Fewer
        from scheduler.roster.repair.part import Stop
        from scheduler.roster.repair.scene import Scene

        self.scene = Scene(assess(problem))
        self.fewer = Fewer(self.scene, Stop(threading.Event()), self.seed)
        self.fewer.bounds  # noqa: B018
        self.is_priced = problem.frozen_before is not None  # Prices know nothing of entries that are frozen.

    def _hear(self) -> None:
        try:
            while True:
                self.caps = pickle.load(self.heard)
                self.news.set()
        except EOFError:
            os._exit(0)

    def _say(self, *what: Any) -> None:
        pickle.dump(what, self.out)
        self.out.flush()

    def work(self) -> None:
        """Size after size for the caps told last, until the near side ends it.

        That a size is not enough says nothing of smaller ones, but each was tried before.
        """
        while True:
            self.news.wait()
            self.news.clear()
            caps, size = self.caps, FIRST
            assert caps is not None
            if caps[0] > self.scene.floor["safety"] and not self.is_priced:
                self._price(caps[0])
            while not self.news.is_set() and size <= len(self.fewer.scene.problem.volunteers):
                found = self.fewer.enough(caps, size, self.news.is_set)
                if found is not False:
                    if isinstance(found, Roster):
                        self._say("roster", found)
                    break
                size += 1
                self._say("people", self.fewer.sure + size, caps)
            if not self.news.is_set():
                self._say("settled", caps)

    def _price(self, reached: int) -> None:
        """What is missing in any repair, by prices on the week as it is now."""
        from scheduler.roster.worth.levels import Levels

        self.is_priced = True
        levels = Levels(self.scene.choices)
        levels.prove_safety(reached, PRICES_SECONDS, lambda least, _: self._say("safety", least))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # A short life among a million tuples.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    _Far(sys.stdin.buffer, out).work()
