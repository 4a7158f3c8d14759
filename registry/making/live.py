"""How far a solve is, as plain rows: the three levels with cost and bound, and how both came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from registry import clock
from registry.making.weeks import Attempt
from registry.tasks.tables import TaskStatus

TOO_LONG = 30
LEVELS = ("safety", "programme", "quality")


@dataclass(frozen=True, slots=True)
class LevelNow:
    """A level: what the best roster so far costs, what is proven that none can undercut, and each of the two at the
    seconds at which either changed."""

    name: str
    cost: int
    bound: int
    costs: tuple[tuple[float, int], ...]
    bounds: tuple[tuple[float, int], ...]

    @property
    def is_proven(self) -> bool:
        """Whether no roster can be better at this level."""
        return self.cost == self.bound


@dataclass(frozen=True, slots=True)
class Live:
    """A solve on its way, or ended: `state` is queued, solving, stopping, done or failed. `is_stuck`: it is the next,
    and nobody has begun it for `TOO_LONG` seconds; perhaps nothing runs that would. `elsewhere`: the levels are those
    of some sites, and this is what the others cost besides, which stays."""

    state: str
    seconds: float
    of: float
    phase: str
    levels: tuple[LevelNow, ...]
    is_taken_over: bool
    is_stuck: bool
    elsewhere: dict[str, int] | None = None

    @property
    def left(self) -> int:
        """Seconds that the solver still has."""
        return max(0, round(self.of - self.seconds))


def live(attempt: Attempt) -> Live:
    """How far a solve is. There are no levels before its first roster."""
    told: dict[str, Any] = (attempt.task.progress_json if attempt.task is not None else None) or {}
    final = attempt.draft.result_json
    points = list(told.get("history", []))
    if final is not None:
        told = {**told, "elsewhere": final.get("elsewhere")}
        points.append({"seconds": final["seconds"], "cost": final["cost"], "bound": final["bound"]})
    elif told:
        points.append({name: told[name] for name in ("seconds", "cost", "bound")})
    seconds = max((float(p["seconds"]) for p in points), default=0.0)
    is_again = attempt.task is not None and attempt.task.attempts > 1
    return Live(
        attempt.state, seconds, attempt.draft.seconds, str(told.get("phase", "")), _levels(points), is_again,
        _is_stuck(attempt), told.get("elsewhere"),
    )  # fmt: skip


def _is_stuck(attempt: Attempt) -> bool:
    task = attempt.task
    is_next = task is not None and task.status == TaskStatus.QUEUED and not attempt.ahead
    return is_next and task is not None and clock.now() - task.queued_at > timedelta(seconds=TOO_LONG)


def _levels(points: list[dict[str, Any]]) -> tuple[LevelNow, ...]:
    if not points:
        return ()
    last = points[-1]
    return tuple(
        LevelNow(
            name, last["cost"][name], last["bound"][name],
            tuple((float(p["seconds"]), p["cost"][name]) for p in points),
            tuple((float(p["seconds"]), p["bound"][name]) for p in points),
        )
        for name in LEVELS
    )  # fmt: skip
