"""The task that runs a queued draw."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from registry import clock
from registry.db import Sessions
from registry.enrolment.draws import FAILED, QUEUED, SOLVING, draw_by_id, run_draw
from registry.tasks.work import Kind, Lease

SECONDS, WORKERS = 60.0, 2
"""What a draw may take; a simple one is done sooner."""


def run(sessions: Sessions, lease: Lease) -> None:
    """Run the draw of a task, from its beginning even where another had begun: it is solved from its frozen list, so
    that doing it again changes nothing.

    Raises:
        LeaseLost; whatever `draw` raises.
    """
    draw_id = int(lease.held.payload["draw"])
    with sessions() as session:
        found = draw_by_id(session, draw_id)
        if found.status not in (QUEUED, SOLVING):  # somebody ran it from the command line
            lease.end(session)
            return
        found.status = QUEUED
        session.add(found)
    run_draw(sessions, draw_id, seconds=SECONDS, workers=WORKERS, stop=lease.stop, on_end=lease.end)


def give_up(session: Session, payload: dict[str, Any], failure: dict[str, Any]) -> None:
    """The draw failed with its task."""
    failed = draw_by_id(session, int(payload["draw"]))
    failed.failure_json, failed.status, failed.finished_at = failure, FAILED, clock.now()
    session.add(failed)


KIND = Kind(run, give_up)
