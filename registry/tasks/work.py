"""Doing a task: a lease that renews itself beside the work, tells its progress, and hears that it is to stop."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from registry.db import Sessions
from registry.errors import SolveFailed
from registry.tasks import leases
from registry.tasks.leases import Held, LeaseLost

RENEWS_EVERY = 1.0
"""Seconds between two renewals: so old is the progress that others see, and so long a stop takes to be heard."""
KEEPS_EVERY = 10.0
"""Seconds of work that may have to be done again."""

Json = dict[str, Any]


class Lease:
    """A task in hand. While the block runs, a thread renews the lease; `stop` is set when the best so far is wanted or
    the task is somebody else's now."""

    def __init__(self, sessions: Sessions, held: Held, holder: str) -> None:
        self.sessions, self.held, self.holder = sessions, held, holder
        self.stop, self.is_lost = threading.Event(), False
        self._progress: Json | None = None
        self._checkpoint: Callable[[], Json] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, progress: Json) -> None:
        """How far it is: stored with the next renewal."""
        self._progress = progress

    def keep_by(self, checkpoint: Callable[[], Json]) -> None:
        """Ask for what to go on from, now and then, from another thread."""
        self._checkpoint = checkpoint

    def end(self, session: Session, failure: Json | None = None) -> None:
        """End the task, in the unit of work that stores what came of it.

        Raises:
            LeaseLost: it is somebody else's by now; then nothing is to be stored.
        """
        told = {} if self._progress is None else {"progress": plain(self._progress)}
        leases.end(session, self.held.task_id, self.holder, None if failure is None else plain(failure), **told)

    def _renew(self) -> None:
        kept = time.monotonic()
        while not self._over.wait(RENEWS_EVERY):
            try:
                told, self._progress = self._progress, None
                if leases.renew(self.sessions, self.held.task_id, self.holder, None if told is None else plain(told)):
                    self.stop.set()
                if self._checkpoint is not None and time.monotonic() - kept >= KEEPS_EVERY:
                    leases.keep(self.sessions, self.held.task_id, self.holder, plain(self._checkpoint()))
                    kept = time.monotonic()
            except LeaseLost:
                self.is_lost = not self._over.is_set()  # the work has ended it meanwhile
                self.stop.set()
                return
            except DBAPIError:
                continue  # a busy database, or one that is being restarted: the lease bears several seconds


@dataclass(frozen=True)
class Kind:
    """A kind of task. `run` does it and ends it by `Lease.end`; `give_up` records in the kind's own rows that it
    failed, with the payload and the failure, in the unit of work that ends the task."""

    run: Callable[[Sessions, Lease], None]
    give_up: Callable[[Session, Json, Json], None]


def perform(sessions: Sessions, kinds: Mapping[str, Kind], task_id: int, holder: str) -> bool:
    """Do a task, if it is free; whether it was. What nobody expects is recorded, and raised again."""
    held = leases.take(sessions, task_id, holder)
    if held is None:
        return False
    kind = kinds[held.kind]
    with Lease(sessions, held, holder) as lease:
        if held.attempts > leases.MOST_ATTEMPTS:
            _fail(lease, kind, {"code": "task_kills", "facts": {"n": held.attempts - 1}})
            return True
        try:
            kind.run(sessions, lease)
        except LeaseLost:
            return True
        except SolveFailed as failure:
            _fail(lease, kind, {"code": failure.code, "facts": dict(failure.facts)})
        except Exception as error:
            _fail(lease, kind, {"code": "crashed", "facts": {"error": type(error).__name__, "text": str(error)[:500]}})
            raise
    return True


def plain(value: Json) -> Json:
    """The value as JSON has it."""
    made: Json = json.loads(json.dumps(value, default=str, ensure_ascii=False))
    return made


def _fail(lease: Lease, kind: Kind, failure: Json) -> None:
    try:
        with lease.sessions() as session:
            lease.end(session, failure)
            kind.give_up(session, lease.held.payload, plain(failure))
    except LeaseLost:
        pass
