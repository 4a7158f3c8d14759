"""The task that solves a draft: tells costs and bounds, keeps the best so far, and stores a checked roster, once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from registry import clock
from registry.db import Sessions
from registry.engine.rosters import OnProgress, Peek, cost_elsewhere, solve_problem, verify
from registry.making.weeks import EMPTY
from registry.rostering.drafts import draft
from registry.rostering.tables import DraftStatus, RosterDraft
from registry.tasks.work import Json, Kind, Lease

LEAST_SECONDS = 2.0
"""What is left at least to whoever takes a solve over: to read the problem, go on, and check."""
MOST_POINTS = 40
"""So many points of its history a progress holds; it is sent to the page every second."""


class History:
    """The costs and bounds of a solve over time, thinned: the newest is always there."""

    def __init__(self, points: list[Json]) -> None:
        self.points = points

    def add(self, point: Json) -> None:
        """One more; where nothing but the time differs it replaces the last."""
        if self.points and _figures(self.points[-1]) == _figures(point):
            self.points[-1] = {**point, "seconds": self.points[-1]["seconds"]}
            return
        self.points.append(point)
        if len(self.points) > MOST_POINTS:
            del self.points[1:MOST_POINTS:2]


@dataclass(frozen=True, slots=True)
class Part:
    """The sites that are made, where it is not the whole district: what all others cost and keep costing is no part of
    their figures. `elsewhere` is that, by level."""

    elsewhere: Json | None = None

    @classmethod
    def of(cls, begun: RosterDraft) -> Part:
        """The part that a draft makes."""
        if begun.scope_json is None:
            return cls()
        return cls(cost_elsewhere(begun.problem_json, begun.start_json or EMPTY, begun.scope_json))

    def only(self, figures: Json) -> Json:
        """A result, or a point of a history, of the part alone. `elsewhere` says what was taken off."""
        if self.elsewhere is None:
            return figures
        less = {
            what: {level: max(0, n - self.elsewhere[level]) for level, n in figures[what].items()}
            for what in ("cost", "bound")
        }  # fmt: skip
        return {**figures, **less, "elsewhere": self.elsewhere}


def run(sessions: Sessions, lease: Lease) -> None:
    """Solve the draft of a task, from what an earlier holder kept.

    Raises:
        LeaseLost; SolveFailed: as `solve_problem` and `verify`.
    """
    number, kept = int(lease.held.payload["draft"]), lease.held.checkpoint or {}
    with sessions() as session:
        begun = draft(session, number)
        begun.status, begun.started_at = DraftStatus.SOLVING, begun.started_at or clock.now()
        session.add(begun)
    part = Part.of(begun)
    spent, began = float(kept.get("spent", 0.0)), time.monotonic()

    def keep(peek: Peek) -> None:
        lease.keep_by(lambda: {"roster": peek(), "spent": spent + time.monotonic() - began})

    roster = solve_problem(
        begun.problem_json, seconds=max(LEAST_SECONDS, begun.seconds - spent), workers=begun.workers, seed=begun.seed,
        sites=begun.scope_json, start=kept.get("roster") or begun.start_json,
        on_progress=_teller(lease, begun, spent, part), on_open=keep, stop=lease.stop,
    )  # fmt: skip
    verify(begun.problem_json, roster)
    with sessions() as session:
        lease.end(session)
        done = draft(session, number)
        done.roster_json, done.result_json = roster, part.only(roster["result"])
        done.status, done.finished_at = DraftStatus.DONE, clock.now()
        session.add(done)


def give_up(session: Session, payload: Json, failure: Json) -> None:
    """The draft failed with its task."""
    failed = draft(session, int(payload["draft"]))
    failed.failure_json, failed.status, failed.finished_at = failure, DraftStatus.FAILED, clock.now()
    session.add(failed)


def _teller(lease: Lease, begun: RosterDraft, spent: float, part: Part) -> OnProgress:
    history = History(list((lease.held.progress or {}).get("history", [])))

    def tell(news: Any) -> None:
        if news.cost is None or news.bound is None:
            return
        point = part.only({
            "seconds": round(spent + news.seconds, 1), "cost": news.cost._asdict(), "bound": news.bound._asdict(),
        })  # fmt: skip
        history.add(point)
        lease.tell({**point, "phase": news.phase, "of": begun.seconds, "history": list(history.points)})

    return tell


def _figures(point: Json) -> tuple[Json, Json]:
    return point["cost"], point["bound"]


KIND = Kind(run, give_up)
