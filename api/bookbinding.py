"""The task that makes many books: several processes, each with a class at a time, and one that watches them.

The binder's fonts and the typesetter's memory are loaded once a process. No session is open while books are laid out.
"""

from __future__ import annotations

import os
import signal
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import Any

from sqlmodel import Session

from api.prints.keepsakes import Binder
from registry.books.batches import Bound, ToBind, begin_batch, end_batch, fail_part, store_part, to_bind
from registry.db import Sessions, database_url, make_engine, sessions
from registry.tasks.work import Json, Kind, Lease

BINDERS = "QINGZAI_BINDERS"
MOST_BINDERS = 16
LOOKS_EVERY = 1.0
"""Seconds between two looks at whether the batch is to stop."""


def binders() -> int:
    """How many processes make books: QINGZAI_BINDERS, else as many as there are processors, at most four."""
    text = os.environ.get(BINDERS, "")
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_BINDERS:
        return int(text)
    return min(4, os.cpu_count() or 1)


def run(opened: Sessions, lease: Lease) -> None:
    """Make the books of a batch, or those that are left of it.

    Raises:
        LeaseLost.
    """
    batch_id = int(lease.held.payload["batch"])
    with opened() as session:
        waiting = begin_batch(session, batch_id)
    total, done = len(waiting), 0
    pool = ProcessPoolExecutor(binders(), mp_context=get_context("spawn"), initializer=_start)
    running: set[Future[int]] = set()
    try:
        while (waiting and not lease.stop.is_set()) or running:
            while waiting and not lease.stop.is_set() and len(running) < binders() * 2:
                running.add(pool.submit(bind_class, batch_id, waiting.pop(0)))
            over, running = wait(running, LOOKS_EVERY, FIRST_COMPLETED)
            done += len(over)
            for one in over:
                one.result()  # what nobody expects ends the batch, and is recorded
            lease.tell({"done": done, "total": total})
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    with opened() as session:
        lease.end(session)
        end_batch(session, batch_id)


def give_up(session: Session, payload: Json, _failure: Json) -> None:
    """A batch that failed is over; what was made stays."""
    end_batch(session, int(payload["batch"]))


KIND = Kind(run, give_up)

_made: dict[str, Any] = {}
"""Of this process: its binder and its way to the database."""


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _made["binder"] = Binder("zh")
    engine = make_engine(database_url())
    _made["reading"], _made["writing"] = sessions(engine), sessions(engine, is_writing=True)


def bind_class(batch_id: int, class_run_id: int) -> int:
    """Make the books of one class run in this process; answers how many. One that cannot be made is told, and the
    other classes go on."""
    binder: Binder = _made["binder"]
    with _made["reading"]() as session:
        wanted, kept = to_bind(session, class_run_id)
        session.expunge_all()
    try:
        bound = [_bound(binder, one) for one in wanted]
    except Exception as error:  # whatever one book holds must not stop ten thousand others
        with _made["writing"]() as session:
            fail_part(session, batch_id, class_run_id, f"{type(error).__name__}: {error}")
        return 0
    finally:
        binder.clear()
    with _made["writing"]() as session:
        return store_part(session, batch_id, class_run_id, bound, kept)


def _bound(binder: Binder, one: ToBind) -> Bound:
    return Bound(one.child_id, one.digest, binder.bind(one.content, one.photos))
