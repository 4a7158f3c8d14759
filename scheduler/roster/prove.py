"""Bounds while the search runs: the near side of the process that proves them."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable

from scheduler.result import Cost
from scheduler.roster.model import LEVELS
from scheduler.roster.problem import Roster
from scheduler.roster.proofs import Job, Proven


class Prover:
    """Listens to a proving process. What it knows is valid at any moment for the cost at that moment."""

    def __init__(self, job: Job, offer: Callable[[Roster], None], on_bound: Callable[[], None]) -> None:
        self.job, self.offer, self.on_bound = job, offer, on_bound
        self._base: Roster | None = None
        self._best: Cost | None = None
        self.proven: list[Proven] = []
        self.failure: str | None = None
        self._done = threading.Event()
        self._has_base, self._is_briefed = threading.Event(), threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        self._lock = threading.Lock()

    def best(self, found: Cost) -> dict[str, Proven]:
        """Of each level the highest bound that holds for rosters no worse than this cost at every better level."""
        out = {level: Proven(level, 0, "trivial", {}) for level in LEVELS}
        for proven in list(self.proven):
            if proven.holds_for(found) and proven.value > out[proven.level].value:
                out[proven.level] = proven
        return out

    def start(self, base: Roster | None = None) -> None:
        """Get ready; with a roster, begin to prove. Returns at once, and may be called once for each."""
        if base is not None:
            self._base = base
            self._has_base.set()
        if self._process is None:
            self._launch()

    def _launch(self) -> None:
        path = os.pathsep.join(p or os.curdir for p in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scheduler.roster.proofs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._listener = threading.Thread(target=self._listen, name="prover", daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        process = self._process
        assert process and process.stdin and process.stdout
        try:
            self._send(self.job)
            while not self._has_base.wait(0.05):
                if process.poll() is not None:
                    return
            self._send(self._base)
            self._is_briefed.set()
            if self._best:
                self._send(self._best)
            while True:
                kind, what = pickle.load(process.stdout)
                if kind == "bound":
                    self.proven.append(Proven(*what))
                    self.on_bound()
                elif kind == "roster":
                    self.offer(what)
                elif kind == "failed":
                    self.failure = what
                else:
                    break
        except (EOFError, OSError, pickle.UnpicklingError):
            pass
        finally:
            self._done.set()

    def _send(self, what: object) -> None:
        process = self._process
        if process and process.stdin:
            with self._lock:
                process.stdin.write(pickled(what))
                process.stdin.flush()

    def tell(self, best: Cost) -> None:
        """A better cost was found: later proofs may rely on it. Before the job was read, the listener passes it on."""
        self._best = best
        try:
            if self._is_briefed.is_set():
                self._send(best)
        except (OSError, ValueError):
            self._done.set()

    def wait(self, stop: threading.Event) -> None:
        """Until everything is proven that can be, or somebody stops it."""
        while not self._done.wait(0.05):
            if stop.is_set():
                return

    def halt(self) -> None:
        """End the process, whatever it is doing."""
        if self._process:
            self._has_base.set()
            self._process.kill()
            self._process.wait()
            if self._listener and self._listener is not threading.current_thread():
                self._listener.join()  # It reads to the end of the pipe, which must not be closed under its hands.
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with contextlib.suppress(OSError):  # What was not flushed has no reader any more.
                        pipe.close()
            self._process = None


def pickled(what: object) -> bytes:
    """A problem or roster for another process.

    Both keep what they have looked up, and the search, which runs meanwhile, may just add to that: then once more.
    """
    while True:
        try:
            return pickle.dumps(what)
        except RuntimeError as error:
            if "changed size during iteration" not in str(error):
                raise
