"""The repair of a roster and its stand-bys as the registry sees them: JSON in, JSON out, checked before believed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from registry.engine.rosters import costed, read
from registry.errors import SolveFailed
from scheduler import Malformed, PinError, Progress, measure_repair, read_roster, repair, standbys, write_roster
from scheduler.roster.repair.damage import assess
from scheduler.roster.repair.measure import disturbed

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mended:
    """A repaired roster file, who is disturbed by it, and who lost something that had become impossible."""

    roster: Json
    disturbed: tuple[str, ...]
    hit: tuple[str, ...]


def damaged(before: Json, roster: Json, after: Json, *, seed: int, frozen_before: str | None) -> Json:
    """The problem of a repair: `after` is what is true now; `roster`, which was right for `before`, is mended.

    Raises:
        SolveFailed: `problem_malformed`.
    """
    return {**after, "published": costed(before, roster, seed), "frozen_before": frozen_before}


def mend(
    problem_json: Json, *, seconds: float, workers: int, seed: int, on_progress: Callable[[Json], None] | None = None,
    stop: threading.Event | None = None,
) -> Mended:  # fmt: skip
    """The published roster of a problem mended, with the fewest people disturbed. `stop` ends it with the best so far;
    `on_progress` is told now and then: seconds, phase, cost and bound by level.

    Raises:
        SolveFailed: `problem_malformed`; `pins_broken`; `roster_broken`; `cost_wrong`, where the solver says otherwise.
    """
    problem = read(problem_json)
    try:
        found = repair(
            problem, seconds=seconds, workers=workers, seed=seed, stop=stop,
            on_progress=None if on_progress is None else lambda news: on_progress(_plain(news)),
        )  # fmt: skip
        report, levels = measure_repair(problem, found.roster)
    except Malformed as error:
        raise SolveFailed("problem_malformed", place=error.place, reason=error.code, **error.facts) from error
    except PinError as error:
        raise SolveFailed("pins_broken", rules=sorted({v.rule for v in error.violations})) from error
    if report.violations:
        raise SolveFailed("roster_broken", rules=sorted({v.rule for v in report.violations}))
    if levels != found.result.cost:
        raise SolveFailed("cost_wrong", stated=found.result.cost._asdict(), recomputed=levels._asdict())
    damage = assess(problem)
    people = disturbed(damage, found.roster)
    return Mended(
        write_roster(found.roster, found.result), tuple(sorted(people)), tuple(sorted(damage.gone.people - people))
    )


def _plain(news: Progress) -> Json:
    cost, bound = (None if levels is None else dict(levels._asdict()) for levels in (news.cost, news.bound))
    return {"seconds": round(news.seconds, 1), "phase": news.phase, "cost": cost, "bound": bound}


def ready_days(problem_json: Json, roster_json: Json, *, seconds: float) -> list[Json]:
    """The stand-bys of each weekday, and the absences that nothing covers.

    Raises:
        SolveFailed: `problem_malformed`.
    """
    problem = read(problem_json)
    return [asdict(day) for day in standbys(problem, read_roster(roster_json, problem), seconds=seconds)]


def load() -> None:
    """Mend the smallest week there is, so that all that a repair needs is in this process before somebody waits."""
    before = {"duties": [{"volunteer": "v1", "class": "c1", "segment": "1-am", "role": "lead"}], "lessons": []}
    problem = {**_SMALLEST, "published": costed(_SMALLEST, {"format": "qingzai.roster/1", **before}, 1)}
    here, away = ({**_SOMEBODY, "id": v, "available": available} for v, available in (("v2", ["1-am"]), ("v1", [])))
    mend({**problem, "volunteers": [away, here]}, seconds=1, workers=1, seed=1)


_SOMEBODY: Json = {
    "id": "v1", "roles": ["lead", "assistant"], "courses": [], "available": ["1-am"], "max_segments": 1,
    "preferred_segments": 1, "x_km": 0, "y_km": 0, "reach_km": 1, "preferred_sites": [], "adult": True, "cleared": True,
}  # fmt: skip
_SMALLEST: Json = {
    "format": "qingzai.roster-problem/1", "week": "2026-07-13", "slots": [], "courses": [], "bans": [],
    "segments": [{"id": "1-am", "weekday": 1, "start": "08:30", "end": "12:00"}],
    "sites": [{"id": "s1", "x_km": 0, "y_km": 0, "rooms": []}],
    "classes": [{"id": "c1", "site": "s1", "grades": [1, 1], "children": 1, "segments": ["1-am"], "slots": [],
                 "interest": {}}],
    "volunteers": [_SOMEBODY, {**_SOMEBODY, "id": "v2"}], "pins": {"duties": [], "lessons": []}, "heat_days": [],
    "policy": {"min_adults": 1, "children_per_adult": 10, "max_lessons_per_course": 1, "domain_minimums": {},
               "travel_minutes_fixed": 0, "travel_minutes_per_km": 0,
               "weights": dict.fromkeys(
                   ("interest", "travel", "continuity", "lead", "overload", "wish", "idle"), 1)},
    "published": None,
}  # fmt: skip
